import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { createSigner } from '@crossview/jupyter-wire';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('bad input', undefined, { timeout: 120_000 });
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
});
test.after(() => session?.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const alive = async () => assert.is(textOn(await session.client.execute('echo:alive')), 'alive\n');

/** Frames that verify, whatever stands in them. */
function signed(header: object, content: Uint8Array): { id: string; frames: Uint8Array[] } {
  const id = randomBytes(8).toString('hex');
  const segments = [bytes(JSON.stringify({ msg_id: id, session: 's', ...header })), bytes('{}'), bytes('{}'), content];
  const signature = createSigner(session.connection.key).sign(segments);
  return { id, frames: [bytes('<IDS|MSG>'), signature, ...segments] };
}

test('garbage and half a greeting on each socket', async () => {
  const { ip, ...connection } = session.connection;
  const greeting = Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  for (const name of ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'] as const)
    for (const garbage of [randomBytes(4096), greeting, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(0)])
      await new Promise<void>((resolve, reject) => {
        const socket = connect(`${ip}-${connection[name]}`, () => socket.end(garbage));
        socket.on('close', () => resolve());
        socket.on('error', (error: NodeJS.ErrnoException) =>
          ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve() : reject(error),
        );
        socket.resume();
        setTimeout(() => socket.destroy(), 200);
      });
  await alive();
});

test('frames of any kind on each channel do no harm', async () => {
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(bytes('<IDS|MSG>'), bytes('{}'), bytes('{"msg_type"')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('shell', 'control', 'stdin'),
      fc.array(frame, { maxLength: 9 }),
      async (channel, frames) => session.client.sendRaw(channel as 'shell', frames),
    ),
    { numRuns: 300 },
  );
  await alive();
});

test('a message that was cut, or whose signature does not verify, is never answered', async () => {
  const { id, frames } = signed({ msg_type: 'kernel_info_request' }, bytes('{}'));
  for (let length = 1; length < frames.length; length += 1) session.client.sendRaw('shell', frames.slice(0, length));
  session.client.sendRaw('shell', [frames[0]!, bytes('00'.repeat(32)), ...frames.slice(2)]);
  await alive();
  const answered = session.client.everything.filter(({ message }) => message.parent.msg_id === id);
  assert.is(answered.length, 0);
});

test('a request that verifies and is not UTF-8, not JSON, or of no known type is answered', async () => {
  const cases: [string, Uint8Array][] = [
    ['execute_request', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d)],
    ['execute_request', bytes('{"code": "x"')],
    ['execute_request', bytes('[1]')],
    ['execute_request', bytes('{"code": {}}')],
    ['complete_request', bytes('{"code": "x", "cursor_pos": "y"}')],
    ['nobody_knows_request', bytes('{}')],
  ];
  for (const channel of ['shell', 'control'] as const)
    for (const [type, content] of cases) {
      const { id, frames } = signed({ msg_type: type }, content);
      const answer = session.client.wait(id);
      session.client.sendRaw(channel, frames);
      const { reply } = await answer;
      assert.is(reply.header.msg_type, type.replace('_request', '_reply'));
      assert.is(reply.content.status, 'error', `${channel} ${type}`);
    }
  await alive();
});

test('cursors outside of the text, and texts cut within a character, are answered', async () => {
  for (const [code, cursor_pos] of [
    ['echo', -5],
    ['echo', 1e9],
    ['🙂', 1],
    ['%%ec\ud83d', 4],
    ['', 0],
  ] as const) {
    assert.is((await session.client.ask('complete_request', { code, cursor_pos })).reply.content.status, 'ok');
    const inspected = await session.client.ask('inspect_request', { code, cursor_pos, detail_level: 7 });
    assert.is(inspected.reply.content.status, 'ok');
  }
});

test('a cell of 200 MB runs, and is not kept', async () => {
  const text = 'x'.repeat(200 << 20);
  const { reply, published } = await session.client.execute(`display:${text}`);
  assert.is(reply.content.status, 'ok');
  const shown = published.find(({ header }) => header.msg_type === 'display_data')?.content.data as Record<
    string,
    string
  >;
  assert.is(shown['text/plain']?.length, text.length);
  session.client.everything.length = 0;
  const tail = await session.client.ask('history_request', {
    hist_access_type: 'tail',
    n: 1,
    output: false,
    raw: true,
  });
  const [, , source] = (tail.reply.content.history as [number, number, string][])[0]!;
  assert.ok(source.length < 1_100_000);
  await alive();
});

test.run();
