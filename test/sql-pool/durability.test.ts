import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Request } from 'tedious';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { Client, type TestPool } from '../support/pool.js';
import { type PoolProcess, startPoolProcess } from '../support/pool-process.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool durability', undefined, { timeout: 240_000 });

async function open(pool: PoolProcess): Promise<Client> {
  const client = await Client.open(pool as unknown as TestPool, { database: 'kept' });
  // That the pool is gone is what these tests are about.
  client.connection.on('error', () => undefined);
  return client;
}

/** What each statement does to the sum of `big`; a kill leaves the sum before or after it, never another. */
const statements: Readonly<Record<string, string>> = {
  insert: 'INSERT INTO dbo.big SELECT a + 1000000, b FROM dbo.big',
  update: 'UPDATE dbo.big SET a = a + 1',
  delete: 'DELETE FROM dbo.big WHERE a % 2 = 0',
  merge:
    'MERGE INTO dbo.big AS t USING (SELECT a, b FROM dbo.big WHERE a % 3 = 0) AS s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = t.b + 1;',
  'create as': 'CREATE TABLE dbo.copy WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT * FROM dbo.big',
  truncate: 'TRUNCATE TABLE dbo.big',
  rename: 'RENAME OBJECT dbo.big TO moved; RENAME OBJECT dbo.moved TO big',
  transaction: 'BEGIN TRANSACTION; DELETE FROM dbo.big; INSERT INTO dbo.big VALUES (1, 1); COMMIT',
};
const sum = "SELECT CONCAT(COUNT_BIG(*), ':', SUM(CAST(a AS bigint)), ':', SUM(CAST(b AS bigint))) FROM dbo.big";

test('SIGKILL in any statement loses nothing that was committed, and leaves no half of it', async () => {
  const directory = temporaryDirectory('durability');
  let pool = await startPoolProcess(directory);
  let client = await open(pool);
  await client.run('CREATE TABLE dbo.acknowledged (n int)');
  let acknowledged = 0;
  for (const [index, [name, statement]] of Object.entries(statements).entries()) {
    await client.run("IF OBJECT_ID('dbo.moved') IS NOT NULL RENAME OBJECT dbo.moved TO big");
    await client.run("IF OBJECT_ID('dbo.copy') IS NOT NULL DROP TABLE dbo.copy");
    await client.run("IF OBJECT_ID('dbo.big') IS NOT NULL DROP TABLE dbo.big");
    await client.run(
      'CREATE TABLE dbo.big (a int, b int); INSERT INTO dbo.big SELECT value, value % 10 FROM GENERATE_SERIES(1, 200000)',
    );
    await client.run(`INSERT INTO dbo.acknowledged VALUES (${++acknowledged})`);
    const before = await client.value(sum);
    const running = client.run(statement).then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => setTimeout(resolve, [0, 5, 15, 30, 60, 2, 10, 20][index]));
    await pool.kill();
    const answered = await running;
    pool = await startPoolProcess(directory);
    client = await open(pool);
    assert.is(await client.value('SELECT COUNT(*) FROM dbo.acknowledged'), acknowledged, name);
    if (name === 'rename' && (await client.value("SELECT OBJECT_ID('dbo.moved')")) !== null)
      await client.run('RENAME OBJECT dbo.moved TO big');
    const after = await client.value(sum);
    if (!answered && after === before) continue;
    // It was done, or as good as done: the same statement on the same rows says what has to be there.
    await client.run('CREATE TABLE dbo.found WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT * FROM dbo.big');
    await client.run("IF OBJECT_ID('dbo.copy') IS NOT NULL DROP TABLE dbo.copy; DROP TABLE dbo.big");
    await client.run(
      'CREATE TABLE dbo.big (a int, b int); INSERT INTO dbo.big SELECT value, value % 10 FROM GENERATE_SERIES(1, 200000)',
    );
    await client.run(statement);
    assert.is(after, await client.value(sum), name);
    await client.run('DROP TABLE dbo.found');
  }
  await client.close();
  await pool.kill();
});

test('a reader that stops reading stops nobody else, and the pool holds little for it', async () => {
  const pool = await startPoolProcess(temporaryDirectory('slow-reader'));
  const slow = await open(pool);
  const quick = await open(pool);
  let rows = 0;
  const text = "SELECT value, REPLICATE('x', 200) AS t FROM GENERATE_SERIES(1, 3000000)";
  const request = new Request(text, () => undefined);
  request.on('row', () => {
    if (++rows === 1000) request.pause();
  });
  slow.connection.execSqlBatch(request);
  while (rows < 1000) await new Promise((resolve) => setTimeout(resolve, 20));
  const memory = pool.memory();
  for (let index = 0; index < 20; index++) assert.is(await quick.value(`SELECT ${index} + 1`), index + 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok(pool.memory() - memory < 300, `${pool.memory() - memory} MB more are held`);
  assert.ok(rows < 3_000_000);
  await quick.close();
  slow.connection.close();
  await pool.kill();
});

test('moments of a pool that kept them as TIMESTAMP are brought up when its database is opened', async () => {
  const directory = temporaryDirectory('older');
  mkdirSync(join(directory, 'databases'), { recursive: true });
  const instance = await DuckDBInstance.create(join(directory, 'databases', 'kept.duckdb'));
  const duckdb = await instance.connect();
  await duckdb.run(`CREATE SCHEMA dbo; CREATE TABLE dbo.old (a TIMESTAMP, b TIME, c TIMESTAMPTZ, d TIMESTAMP);
    INSERT INTO dbo.old VALUES ('2024-01-02 03:04:05.123456', '03:04:05.123456', '2024-01-02 03:04:05.5+00', '2024-01-02 03:04:05')`);
  for (const [name, type] of Object.entries({ a: 'datetime2', b: 'time', c: 'datetimeoffset', d: 'datetime' }))
    await duckdb.run(`COMMENT ON COLUMN dbo.old.${name} IS '${JSON.stringify({ type: { name: type, scale: 7 } })}'`);
  duckdb.closeSync();
  instance.closeSync();
  const pool = await startPoolProcess(directory);
  const client = await open(pool);
  const found = await client.value(
    "SELECT CONCAT(CONVERT(varchar(40), a, 121), ' | ', CONVERT(varchar(40), b), ' | ', CONVERT(varchar(40), c, 121), ' | ', CONVERT(varchar(40), d, 121)) FROM dbo.old",
  );
  assert.is(
    found,
    '2024-01-02 03:04:05.1234560 | 03:04:05.1234560 | 2024-01-02 03:04:05.5000000 +00:00 | 2024-01-02 03:04:05.000',
  );
  await pool.kill();
});

test.run();
