import { libraryMissing, type ViewCode } from '../view-code.js';

/** Kernels of Node (ijavascript, tslab's `jslab`): an Arrow `Table`. */
const javascript: ViewCode = {
  languages: ['javascript'],
  library: 'apache-arrow',
  install: 'Run npm install apache-arrow where the notebook is',
  read: (name, parts) => `var ${name} = (() => {
  const arrow = ${arrow};
  const tables = ${JSON.stringify(parts)}.map((part) => arrow.tableFromIPC(require('node:fs').readFileSync(part)));
  return tables.length === 1 ? tables[0] : new arrow.Table(tables[0].schema, tables.flatMap((table) => table.batches));
})();`,
  write: (name, path) =>
    `(() => require('node:fs').writeFileSync(${JSON.stringify(path)}, ${arrow}.tableToIPC(${name}, 'stream'), { mode: 0o600 }))();`,
};

/** The library, or an error that is told apart from those inside of it. */
const arrow = `(() => { try { require.resolve('apache-arrow'); } catch { throw new Error('${libraryMissing}'); } return require('apache-arrow'); })()`;

export default javascript;
