import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('jupyter console', undefined, { timeout: 180_000 });
let child: ChildProcess;
let answers: AsyncIterator<string>;

test.before(() => {
  const script = join(root, 'test', 'support', 'python', 'drive_console.py');
  child = spawn(testToolchain().python, [script, 'synapse_pyspark'], {
    cwd: temporaryDirectory('console'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
});
test.after(() => void child?.kill('SIGKILL'));

async function step(asked: { type?: string; key?: string; until?: string; end?: true }) {
  child.stdin!.write(`${JSON.stringify(asked)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error('the console ended');
  const answer = JSON.parse(value as string) as { shown?: string; failed?: string; exit?: number };
  if (answer.failed) throw new Error(`${answer.failed}\nthe terminal showed:\n${answer.shown}`);
  return answer;
}

test('runs cells, asks for input, stops, and ends the kernel', async () => {
  await step({ until: 'In \\[1\\]: ' });
  await step({ type: '6 * 7', until: 'Out\\[1\\]:[\\s\\S]*42[\\s\\S]*In \\[2\\]: ' });
  await step({ type: '1/0', until: 'ZeroDivisionError[\\s\\S]*In \\[3\\]: ' });
  await step({ type: 'name = input("who are you? ")', until: '[\\r\\n]who are you\\? ' });
  await step({ type: 'Ada', until: 'In \\[4\\]: ' });
  await step({ type: 'print("hello", name); import time; time.sleep(600)', until: 'hello Ada' });
  await step({ key: '\u0003', until: 'KeyboardInterrupt[\\s\\S]*In \\[5\\]: ' });
  await step({ type: 'display(spark.range(3), title="three")', until: 'three[\\s\\S]*3 rows[\\s\\S]*In \\[6\\]: ' });
  assert.is((await step({ end: true })).exit, 0);
});

test.run();
