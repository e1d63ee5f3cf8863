import { connect, type Socket } from 'node:net';
import {
  ByteWriter,
  framePackets,
  PacketCounter,
  PacketReader,
  PacketStatus,
  PacketType,
  TypeId,
  typeInfo,
  writeColumnMetadata,
  writeDone,
  writeLogin7,
  writePrelogin,
  writeRow,
  writeRpcRequest,
  writeSqlBatch,
  writeTransactionRequest,
} from '@crossview/tds-wire';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { administrator, Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool hostile clients', undefined, { timeout: 120_000 });

const packets = (type: number, body: Uint8Array, size = 4096) => framePackets(type, body, size, new PacketCounter());
const prelogin = packets(
  PacketType.prelogin,
  writePrelogin({ version: [11, 0, 0], encryption: 2, mars: false, federated: undefined }),
);
const login = packets(
  PacketType.login7,
  writeLogin7({ userName: administrator.user, password: administrator.password, database: 'hostile' }),
);

/** Counts whole answers of the server. */
class Raw {
  readonly socket: Socket;
  readonly #reader = new PacketReader();
  #messages = 0;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    this.socket.on('data', (bytes) => {
      for (const packet of this.#reader.push(bytes)) if (packet.status & PacketStatus.endOfMessage) this.#messages++;
      this.#wake();
    });
    this.socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Waits for that many answers, the end, or the limit. @returns whether the connection is still there */
  async until(messages: number, limit: number): Promise<boolean> {
    const end = Date.now() + limit;
    while (this.#messages < messages && !this.#closed && Date.now() < end)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, end - Date.now()));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    return !this.#closed;
  }
}

async function loggedIn(port: number): Promise<Raw> {
  const raw = new Raw(port);
  raw.socket.write(prelogin);
  await raw.until(1, 10_000);
  raw.socket.write(login);
  assert.ok(await raw.until(2, 10_000), 'a good login was not answered');
  return raw;
}

const columns = [
  { name: 'a', type: typeInfo(TypeId.intN, { length: 4 }), nullable: true },
  { name: 'b', type: typeInfo(TypeId.nVarChar, { length: 0xffff }), nullable: true },
  { name: 'c', type: typeInfo(TypeId.decimalN, { length: 9, precision: 18, scale: 2 }), nullable: true },
  { name: 'd', type: typeInfo(TypeId.datetime2N, { scale: 7 }), nullable: true },
];

function bulkBody(): Uint8Array {
  const writer = new ByteWriter();
  writeColumnMetadata(writer, columns);
  writeRow(writer, columns, [1, 'text', { unscaled: -5n, scale: 2 }, { days: 700_000, ticks: 5 }]);
  writeRow(writer, columns, [null, null, null, null]);
  writeDone(writer, { kind: 'done', status: 0, command: 0, rows: 0n });
  return writer.flush();
}

/** Good requests, to be spoiled. */
const good: readonly (readonly [type: number, body: Uint8Array])[] = [
  [PacketType.sqlBatch, writeSqlBatch("SELECT 1; PRINT N'two'")],
  [
    PacketType.rpc,
    writeRpcRequest({
      procedure: 'sp_executesql',
      withoutMetadata: false,
      parameters: ['SELECT @a', '@a int'].map((value) => ({
        name: '',
        output: false,
        useDefault: false,
        type: typeInfo(TypeId.nVarChar, { length: 8000 }),
        value,
      })),
    }),
  ],
  [PacketType.bulkLoad, bulkBody()],
  [PacketType.transactionManager, writeTransactionRequest('begin')],
];

test('1,500 spoiled requests of logged-in clients: each is answered or ends its own connection', async () => {
  const { port } = await testPool();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.length - 1),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
      fc.nat(500),
      fc.integer({ min: 9, max: 600 }),
      async (which, changes, cut, size) => {
        const [type, body] = good[which]!;
        const spoiled = body.slice(0, cut % 3 === 0 ? (cut % body.length) + 1 : body.length);
        for (const [at, byte] of changes) spoiled[at % spoiled.length] = byte;
        const raw = await loggedIn(port);
        raw.socket.write(packets(type, spoiled, size));
        // Something comes in any case: an answer, an error, or the end.
        await raw.until(3, 3000);
        raw.socket.destroy();
      },
    ),
    { numRuns: 1500 },
  );
  const client = await Client.open(await testPool(), { database: 'hostile' });
  assert.is(await client.value('SELECT 1'), 1);
  await client.close();
});

test('300 handshakes with spoiled LOGIN7 and PRELOGIN messages', async () => {
  const { port } = await testPool();
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (first, changes) => {
        const bytes = (first ? prelogin : login).slice();
        // The header stays, so that the message itself is what is wrong.
        for (const [at, byte] of changes) bytes[8 + (at % (bytes.length - 8))] = byte;
        const raw = new Raw(port);
        raw.socket.write(first ? bytes : Buffer.concat([prelogin, bytes]));
        await raw.until(2, 100);
        raw.socket.destroy();
      },
    ),
    { numRuns: 300 },
  );
  (await loggedIn(port)).socket.destroy();
});

test('half packets that never go on, and messages without an end, hold little and end with the login timeout or the client', async () => {
  const { port } = await testPool();
  const before = process.memoryUsage().rss;
  const strangers = Array.from({ length: 100 }, () => {
    const raw = new Raw(port);
    // A packet that says 32,767 bytes, and packet after packet of a message that does not end.
    raw.socket.write(Uint8Array.of(PacketType.prelogin, 0, 0x7f, 0xff, 0, 0, 1, 0, 1, 2, 3));
    for (let index = 0; index < 200; index++) {
      const packet = packets(PacketType.prelogin, new Uint8Array(1000));
      packet[1] = 0;
      raw.socket.write(packet);
    }
    return raw;
  });
  const client = await Client.open(await testPool(), { database: 'hostile' });
  assert.is(await client.value('SELECT 1'), 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
  for (const raw of strangers) raw.socket.destroy();
  await client.close();
});

test('requests in the wrong order end the connection', async () => {
  const { port } = await testPool();
  for (const bytes of [
    login,
    packets(PacketType.sqlBatch, writeSqlBatch('SELECT 1')),
    packets(0x55, new Uint8Array(20)),
  ]) {
    const raw = new Raw(port);
    raw.socket.write(bytes);
    assert.is(await raw.until(1, 5000), false);
  }
  const twice = await loggedIn(port);
  twice.socket.write(login);
  assert.is(await twice.until(9, 5000), false);
});

test.run();
