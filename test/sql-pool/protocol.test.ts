import { connect } from 'node:net';
import { framePackets, PacketCounter, PacketType, writePrelogin } from '@crossview/tds-wire';
import fc from 'fast-check';
import { Request, TYPES } from 'tedious';
import * as assert from 'uvu/assert';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{ client: Client }>('sql-pool protocol', undefined, { timeout: 60_000 });

test.before(async (context) => {
  context.client = await Client.open(await testPool(), { database: 'protocol' });
});
test.after(async (context) => {
  await context.client.close();
});

test('a cancel is confirmed at once and the connection goes on', async ({ client }) => {
  const started = performance.now();
  const error = await new Promise<Error & { code?: string }>((resolve, reject) => {
    const request = new Request(
      'SELECT COUNT_BIG(*) FROM GENERATE_SERIES(1, 100000) a CROSS JOIN GENERATE_SERIES(1, 100000) b WHERE (CAST(a.value AS bigint) * b.value) % 7 = 3',
      (failed) => (failed ? resolve(failed as Error) : reject(new Error('it ended'))),
    );
    client.connection.execSqlBatch(request);
    setTimeout(() => client.connection.cancel(), 300);
  });
  assert.is(error.code, 'ECANCEL');
  assert.ok(performance.now() - started < 15_000);
  assert.is(await client.value('SELECT 1'), 1);
});

test('transactions: rollback, commit, isolation between sessions, no DDL, failed until ROLLBACK', async ({
  client,
}) => {
  const other = await Client.open(await testPool(), { database: 'protocol' });
  await client.run('CREATE TABLE dbo.T (a int)');
  await client.run('BEGIN TRANSACTION; INSERT INTO dbo.T VALUES (1)');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.T'), 1);
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.T'), 0);
  await client.run('ROLLBACK TRANSACTION');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.T'), 0);
  await new Promise<void>((resolve, reject) =>
    client.connection.beginTransaction((error) => (error ? reject(error) : resolve())),
  );
  await client.run('INSERT INTO dbo.T VALUES (1), (2)');
  assert.is((await client.failure('CREATE TABLE dbo.U (a int)')).number, 111212);
  assert.is((await client.failure('TRUNCATE TABLE dbo.T')).number, 111212);
  assert.is((await client.failure('BEGIN TRAN')).number, 111214);
  await new Promise<void>((resolve, reject) =>
    client.connection.commitTransaction((error) => (error ? reject(error) : resolve())),
  );
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.T'), 2);
  assert.is((await client.failure('COMMIT')).number, 3902);
  await client.run('BEGIN TRAN; INSERT INTO dbo.T VALUES (3)');
  assert.is((await client.failure('SELECT 1/0')).number, 8134);
  assert.is(await client.value('SELECT 1').catch((error: { number: number }) => error.number), 111233);
  await client.run('IF @@TRANCOUNT > 0 ROLLBACK');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.T'), 2);
  await other.close();
});

test('single-row INSERTs of a transaction: seen by the next statement, gone by ROLLBACK, the bad one named at once', async ({
  client,
}) => {
  const other = await Client.open(await testPool(), { database: 'protocol' });
  await client.run(
    'CREATE TABLE dbo.Singles (id int NOT NULL, nm nvarchar(5), amt decimal(10,2), k int IDENTITY(1,1))',
  );
  const insert = (id: number | null, name: string | null) =>
    client.run('INSERT INTO dbo.Singles (id, nm, amt) VALUES (@id, @nm, @amt)', (request) => {
      request.addParameter('id', TYPES.Int, id);
      request.addParameter('nm', TYPES.NVarChar, name);
      request.addParameter('amt', TYPES.Decimal, 1.25, { precision: 10, scale: 2 });
    });
  const number = (failed: Promise<unknown>) =>
    failed.then(
      () => 0,
      (error: { number: number }) => error.number,
    );
  await client.run('BEGIN TRANSACTION');
  for (let id = 0; id < 1500; id++) assert.equal((await insert(id, id % 2 ? 'a' : null)).counts, [1]);
  assert.is(await client.value('SELECT @@ROWCOUNT'), 1);
  assert.equal(
    await client.rows('SELECT COUNT(*) AS n, COUNT(nm) AS k, SUM(amt) AS s, COUNT(DISTINCT k) AS d FROM dbo.Singles'),
    [{ n: 1500, k: 750, s: 1875, d: 1500 }],
  );
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.Singles'), 0);
  await client.run('ROLLBACK');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Singles'), 0);
  await client.run('BEGIN TRANSACTION');
  await insert(1, 'a');
  assert.is(await number(insert(2, 'too long')), 2628);
  await client.run('ROLLBACK');
  await client.run('BEGIN TRANSACTION');
  await insert(1, 'a');
  assert.is(await number(insert(null, 'b')), 515);
  await client.run('ROLLBACK');
  await client.run('BEGIN TRANSACTION');
  await insert(1, 'a');
  await insert(2, 'b');
  await client.run('COMMIT');
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.Singles'), 2);
  await other.close();
});

test('bulk load, with every row checked against its column', async ({ client }) => {
  await client.run('CREATE TABLE dbo.Bulk (id int NOT NULL, nm nvarchar(20), amt decimal(10,2), d datetime2(7))');
  const load = (rows: readonly (readonly unknown[])[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const bulk = client.connection.newBulkLoad('dbo.Bulk', (error, count) =>
        error ? reject(error) : resolve(count),
      );
      bulk.addColumn('id', TYPES.Int, { nullable: false });
      bulk.addColumn('nm', TYPES.NVarChar, { length: 50, nullable: true });
      bulk.addColumn('amt', TYPES.Decimal, { precision: 10, scale: 2, nullable: true });
      bulk.addColumn('d', TYPES.DateTime2, { scale: 7, nullable: true });
      client.connection.execBulkLoad(bulk, rows as unknown[][]);
    });
  const rows = Array.from({ length: 5000 }, (_, id) => [
    id,
    id % 7 === 0 ? null : `name ${id}`,
    id / 4,
    new Date(Date.UTC(2024, 0, 1, 0, 0, id)),
  ]);
  assert.is(await load(rows), 5000);
  assert.equal(await client.rows('SELECT COUNT(*) AS n, SUM(id) AS s, SUM(amt) AS a, COUNT(nm) AS k FROM dbo.Bulk'), [
    { n: 5000, s: 12497500, a: 3124375, k: 4285 },
  ]);
  const error = await load([[1, 'x'.repeat(30), 1, null]]).then(
    () => undefined,
    (failed: { number: number }) => failed,
  );
  assert.is(error?.number, 2628);
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Bulk'), 5000);
});

test('prepared statements run again and again', async ({ client }) => {
  const request = new Request('SELECT @x * 2 AS y', () => undefined);
  request.addParameter('x', TYPES.Int);
  await new Promise<void>((resolve, reject) => {
    request.on('prepared', () => resolve());
    request.on('error', reject);
    client.connection.prepare(request);
  });
  const answers: unknown[] = [];
  for (const x of [3, 4]) {
    await new Promise<void>((resolve, reject) => {
      const execution = request as Request & {
        userCallback: (error?: Error | null) => void;
        callback: (error?: Error | null) => void;
      };
      execution.userCallback = execution.callback = (error) => (error ? reject(error) : resolve());
      request.removeAllListeners('row');
      request.on('row', (columns: { value: unknown }[]) => answers.push(columns[0]!.value));
      client.connection.execute(request, { x });
    });
  }
  assert.equal(answers, [6, 8]);
});

test('fifty clients at once', async () => {
  const pool = await testPool();
  const clients = await Promise.all(Array.from({ length: 50 }, () => Client.open(pool, { database: 'protocol' })));
  const values = await Promise.all(
    clients.map((one, index) => one.value(`SELECT SUM(value) + ${index} FROM GENERATE_SERIES(1, 1000)`)),
  );
  assert.equal(
    values,
    clients.map((_, index) => 500500 + index),
  );
  await Promise.all(clients.map((one) => one.close()));
});

test('a million rows arrive, in order', async ({ client }) => {
  let count = 0;
  let sum = 0;
  await new Promise<void>((resolve, reject) => {
    const request = new Request("SELECT value, CONCAT('row ', value) AS t FROM GENERATE_SERIES(1, 1000000)", (error) =>
      error ? reject(error) : resolve(),
    );
    request.on('row', (columns: { value: number }[]) => {
      count++;
      sum += columns[0]!.value;
    });
    client.connection.execSqlBatch(request);
  });
  assert.is(count, 1_000_000);
  assert.is(sum, 500_000_500_000);
});

/** Sends bytes and waits until the server ends the connection or a moment has passed. */
function shout(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    const timer = setTimeout(() => socket.destroy(), 500);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

test('500 connections of random bytes, bare and behind a PRELOGIN, harm nobody', async ({ client }) => {
  const { port } = await testPool();
  const prelogin = framePackets(
    PacketType.prelogin,
    writePrelogin({ version: [11, 0, 0], encryption: 2, mars: false, federated: undefined }),
    4096,
    new PacketCounter(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('bare', 'prelogin', 'login', 'framed'),
      async (bytes, kind) => {
        const framed = framePackets(
          kind === 'login' ? PacketType.login7 : PacketType.sqlBatch,
          bytes,
          512,
          new PacketCounter(),
        );
        await shout(port, kind === 'bare' ? bytes : Buffer.concat([prelogin, kind === 'prelogin' ? bytes : framed]));
      },
    ),
    { numRuns: 500 },
  );
  assert.is(await client.value('SELECT 1'), 1);
});

test.run();
