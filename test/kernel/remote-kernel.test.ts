import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type BrokenLine, brokenLine } from '../support/broken-line.js';
import { echo } from '../support/echo-language.js';
import { type JupyterServer, startJupyterServer, startKernelGateway } from '../support/jupyter-server.js';
import { textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';

const token = 'token-of-the-tests';
const killedChild = join(root, 'test', 'support', 'remote-child.mjs');

/** The same of each: one client for both. */
const servers = { 'Jupyter Server': startJupyterServer, 'Jupyter Kernel Gateway': startKernelGateway };

for (const [name, start] of Object.entries(servers)) {
  const test = suite(`%%kernel on a ${name}`, undefined, { timeout: 60_000 });
  let session: KernelSession;
  let server: JupyterServer;
  let line: BrokenLine;
  let givenToken = token;

  test.before(async () => {
    server = await start(token);
    line = await brokenLine(Number(new URL(server.url).port));
    const jupyterServer = () => ({ url: `http://127.0.0.1:${line.port}/`, token: givenToken });
    session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo], context: { jupyterServer } });
  });
  test.after(async () => {
    await session?.close();
    line?.close();
    server?.close();
  });

  const run = (code: string) => session.client.execute(`%%kernel python3 --server work\n${code}`);
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  test('a wrong token is named as such, and not shown', async () => {
    givenToken = 'a-wrong-token';
    const refused = await run('1');
    givenToken = token;
    assert.is(refused.reply.content.ename, 'JUPYTER_SERVER');
    assert.not.match(JSON.stringify(refused.reply.content), 'a-wrong-token');
  });

  test('runs, keeps variables, streams without the forty milliseconds of a delayed acknowledgement', async () => {
    assert.is(textOn(await run('x = 20\nfor i in range(3): print(i, flush=True)')), '0\n1\n2\n');
    const times: number[] = [];
    for (let turn = 0; turn < 15 || (turn < 200 && Math.min(...times) >= 40); turn += 1) {
      const start = performance.now();
      assert.is(textOn(await run(`print(x + ${turn})`)), `${20 + turn}\n`);
      times.push(performance.now() - start);
    }
    // On a loaded machine any one may be late; without the trick none is early.
    assert.ok(Math.min(...times) < 40, times.join());
  });

  test('stop stops there, variables survive', async () => {
    const running = run('import time\nprint("begun", flush=True)\ntime.sleep(30)');
    await session.client.said('begun\n');
    await session.client.ask('interrupt_request', {}, 'control');
    assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
    assert.is(textOn(await run('print(x)')), '20\n');
  });

  test('large outputs arrive whole; what a server would drop without a word is refused by name', async () => {
    const answer = await run('"a" * (12 << 20) + "end"');
    const data = answer.published.find(({ header }) => header.msg_type === 'execute_result')?.content.data;
    const text = (data as Record<string, string>)['text/plain'] ?? '';
    assert.equal([text.length, text.slice(-4)], [(12 << 20) + 5, "end'"]);
    const large = await run(`x = "${'a'.repeat(11 * 1024 * 1024)}"`);
    assert.is(large.reply.content.ename, 'MESSAGE_TOO_LARGE');
    assert.is(textOn(await run('print(x)')), '20\n');
  });

  test('a connection that drops comes back while the cell runs, and the cell says so', async () => {
    const running = run('import time\nfor i in range(20):\n  print(i, flush=True)\n  time.sleep(0.2)\n"done"');
    await wait(1000);
    line.cut();
    const answer = await running;
    assert.is(answer.reply.content.status, 'ok');
    assert.match(textOn(answer), /^0\n1\n/);
    assert.match(textOn(answer), /\n19\n$/);
    assert.match(textOn(answer, 'stderr'), 'dropped and is back');
  });

  test('a cell whose request or answer was lost with the connection ends by name', async () => {
    await run('ran = 0');
    line.swallow();
    const running = run('ran += 1');
    await wait(500);
    line.cut();
    assert.is((await running).reply.content.ename, 'CONNECTION_LOST');
    assert.is(textOn(await run('print(x, ran)')), '20 0\n');
  });

  test('a kernel that dies there is named, and a new one comes', async () => {
    const died = await run('import os\nos._exit(3)');
    assert.is(died.reply.content.ename, 'SUB_KERNEL_DIED', JSON.stringify(died.reply.content));
    assert.is(textOn(await run('print("x" in globals())')), 'False\n');
  });

  test('a kernel there is deleted when ours is killed', async () => {
    const kernels = async () => {
      const answer = await fetch(`${server.url}api/kernels`, { headers: { Authorization: `token ${token}` } });
      return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
    };
    const before = await kernels();
    const child = spawn(process.execPath, [killedChild, server.url, token], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    assert.match(String(said), 'started');
    assert.is((await kernels()).length, before.length + 1);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 100 && (await kernels()).length > before.length; tries += 1) await wait(100);
    assert.equal(await kernels(), before);
  });

  test.run();
}
