import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { whenParentEnds } from '../../../packages/crossview/src/session/parent-watch.js';
import { suite } from '../../support/suite.js';

const test = suite('parent watch');

test('says once that the parent is gone', async () => {
  const parent = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  let times = 0;
  const stop = whenParentEnds(() => (times += 1), { JPY_PARENT_PID: String(parent.pid) });
  await pause(1200);
  assert.is(times, 0);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await pause(2500);
  assert.is(times, 1);
  stop();
  stop();
});

test('watches nobody without a parent to watch', () => {
  whenParentEnds(() => assert.unreachable('called'), {})();
  whenParentEnds(() => assert.unreachable('called'), { JPY_PARENT_PID: '1' })();
});

test.run();
