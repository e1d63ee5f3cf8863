import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { importedPackages, packageNames, packageSources } from './sources.js';

const test = suite('one vendor, one folder');

/** The only folder that may import a library: whoever wants another one behind the same contract changes that folder. */
const homes: Readonly<Record<string, string>> = {
  '@azure/identity': 'packages/crossview/src/config/',
  '@azure/storage-blob': 'packages/synapse/src/storages/',
  '@azure/storage-file-datalake': 'packages/synapse/src/storages/',
  '@duckdb/node-api': 'packages/sql-pool/src/duckdb/',
  '@duckdb/node-bindings': 'packages/sql-pool/src/duckdb/',
  '@jupyterlab/services': 'packages/kernel/src/sub-kernels/',
  azurite: 'packages/crossview/src/services/',
  koffi: 'packages/kernel/src/languages/typescript/process/',
  tedious: 'packages/synapse/src/sql-client/',
  ws: 'packages/kernel/src/sub-kernels/',
  zeromq: 'packages/kernel/src/zeromq/',
};

const sources = packageNames().flatMap(packageSources);

for (const [vendor, home] of Object.entries(homes))
  test(`${vendor} is imported in ${home} only`, () => {
    const users = sources.filter(({ text }) => importedPackages(text).has(vendor)).map(({ path }) => path);
    assert.equal(
      users.filter((path) => !path.startsWith(home)),
      [],
    );
    assert.ok(users.length > 0, `${vendor} is imported nowhere`);
  });

test.run();
