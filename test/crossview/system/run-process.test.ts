import * as assert from 'uvu/assert';
import { runProcess } from '../../../packages/crossview/src/system/run-process.js';
import { suite } from '../../support/suite.js';

const test = suite('running a program');
const node = process.execPath;

test('gives its lines, its exit code and its last words', async () => {
  const lines: string[] = [];
  const result = await runProcess(node, ['-e', "console.log('a'); console.error('b'); process.exit(3)"], {
    onLine: (line, stream) => lines.push(`${stream} ${line}`),
  });
  assert.is(result.code, 3);
  assert.is(result.stdout, 'a');
  assert.equal(lines.sort(), ['stderr b', 'stdout a']);
  assert.match(result.lastWords, /b/);
});

test('ends one that takes too long', async () => {
  const result = await runProcess(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 });
  assert.is(result.code, 137);
  assert.match(result.lastWords, /ended after/);
});

test('rejects for a program that is not there', async () => {
  const code = await runProcess('/nowhere/program', []).catch((error: NodeJS.ErrnoException) => error.code);
  assert.is(code, 'ENOENT');
});

test.run();
