import { libraryMissing, type ViewCode } from '../view-code.js';

/** An `Arrow.Table`, which is a table for DataFrames.jl and all that know Tables.jl. */
const julia: ViewCode = {
  languages: ['julia'],
  library: 'Arrow',
  install: 'Run import Pkg; Pkg.add("Arrow") in Julia',
  read: (name, parts) => `${found} import Arrow; ${name} = Arrow.Table([${parts.map(quoted).join(', ')}]);`,
  write: (name, path) => `${found} import Arrow; Arrow.write(${quoted(path)}, ${name}; file = false);`,
};

/** On a line of its own: Julia looks for what is imported before it runs any of a line. */
const found = `Base.find_package("Arrow") === nothing && error("${libraryMissing}")\n`;

/** A dollar sign begins a value in Julia's texts. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('$', '\\$');
}

export default julia;
