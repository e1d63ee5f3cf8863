import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { heartbeat } from '../support/heartbeat.js';
import { contents, kinds, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('front');
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
});
test.after(() => session.close());

test('a cell is answered between one busy and one idle, its text unchanged', async () => {
  const code = '\n  \n%%echo arguments\necho:a\nresult:b';
  const answer = await session.client.execute(code);
  assert.equal(kinds(answer), ['busy', 'execute_input', 'stream', 'execute_result', 'idle']);
  assert.is(contents(answer, 'execute_input')[0]?.code, code);
  assert.is(answer.reply.header.msg_type, 'execute_reply');
  assert.is(answer.reply.content.status, 'ok');
  assert.is(answer.reply.content.execution_count, contents(answer, 'execute_result')[0]?.execution_count);
});

test('an error is said once and answered in the reply', async () => {
  const answer = await session.client.execute('error:broken');
  assert.equal(kinds(answer), ['busy', 'execute_input', 'error', 'idle']);
  assert.is(answer.reply.content.ename, 'EchoError');
});

test('a language that throws still ends in idle', async () => {
  const answer = await session.client.execute('throw:oops');
  assert.equal(kinds(answer), ['busy', 'execute_input', 'error', 'idle']);
  assert.is(answer.reply.content.ename, 'TypeError');
});

test('after an error the cells that were waiting are aborted, later ones run', async () => {
  const { client } = session;
  const first = client.execute('sleep:50\nerror:stop here');
  const second = client.execute('echo:never');
  const third = client.execute('echo:never');
  const info = client.ask('kernel_info_request');
  assert.is((await first).reply.content.status, 'error');
  for (const waiting of [await second, await third]) {
    assert.is(waiting.reply.content.status, 'aborted');
    assert.equal(kinds(waiting), ['busy', 'idle']);
  }
  assert.is((await info).reply.content.status, 'ok');
  assert.is(textOn(await client.execute('echo:again')), 'again\n');
});

test('without stop_on_error the waiting cells run', async () => {
  const first = session.client.execute('sleep:20\nerror:go on', { stop_on_error: false });
  const second = session.client.execute('echo:here');
  await first;
  assert.is(textOn(await second), 'here\n');
});

test('silent cells are not counted, not shown and not kept', async () => {
  const { client } = session;
  const before = await client.execute('echo:x');
  const silent = await client.execute('error:quiet', { silent: true });
  assert.not(kinds(silent).includes('execute_input'));
  const after = await client.execute('echo:y');
  assert.is(Number(after.reply.content.execution_count), Number(before.reply.content.execution_count) + 1);
  const { reply } = await client.ask('history_request', { hist_access_type: 'tail', n: 2, output: false, raw: true });
  assert.equal(
    (reply.content.history as unknown[][]).map((item) => item[2]),
    ['echo:x', 'echo:y'],
  );
});

test('history gives the last cells, a range of them, and those that match', async () => {
  const { client } = session;
  const { reply: first } = await client.execute('echo:needle 1');
  const line = Number(first.content.execution_count);
  await client.execute('result:needle 2');
  await client.execute('echo:needle 1');
  const history = async (request: object) => {
    const { reply } = await client.ask('history_request', { output: false, raw: true, ...request });
    return (reply.content.history as unknown[][]).map(([, ...rest]) => rest);
  };
  assert.equal(await history({ hist_access_type: 'range', session: 0, start: line, stop: line + 2 }), [
    [line, 'echo:needle 1'],
    [line + 1, 'result:needle 2'],
  ]);
  const search = { hist_access_type: 'search', pattern: '*needle ?', n: 10 };
  assert.is((await history(search)).length, 3);
  assert.is((await history({ ...search, unique: true })).length, 2);
  assert.equal(await history({ hist_access_type: 'tail', n: 2, output: true }), [
    [line + 1, ['result:needle 2', 'needle 2']],
    [line + 2, ['echo:needle 1', null]],
  ]);
});

test('the heartbeat comes back as it was sent, also while a cell runs', async () => {
  const { client, connection } = session;
  const running = client.execute('sleep:1000');
  const answer = await heartbeat(connection, 'ping');
  assert.is(answer, 'ping');
  await client.ask('interrupt_request', {}, 'control');
  await running;
});

test('control requests are answered while a cell runs', async () => {
  const running = session.client.execute('sleep:5000');
  const info = await session.client.ask('kernel_info_request', {}, 'control');
  assert.is(info.reply.header.msg_type, 'kernel_info_reply');
  await session.client.begun();
  await session.client.ask('interrupt_request', {}, 'control');
  assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
});

test('input goes to the front end that asked, and is refused where nobody can be asked', async () => {
  session.client.onInput = (request) => `${request.content.prompt}!`;
  assert.is(textOn(await session.client.execute('input:who', { allow_stdin: true })), 'got who!\n');
  const refused = await session.client.execute('input:who');
  assert.is(refused.reply.content.ename, 'STDIN_NOT_ALLOWED');
});

test('stop ends a cell that waits for input', async () => {
  session.client.onInput = () => undefined;
  const waiting = session.client.execute('input:forever', { allow_stdin: true });
  await session.client.begun();
  await session.client.ask('interrupt_request', {}, 'control');
  assert.is((await waiting).reply.content.ename, 'KeyboardInterrupt');
});

test('what does not verify is dropped, what is unknown is answered', async () => {
  const { client } = session;
  const bytes = (text: string) => new TextEncoder().encode(text);
  client.sendRaw('shell', [bytes('garbage')]);
  client.sendRaw('shell', [bytes('<IDS|MSG>'), bytes('00'), bytes('{}'), bytes('{}'), bytes('{}'), bytes('{}')]);
  client.sendRaw('control', [Buffer.from([0xff, 0xfe])]);
  client.sendRaw('stdin', []);
  const unknown = await client.ask('telepathy_request', {});
  assert.is(unknown.reply.header.msg_type, 'telepathy_reply');
  assert.is(unknown.reply.content.ename, 'MESSAGE_UNKNOWN');
  const wrong = await client.ask('execute_request', { code: 1 });
  assert.is(wrong.reply.content.ename, 'MESSAGE_INVALID');
  assert.is(textOn(await client.execute('echo:alive')), 'alive\n');
});

test('an unknown magic names the nearest one', async () => {
  const { reply } = await session.client.execute('%%pyspakr\nx');
  assert.is(reply.content.ename, 'MAGIC_UNKNOWN');
  assert.match(String((reply.content.traceback as string[]).at(-1)), '%%pyspark');
});

test('completion, inspection and completeness go to the language of the cell', async () => {
  const { client } = session;
  const code = '%%echo\n🙂 ec';
  const points = [...code].length;
  const { reply } = await client.ask('complete_request', { code, cursor_pos: points });
  assert.equal(reply.content.matches, ['echo']);
  assert.is(reply.content.cursor_start, points - 2);
  const magics = await client.ask('complete_request', { code: '%%pys', cursor_pos: 5 });
  assert.equal(magics.reply.content.matches, ['%%pyspark']);
  const found = await client.ask('inspect_request', { code: 'echo', cursor_pos: 2, detail_level: 0 });
  assert.is(found.reply.content.found, true);
  const partly = await client.ask('is_complete_request', { code: 'echo:a\\' });
  assert.is(partly.reply.content.status, 'incomplete');
});

test('user expressions are evaluated in the language of the cell; a failure is the expression’s own', async () => {
  const { reply } = await session.client.execute('%%echo\necho:x', {
    user_expressions: { value: 'result:seven', none: 'echo:unseen', failing: 'error:broken', thrown: 'throw:oops' },
  });
  assert.is(reply.content.status, 'ok');
  const { value, ...others } = reply.content.user_expressions as Record<string, { [key: string]: unknown }>;
  assert.equal(value, { status: 'ok', data: { 'text/plain': 'seven' }, metadata: {} });
  assert.equal(
    Object.entries(others).map(([name, { status, ename }]) => [name, status, ename]),
    [
      ['none', 'error', 'NO_VALUE'],
      ['failing', 'error', 'EchoError'],
      ['thrown', 'error', 'TypeError'],
    ],
  );
});

test('a comm for nobody is closed', async () => {
  const answer = await session.client.ask('comm_open', { comm_id: 'c', target_name: 't', data: {} }, 'shell', false);
  assert.equal(kinds(answer), ['busy', 'comm_close', 'idle']);
});

test('subscribers are welcomed', () => {
  const welcome = session.client.everything.find(({ message }) => message.header.msg_type === 'iopub_welcome');
  assert.equal(welcome?.message.content, { subscription: '' });
});

test.run();
