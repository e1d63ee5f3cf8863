import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { askPython } from '../../../packages/crossview/src/setup/base-python.js';
import { lockedPackages } from '../../../packages/crossview/src/setup/lock-file.js';
import { checkOwnPython } from '../../../packages/crossview/src/setup/own-python.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { testToolchain } from '../../support/toolchain.js';

const test = suite('which Python', undefined, { timeout: 60_000 });

function program(text: string): string {
  const path = join(temporaryDirectory('python'), 'python3');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function failure(action: Promise<unknown>): Promise<CrossviewError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof CrossviewError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('locks name exact versions', () => {
  const packages = lockedPackages('session');
  assert.equal(packages.get('pyspark'), ['4.1.4']);
  assert.ok([...packages.values()].flat().every((version) => /^\d/.test(version)));
});

test('a Python that has everything passes', async () => {
  assert.ok(Array.isArray(await checkOwnPython(testToolchain().python)));
});

test('what a Python lacks is told with the versions to install', async () => {
  const bare = program(`echo '{"pyspark": "4.1.4", "ipykernel": null, "pyarrow": "1.0"}'`);
  const error = await failure(checkOwnPython(bare));
  assert.is(error.code, 'PYTHON_UNUSABLE');
  assert.match(error.message, /ipykernel/);
  assert.match(error.hint ?? '', /ipykernel==\d/);
  assert.is((await failure(checkOwnPython('/nowhere/python'))).code, 'PYTHON_UNUSABLE');
});

test('a Python to build on is asked for its version and for venv', async () => {
  assert.match(String(await askPython(['/nowhere/python'])), /not found/);
  assert.match(String(await askPython([program('echo /usr/bin/python3; echo 3.9.18')])), /3\.9\.18, and 3\.10/);
  assert.match(String(await askPython([program('echo /usr/bin/python3; echo 3.12.1; exit 1')])), /python3-venv/);
  assert.equal(await askPython([program('echo /a/python3; echo 3.12.1')]), {
    executable: '/a/python3',
    version: '3.12.1',
  });
});

test.run();
