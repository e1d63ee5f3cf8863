import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { contents, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('%%kernel', undefined, { timeout: 60_000 });
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
});
test.after(async () => {
  await session?.close();
});

const run = (code: string) => session.client.execute(code);

test('runs cells in an installed kernel, which keeps its variables', async () => {
  await run('%%kernel python3\nx = 20');
  assert.is(textOn(await run('%%kernel python3\nprint(x + 1)')), '21\n');
  assert.is((await run('%%kernel python3\n1/0')).reply.content.ename, 'ZeroDivisionError');
});

test('an unknown kernel is answered with the nearest one', async () => {
  const { reply } = await run('%%kernel pyton3\n1');
  assert.is(reply.content.ename, 'KERNEL_UNKNOWN');
  assert.match(String((reply.content.traceback as string[]).at(-1)), 'python3');
});

test('a comm message goes to the kernel that has the comm', async () => {
  const made = 'import comm\nc = comm.create_comm(target_name="t")\nc.on_msg(lambda m: c.send({"from": here}))';
  const ids: string[] = [];
  for (const name of ['python3', 'again']) {
    const { published } = await run(`%%kernel python3\nhere = "${name}"\n${made}`);
    ids.push(String(published.find(({ header }) => header.msg_type === 'comm_open')?.content.comm_id));
  }
  const { client } = session;
  const answer = await client.wait(client.send('shell', 'comm_msg', { comm_id: ids[1] ?? '', data: {} }), false);
  assert.equal(contents(answer, 'comm_msg')[0]?.data, { from: 'again' });
});

test.run();
