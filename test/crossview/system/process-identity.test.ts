import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import { identityOf, isAlive } from '../../../packages/crossview/src/system/process-identity.js';
import { suite } from '../../support/suite.js';

const test = suite('process identity');

test('tells a live process, an ended one, and another one with the same number', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const identity = identityOf(child.pid!);
  assert.ok(isAlive(identity));
  if (process.platform === 'linux') {
    assert.match(identity.startTime, /^\d+$/);
    assert.not.ok(isAlive({ ...identity, startTime: '1' }));
  }
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.not.ok(isAlive(identity));
  assert.ok(isAlive(identityOf(process.pid)));
});

test.run();
