import { type ChildProcess, spawn } from 'node:child_process';
import { CrossviewError, type SessionServer } from '@crossview/contracts';
import { startSessionServer } from '@crossview/session-rpc';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('session-rpc Python client');
let server: SessionServer;
const children: ChildProcess[] = [];

test.before(async () => {
  server = await startSessionServer();
  server.method('echo', (params) => params);
  server.method('fail', () => {
    throw new CrossviewError('VIEW_NOT_FOUND', 'No view v.', { hint: 'Look at %views.', facts: { name: 'v' } });
  });
});
test.after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.close();
});

/** Runs Python code that has `s`, the session, and gives what it printed. */
function python(role: string, code: string): { child: ChildProcess; text: Promise<string> } {
  const { host, port, token } = server.address;
  const child = spawn(testToolchain().python, ['-c', `from crossview_session import *\ns = session()\n${code}`], {
    env: {
      ...process.env,
      PYTHONPATH: `${root}packages/session-rpc/python`,
      CROSSVIEW_SESSION: `${host}:${port}`,
      CROSSVIEW_SESSION_TOKEN: token,
      CROSSVIEW_SESSION_ROLE: role,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const text = new Promise<string>((resolve) => {
    let all = '';
    child.stdout?.on('data', (chunk) => {
      all += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      all += chunk;
    });
    child.on('close', () => resolve(all.trim()));
  });
  return { child, text };
}

test('calls and answers', async () => {
  const { text } = python('calls', `print(s.call("echo", {"a": [1, None, "zoë", 2.5]}), session() is s, s.role)`);
  assert.is(await text, "{'a': [1, None, 'zoë', 2.5]} True calls");
});

test('errors become CrossviewError with code, hint and facts', async () => {
  const { text } = python(
    'errors',
    `
try:
    s.call("fail")
except CrossviewError as e:
    print(e.code, e.message, e.hint, e.facts)
try:
    s.call("nowhere")
except CrossviewError as e:
    print(e.code)
try:
    s.call("echo", {"x": float("nan")})
except ValueError as e:
    print("ValueError", s.call("echo", {"still": 1}))`,
  );
  assert.equal((await text).split('\n'), [
    "VIEW_NOT_FOUND No view v. Look at %views. {'name': 'v'}",
    'METHOD_UNKNOWN',
    "ValueError {'still': 1}",
  ]);
});

test('many threads at once, while the kernel calls back', async () => {
  const { text } = python(
    'threads',
    `
import threading
s.register("double", lambda p: p["n"] * 2)
out = []
def work(i):
    for j in range(50):
        assert s.call("echo", {"v": [i, j]}) == {"v": [i, j]}
    out.append(i)
ts = [threading.Thread(target=work, args=(i,)) for i in range(8)]
[t.start() for t in ts]; [t.join() for t in ts]
print(len(out)); s.call("wait-for-double")`,
  );
  let answers: unknown[] = [];
  server.method('wait-for-double', async (_params, { peer }) => {
    answers = await Promise.all([1, 2, 3].map((n) => peer.call('double', { n })));
    const unknown = await peer.call('nowhere', {}).catch((error: CrossviewError) => error.code);
    answers.push(unknown);
    return null;
  });
  assert.is(await text, '8');
  assert.equal(answers, [2, 4, 6, 'METHOD_UNKNOWN']);
});

test('KeyboardInterrupt ends a waiting call, the kernel learns it, and the session goes on', async () => {
  let aborted = false;
  let interrupt = () => {};
  server.method('hang', async (_params, { signal }) => {
    setTimeout(() => interrupt(), 100);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    aborted = true;
    return null;
  });
  const { child, text } = python(
    'interrupted',
    `
try:
    s.call("hang")
except KeyboardInterrupt:
    print("interrupted", s.call("echo", {"on": 1}))`,
  );
  interrupt = () => child.kill('SIGINT');
  assert.is(await text, "interrupted {'on': 1}");
  assert.is(aborted, true);
});

test('the end of the session ends a waiting call', async () => {
  server.method('cut', (_params, { peer }) => {
    peer.close();
    return null;
  });
  const { text } = python(
    'cut',
    `
import threading
told = threading.Event()
s.on_close(told.set)
try:
    s.call("cut")
except CrossviewError as e:
    print(e.code, s.closed, told.wait(5))`,
  );
  assert.is(await text, 'PEER_GONE True True');
});

test('a wrong token and a missing session are named', async () => {
  const { text } = python(
    'refused',
    `
import os
for change in ({"CROSSVIEW_SESSION_TOKEN": "guess"}, {"CROSSVIEW_SESSION": ""}, {"CROSSVIEW_SESSION": "127.0.0.1:1"}):
    s.close()
    before = dict(os.environ); os.environ.update(change)
    try:
        session()
    except CrossviewError as e:
        print(e.code)
    os.environ.update(before)`,
  );
  assert.equal((await text).split('\n'), ['SESSION_REFUSED', 'SESSION_MISSING', 'SESSION_UNREACHABLE']);
});

test('a forked child gets a connection of its own', async () => {
  const { text } = python(
    'forked',
    `
import os
pid = os.fork()
if pid == 0:
    print(session() is not s, session().call("echo", {"in": "child"}), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print(s.call("echo", {"in": "parent"}))`,
  );
  assert.equal((await text).split('\n'), ["True {'in': 'child'}", "{'in': 'parent'}"]);
});

test.run();
