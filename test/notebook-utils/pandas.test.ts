import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import * as assert from 'uvu/assert';
import { pythonFolders } from '../support/kernel-session.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('storage paths in pandas', undefined, { timeout: 90_000 });

test('CSV, Parquet and files of a mapped account are read and written by fsspec', () => {
  const run = spawnSync(
    testToolchain().python,
    [join(root, 'test', 'support', 'python', 'lake_files.py'), temporaryDirectory('pandas')],
    { encoding: 'utf8', env: { ...process.env, PYTHONPATH: pythonFolders.join(delimiter) } },
  );
  assert.is(run.status, 0, run.stderr);
  assert.equal(JSON.parse(run.stdout), {
    csv: 3,
    parquet: 3,
    parts: 3,
    options: 2,
    glob: ['raw@contoso.dfs.core.windows.net/d/a.csv'],
    text: 'hi',
  });
});

test.run();
