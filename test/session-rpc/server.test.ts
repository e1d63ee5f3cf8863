import { connect, type Socket } from 'node:net';
import { CrossviewError, type Json, type SessionServer } from '@crossview/contracts';
import { connectSession, startSessionServer } from '@crossview/session-rpc';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('session-rpc server');
let server: SessionServer;

test.before(async () => {
  server = await startSessionServer();
  server.method('echo', (params) => params);
  server.method('fail', () => {
    throw new CrossviewError('VIEW_NOT_FOUND', 'No view v.', {
      hint: 'Look at %views.',
      facts: { name: 'v', count: 2 },
    });
  });
  server.method('throw', () => {
    throw new TypeError('not planned');
  });
  server.method('wait', async (_params, { signal }) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return 'gave up';
  });
});
test.after(() => server.close());

const join = (role = 'test') => connectSession({ ...server.address, role });

async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CrossviewError) return error.toJSON();
    throw error;
  }
  throw new Error('nothing failed');
}

/** What happens to a connection that sends these bytes: it must be closed by the server. */
function closedAfter(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(server.address.port, server.address.host);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}
const message = (value: unknown) => {
  const body = JSON.stringify(value);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

test('a peer calls the kernel and the kernel calls the peer', async () => {
  const client = await join('both-ways');
  client.method('twice', (params) => (params as { n: number }).n * 2);
  const peer = await server.waitForPeer('both-ways', 1000);
  assert.equal(await client.call('echo', { text: 'zoë\u0000' }), { text: 'zoë\u0000' });
  assert.is(await peer.call('twice', { n: 21 }), 42);
  client.close();
  client.close();
});

test('peers of one role are told apart by what they said of themselves', async () => {
  const wanted = server.waitForPeer('twin', 1000, ({ info }) => (info as { pid?: number }).pid === 2);
  const clients = [];
  for (const info of [undefined, { pid: 1 }, { pid: 2 }])
    clients.push(await connectSession({ ...server.address, role: 'twin', ...(info && { info }) }));
  assert.equal((await wanted).info, { pid: 2 });
  assert.equal((await server.waitForPeer('twin', 1000)).info, {});
  for (const client of clients) client.close();
});

test('falsy results arrive', async () => {
  const client = await join();
  client.method('nothing', () => null);
  client.method('zero', () => 0);
  client.method('no', () => false);
  client.method('empty', () => '');
  const peer = await server.waitForPeer('test', 1000);
  assert.equal(await Promise.all(['nothing', 'zero', 'no', 'empty'].map((name) => peer.call(name, {}))), [
    null,
    0,
    false,
    '',
  ]);
  client.close();
});

test('errors keep code, hint and facts', async () => {
  const client = await join();
  assert.equal(await failure(client.call('fail', {})), {
    code: 'VIEW_NOT_FOUND',
    message: 'No view v.',
    hint: 'Look at %views.',
    facts: { name: 'v', count: 2 },
  });
  assert.is((await failure(client.call('throw', {}))).code, 'INTERNAL_ERROR');
  assert.is((await failure(client.call('nowhere', {}))).code, 'METHOD_UNKNOWN');
  client.close();
});

test('large messages pass', async () => {
  const client = await join();
  const text = 'x'.repeat(50_000_000);
  const answer = (await client.call('echo', { text })) as { text: string };
  assert.is(answer.text.length, text.length);
  client.close();
});

test('notifications come in order, each before what was sent later', async () => {
  const seen: number[] = [];
  server.onNotification('count', (params) => seen.push((params as { n: number }).n));
  const client = await join();
  for (let n = 0; n < 5000; n++) client.notify('count', { n });
  await client.call('echo', {});
  assert.equal(
    seen,
    Array.from({ length: 5000 }, (_, n) => n),
  );
  client.close();
});

test('a call is cancelled by its signal', async () => {
  const client = await join();
  const stop = new AbortController();
  const answer = client.call('wait', {}, { signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  assert.is(await answer, 'gave up');
  assert.is((await failure(client.call('wait', {}, { signal: stop.signal }))).code, 'CANCELLED');
  client.close();
});

test('calls end when the other side goes', async () => {
  const client = await join('short-lived');
  let lingers = () => {};
  const lingering = new Promise<void>((resolve) => {
    lingers = resolve;
  });
  const aborted = new Promise<boolean>((resolve) =>
    server.method('linger', (_params, { signal }) => {
      signal.addEventListener('abort', () => resolve(true));
      lingers();
      return new Promise<Json>(() => {});
    }),
  );
  client.method('never', () => new Promise<Json>(() => {}));
  const peer = await server.waitForPeer('short-lived', 1000);
  const fromKernel = failure(peer.call('never', {}));
  const fromClient = failure(client.call('linger', {}));
  await lingering;
  client.close();
  assert.is((await fromKernel).code, 'PEER_GONE');
  assert.is((await fromClient).code, 'PEER_GONE');
  assert.is(await aborted, true);
  assert.is((await failure(client.call('echo', {}))).code, 'PEER_GONE');
  client.notify('count', {});
});

test('who has no token is refused', async () => {
  const wrong = connectSession({ ...server.address, token: 'guess', role: 'thief' });
  assert.is((await failure(wrong)).code, 'SESSION_REFUSED');
  assert.is((await failure(server.waitForPeer('thief', 50))).code, 'PEER_TIMEOUT');
  const early = await closedAfter(message({ jsonrpc: '2.0', id: 1, method: 'echo', params: {} }));
  assert.match(early, 'SESSION_REFUSED');
  assert.is(await closedAfter(message({ jsonrpc: '2.0', method: 'count', params: { n: -1 } })), '');
});

test('garbage ends its own connection and nobody else is touched', async () => {
  const client = await join();
  const bytes = [
    'GET / HTTP/1.1\r\n\r\n',
    Buffer.alloc(5000, 255),
    'Content-Length: 5\r\n\r\n{"a":',
    'Content-Length: 2\r\n\r\n[]',
    'Content-Length: 99999999\r\n\r\n',
    `Content-Length: 2\r\n\r\n{}${message({ jsonrpc: '2.0', method: '$/cancelRequest' })}GET`,
  ];
  const texts = await Promise.all(bytes.map((each) => closedAfter(each)));
  assert.equal(
    texts,
    bytes.map(() => ''),
  );
  assert.equal(await client.call('echo', { still: 'here' }), { still: 'here' });
  client.close();
});

test('half a message and a lost connection do no harm', async () => {
  const socket = connect(server.address.port, server.address.host);
  await new Promise<void>((resolve) => socket.write('Content-Length: 100\r\n\r\n{"half', () => resolve()));
  socket.destroy();
  const client = await join();
  assert.equal(await client.call('echo', { ok: true }), { ok: true });
  client.close();
});

test('a method name is registered once', () => {
  assert.throws(
    () => server.method('echo', () => null),
    (error: CrossviewError) => error.code === 'METHOD_TAKEN',
  );
});

test('a closed server is unreachable, and closing twice is fine', async () => {
  const other = await startSessionServer();
  const client = await connectSession({ ...other.address, role: 'test' });
  const gone = new Promise<void>((resolve) => client.onClose(resolve));
  await Promise.all([other.close(), other.close()]);
  await gone;
  assert.is((await failure(connectSession({ ...other.address, role: 'test' }))).code, 'SESSION_UNREACHABLE');
});

test.run();
