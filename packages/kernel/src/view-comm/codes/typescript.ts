import { libraryMissing, type ViewCode } from '../view-code.js';

/**
 * Kernels of Node (tslab) and of Deno: an Arrow `Table`. What is not in both is asked for so that no compiler
 * looks for it, and tslab takes `await (` for a call.
 */
const typescript: ViewCode = {
  languages: ['typescript'],
  library: 'apache-arrow',
  install: 'Run npm install apache-arrow where the notebook is; Deno fetches npm:apache-arrow by itself',
  read: (name, parts) => `var ${name}: any = await Promise.resolve().then(async () => {
  ${libraries}
  const tables = ${JSON.stringify(parts)}.map((part) => arrow.tableFromIPC(fs.readFileSync(part)));
  return tables.length === 1 ? tables[0] : new arrow.Table(tables[0].schema, tables.flatMap((table: any) => table.batches));
});`,
  write: (name, path) => `await Promise.resolve().then(async () => {
  ${libraries}
  fs.writeFileSync(${JSON.stringify(path)}, arrow.tableToIPC(${name} as any, 'stream'), { mode: 0o600 });
});`,
};

const libraries = `const load = (name: string): Promise<any> => import(name);
  const fs = await load('node:fs');
  const arrow = await load(Reflect.has(globalThis, 'Deno') ? 'npm:apache-arrow' : 'apache-arrow').catch((error: any) => {
    throw /NOT_FOUND/.test(error.code) ? new Error('${libraryMissing}') : error;
  });`;

export default typescript;
