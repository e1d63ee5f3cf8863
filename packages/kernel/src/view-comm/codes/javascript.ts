import type { ViewCode } from '../view-code.js';

const javascript: ViewCode = {
  languages: ['javascript', 'typescript'],
  library: 'apache-arrow',
  read: (name, parts) => `var ${name} = (() => {
  const arrow = require('apache-arrow');
  const tables = ${JSON.stringify(parts)}.map((part) => arrow.tableFromIPC(require('node:fs').readFileSync(part)));
  return tables.length === 1 ? tables[0] : new arrow.Table(tables.flatMap((table) => table.batches));
})();`,
  write: (name, path) =>
    `require('node:fs').writeFileSync(${JSON.stringify(path)}, require('apache-arrow').tableToIPC(${name}, 'stream'), { mode: 0o600 });`,
};

export default javascript;
