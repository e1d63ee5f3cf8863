import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
  findKernelspecs,
  kernels,
  kernelspec,
  removeKernelspecs,
  userJupyterData,
  writeKernelspecs,
} from '../../../packages/crossview/src/setup/kernelspecs.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('kernelspecs');

test('have the names that Synapse Studio and Fabric save', () => {
  assert.equal(
    kernels.map(({ name, defaultLanguage }) => [name, defaultLanguage]),
    [
      ['synapse_pyspark', 'pyspark'],
      ['synapse_spark', 'scala'],
      ['synapse_sparksql', 'sql'],
    ],
  );
});

test('start this Node with absolute paths and take interrupts as messages', () => {
  const spec = kernelspec(kernels[0]!, { CROSSVIEW_HOME: '/data', OTHER: 'x' }) as Record<string, unknown>;
  const argv = spec.argv as string[];
  assert.is(argv[0], process.execPath);
  assert.ok(existsSync(argv[1]!));
  assert.ok(argv.includes('{connection_file}'));
  assert.is(spec.interrupt_mode, 'message');
  assert.equal(spec.env, { CROSSVIEW_HOME: '/data' });
});

test('are written, found and removed', () => {
  const data = temporaryDirectory('jupyter');
  writeKernelspecs(data);
  const found = findKernelspecs(data);
  assert.equal(found.map(({ name }) => name).sort(), kernels.map(({ name }) => name).sort());
  assert.ok(found.every(({ current }) => current));
  const written = JSON.parse(readFileSync(join(data, 'kernels', 'synapse_spark', 'kernel.json'), 'utf8'));
  assert.is(written.language, 'scala');
  assert.is(removeKernelspecs(data).length, 3);
  assert.equal(findKernelspecs(data), []);
  assert.equal(removeKernelspecs(data), []);
});

test("the user's own directory is where Jupyter looks", () => {
  assert.is(userJupyterData({ JUPYTER_DATA_DIR: '/a' }), '/a');
  if (process.platform === 'linux') assert.is(userJupyterData({ XDG_DATA_HOME: '/x' }), '/x/jupyter');
});

test.run();
