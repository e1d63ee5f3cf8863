import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { door } from '../support/door.js';
import { contents, KernelClient, kinds, textOn } from '../support/kernel-client.js';
import { ipcConnection } from '../support/kernel-session.js';
import { markedProcesses } from '../support/marked-processes.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('the habits of VS Code', undefined, { timeout: 120_000 });
const mark = randomUUID();
const connection = ipcConnection();
const directory = temporaryDirectory('vscode');
const connectionFile = join(directory, 'connection.json');
writeFileSync(connectionFile, JSON.stringify(connection));
let kernel: ChildProcess | undefined;
let client: KernelClient;

/** As VS Code does: a process of the kernelspec's command, then `kernel_info_request` until it is answered. */
async function start(): Promise<void> {
  const argv = [door, 'kernel', '--language', 'pyspark', '--connection-file', connectionFile];
  kernel = spawn(process.execPath, argv, {
    cwd: directory,
    env: { ...process.env, CROSSVIEW_TEST_MARK: mark },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  client = new KernelClient(connection);
  for (;;) {
    const answer = await Promise.race([client.ask('kernel_info_request'), pause(3000)]);
    if (answer) return;
  }
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

const javaRuns = () => markedProcesses('CROSSVIEW_TEST_MARK', mark).some(({ command }) => /\bjava\b/.test(command));
const silently = (code: string, more = {}) =>
  client.execute(code, { silent: true, store_history: false, allow_stdin: true, ...more });

test.before(start, { timeout: 60_000 });
test.after(
  async () => {
    const child = kernel;
    client?.send('control', 'shutdown_request', { restart: false });
    const killer = setTimeout(() => child?.kill('SIGKILL'), 15_000);
    if (child) await ended(child);
    clearTimeout(killer);
    client?.close();
  },
  { timeout: 30_000 },
);

test('silent probes on start are answered, say nothing, and start no Spark', async () => {
  const probes = [
    `import os as _VSCODE_os\nif _VSCODE_os.path.isdir(${JSON.stringify(directory)}): _VSCODE_os.chdir(${JSON.stringify(directory)})`,
    'import sys as _VSCODE_sys\nimport builtins as _VSCODE_builtins\n_VSCODE_builtins.print("")',
    "get_ipython().run_line_magic('config', 'Completer.use_jedi = False')",
    '%matplotlib inline',
    '# cell without code',
    '',
  ];
  const answers = await Promise.all(probes.map((code) => silently(code)));
  for (const [at, answer] of answers.entries()) {
    assert.is(answer.reply.content.status, 'ok', `${probes[at]}: ${JSON.stringify(answer.reply.content)}`);
    assert.is(kinds(answer)[0], 'busy');
    assert.is(kinds(answer).at(-1), 'idle');
    assert.not.ok(kinds(answer).includes('execute_input'));
  }
  await client.ask('comm_info_request', { target_name: 'jupyter.widget' });
  await client.ask('complete_request', { code: 'spark.', cursor_pos: 6 });
  await client.ask('inspect_request', { code: 'print', cursor_pos: 5, detail_level: 0 });
  assert.not.ok(javaRuns(), 'Spark was started by a probe');
});

test('many silent executions while a cell runs are all answered, in order, and the cell is as it was', async () => {
  const cell = client.execute(
    '%%python\nimport time\nfor n in range(4):\n    print(n, flush=True)\n    time.sleep(0.5)\nlast = n',
    { allow_stdin: true },
    { cellId: 'vscode-notebook-cell:/x.ipynb#W0' },
  );
  const order: number[] = [];
  const asked = Array.from({ length: 60 }, async (_, at) => {
    const answer = await silently('', { user_expressions: { value: `${at} + 1` }, stop_on_error: false });
    order.push(at);
    return answer;
  });
  const run = await cell;
  assert.is(run.reply.content.status, 'ok');
  assert.is(textOn(run), '0\n1\n2\n3\n');
  const answers = await Promise.all(asked);
  assert.equal(
    order,
    [...order].sort((a, b) => a - b),
  );
  for (const answer of answers) {
    assert.is(answer.reply.content.status, 'ok');
    assert.equal(kinds(answer), ['busy', 'idle']);
  }
  const next = await client.execute('%%python\nlast');
  assert.equal(contents(next, 'execute_result')[0]?.data, { 'text/plain': '3' });
  assert.is(next.reply.content.execution_count, Number(run.reply.content.execution_count) + 1);
  assert.not.ok(javaRuns());
});

test('a restart in the middle of a cell leaves nothing behind, and the next kernel takes the same sockets', async () => {
  void client.execute('%%python\nimport time\nprint("begun", flush=True)\ntime.sleep(600)', { allow_stdin: true });
  await client.said('begun\n');
  const before = kernel!;
  const old = markedProcesses('CROSSVIEW_TEST_MARK', mark).map(({ pid }) => pid);
  const answer = await Promise.race([
    client.ask('shutdown_request', { restart: true }, 'control', true),
    pause(10_000),
  ]);
  assert.is(answer?.reply.content.restart, true);
  await ended(before);
  client.close();
  await start();
  const left = () => markedProcesses('CROSSVIEW_TEST_MARK', mark).filter(({ pid }) => old.includes(pid));
  for (let waited = 0; left().length > 0 && waited < 15_000; waited += 100) await pause(100);
  assert.equal(left(), []);
  const gone = await client.execute('%%python\nlast');
  assert.is(gone.reply.content.ename, 'NameError');
  assert.is(gone.reply.content.execution_count, 1);
});

test.run();
