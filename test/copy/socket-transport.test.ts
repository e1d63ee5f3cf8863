import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { encodeCall, readReplyHeader } from '../../packages/copy/src/thrift/messages.js';
import { binaryTransport } from '../../packages/copy/src/thrift/socket-transport.js';
import type { StructType } from '../../packages/copy/src/thrift/structs.js';
import { suite } from '../support/suite.js';

const test = suite('copy: messages over a socket, however they are cut');

const bytes: StructType = { name: 'bytes', fields: { 1: ['some', 'binary'], 2: ['more', 'string'] } };

/** A message of the protocol with a payload of this size; the call's header serves as a reply's. */
function message(name: string, sequence: number, size: number): Buffer {
  const call = encodeCall(name, sequence, bytes, { some: randomBytes(size), more: 'ü' });
  call[3] = 2;
  return call;
}

test('replies of all sizes come out whole, in order, also two in one piece', async () => {
  const sizes = [0, 1, 100, 65_536, 1_000_000, 3, 200_000, 200_000, 10, 5_000_000];
  const replies = sizes.map((size, index) => message('FetchResults', index, size));
  let asked = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', async () => {
      const reply = replies[asked]!;
      asked += 1;
      // Pieces of odd sizes, with a pause between some of them.
      for (let at = 0, piece = 1; at < reply.length; piece = (piece * 7 + 3) % 90_001) {
        socket.write(reply.subarray(at, at + piece + 1));
        at += piece + 1;
        if (piece % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const transport = binaryTransport({
    host: '127.0.0.1',
    port,
    tls: undefined,
    connectTimeout: 5_000,
    callTimeout: 10_000,
  });
  try {
    const got: Buffer[] = [];
    for (const index of replies.keys()) got.push(await transport.call(message('FetchResults', index, 5)));
    // Compared at the end: a reply must not be overwritten by those behind it.
    for (const [index, reply] of replies.entries()) {
      assert.ok(got[index]!.equals(reply), `reply ${index} of ${reply.length} bytes`);
      readReplyHeader(got[index]!, 'FetchResults', index);
    }
  } finally {
    transport.close();
    transport.close();
    server.close();
  }
});

test('a server that never answers has its time, and no more', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const transport = binaryTransport({
    host: '127.0.0.1',
    port,
    tls: undefined,
    connectTimeout: 5_000,
    callTimeout: 200,
  });
  try {
    await transport.call(message('GetInfo', 1, 5));
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'COPY_TIMED_OUT');
  } finally {
    transport.close();
    server.close();
  }
});

test.run();
