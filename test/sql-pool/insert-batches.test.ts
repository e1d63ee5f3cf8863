import {
  ByteWriter,
  DoneStatus,
  type Moment,
  PacketType,
  type RpcParameter,
  type ServerToken,
  type TdsValue,
  TypeId,
  type TypeInfo,
  typeInfo,
  writeRpcRequest,
} from '@crossview/tds-wire';
import * as assert from 'uvu/assert';
import { Client, testPool } from '../support/pool.js';
import { RawClient } from '../support/raw-client.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool: batches of single-row INSERTs');

const text = typeInfo(TypeId.nVarChar, { length: 8000 });
const types: readonly TypeInfo[] = [
  typeInfo(TypeId.intN, { length: 4 }),
  text,
  typeInfo(TypeId.datetime2N, { scale: 7 }),
];
const separator = Uint8Array.of(0xff);
const headerLength = 22;

function parameter(type: TypeInfo, value: TdsValue): RpcParameter {
  return { name: '', output: false, useDefault: false, type, value };
}

/** Calls of one statement in one message, as JDBC's batches are (MS-TDS 2.2.6.6). */
function batch(rows: readonly TdsValue[][]): Uint8Array {
  const writer = new ByteWriter();
  for (const [index, row] of rows.entries()) {
    const body = writeRpcRequest({
      procedure: 'sp_executesql',
      withoutMetadata: false,
      parameters: [
        parameter(text, 'INSERT INTO dbo.batched (a, b, c) VALUES (@p0, @p1, @p2)'),
        parameter(text, '@p0 int, @p1 nvarchar(4000), @p2 datetime2(7)'),
        ...row.map((value, at) => parameter(types[at]!, value)),
      ],
    });
    if (index > 0) writer.put(separator);
    writer.put(index === 0 ? body : body.subarray(headerLength));
  }
  return writer.flush();
}

/** 1 March 2024 and some seconds. */
const moment = (ticks: number): Moment => ({ days: 738_945, ticks: ticks * 10_000_000 });
const rows = (from: number, count: number): TdsValue[][] =>
  Array.from({ length: count }, (_, index) => [from + index, `é ${from + index}`, moment(from + index)]);

const counts = (tokens: readonly ServerToken[]) =>
  tokens.filter((token) => token.token === 'done' && token.done.status & DoneStatus.count).length;

async function begin(): Promise<{ batched: RawClient; other: Client }> {
  const pool = await testPool();
  const other = await Client.open(pool, { database: 'batches' });
  await other.run(
    `IF OBJECT_ID('dbo.batched') IS NOT NULL DROP TABLE dbo.batched;
     CREATE TABLE dbo.batched (a int NOT NULL, b nvarchar(6), c datetime)`,
  );
  return { batched: await RawClient.open(pool.port, 'batches'), other };
}

test('each call is answered; the session sees its rows, others see them when they are committed', async () => {
  const { batched, other } = await begin();
  await batched.run('BEGIN TRANSACTION');
  for (const from of [0, 1000, 2000])
    assert.is(counts(await batched.ask(PacketType.rpc, batch(rows(from, 1000)))), 1000);
  await batched.run(
    "IF (SELECT COUNT(*) FROM dbo.batched) <> 3000 OR (SELECT SUM(a) FROM dbo.batched) <> 4498500 THROW 50000, 'rows', 1",
  );
  await batched.run('COMMIT');
  assert.equal(await other.rows('SELECT a, b, CONVERT(varchar(30), c, 126) AS c FROM dbo.batched WHERE a = 61'), [
    { a: 61, b: 'é 61', c: '2024-03-01T00:01:01' },
  ]);
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.batched'), 3000);
  batched.close();
  await other.close();
});

test('a row that does not go in ends the transaction with all that was kept for it', async () => {
  const { batched, other } = await begin();
  await batched.run('BEGIN TRANSACTION');
  await batched.ask(PacketType.rpc, batch(rows(0, 10)));
  const bad = [...rows(10, 4), [14, 'too long for it', moment(14)], ...rows(15, 4)];
  try {
    await batched.ask(PacketType.rpc, batch(bad));
    assert.unreachable('a text that is too long was taken');
  } catch (error) {
    assert.match((error as Error).message, /truncated/);
  }
  await batched.run('IF @@TRANCOUNT > 0 ROLLBACK');
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.batched WHERE a <= 14'), 0);
  batched.close();
  await other.close();
});

test('nothing is left of a transaction that is rolled back, nor of one whose client goes', async () => {
  const { batched, other } = await begin();
  await batched.run('BEGIN TRANSACTION');
  await batched.ask(PacketType.rpc, batch(rows(0, 50)));
  await batched.run('ROLLBACK');
  await batched.run("IF EXISTS (SELECT 1 FROM dbo.batched) THROW 50000, 'rows', 1");
  await batched.run('BEGIN TRANSACTION');
  await batched.ask(PacketType.rpc, batch(rows(0, 50)));
  batched.close();
  assert.is(await other.value('SELECT COUNT(*) FROM dbo.batched'), 0);
  await other.close();
});

test('a moment that datetime does not have fails, in a transaction too', async () => {
  const { batched, other } = await begin();
  await batched.run('BEGIN TRANSACTION');
  try {
    await batched.ask(PacketType.rpc, batch([...rows(0, 5), [5, 'x', { days: 100, ticks: 0 }]]));
    assert.unreachable('a datetime of the first century was taken');
  } catch (error) {
    assert.match((error as Error).message, /out-of-range|overflow/i);
  }
  batched.close();
  await other.close();
});

test.run();
