import type { ViewCode } from '../view-code.js';

/** An `Arrow.Table`, which is a table for DataFrames.jl and all that know Tables.jl. */
const julia: ViewCode = {
  languages: ['julia'],
  library: 'Arrow',
  read: (name, parts) => `import Arrow; ${name} = Arrow.Table([${parts.map(quoted).join(', ')}]);`,
  write: (name, path) => `import Arrow; Arrow.write(${quoted(path)}, ${name}; file = false);`,
};

/** A dollar sign begins a value in Julia's texts. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('$', '\\$');
}

export default julia;
