import { join } from 'node:path';
import { createStorageClient } from '@crossview/synapse';
import { DuckDBInstance } from '@duckdb/node-api';
import { TYPES } from 'tedious';
import * as assert from 'uvu/assert';
import { azurite } from '../support/azurite.js';
import { temporaryDirectory } from '../support/paths.js';
import { Client, type TestPool } from '../support/pool.js';
import { type PoolProcess, startPoolProcess } from '../support/pool-process.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool kills while data come and go', undefined, { timeout: 240_000 });
const rows = 200_000;
/** Milliseconds after the statement began. */
const moments = [0, 10, 30, 60, 120, 250, 500];

async function open(pool: PoolProcess): Promise<Client> {
  const client = await Client.open(pool as unknown as TestPool, { database: 'kills' });
  // That the pool is gone is what these tests are about.
  client.connection.on('error', () => undefined);
  return client;
}

/** Starts something, kills the pool in the middle, and starts it again on what is left. @returns whether it was answered */
async function killed(
  pool: PoolProcess,
  directory: string,
  after: number,
  begin: () => Promise<unknown>,
): Promise<{ readonly pool: PoolProcess; readonly client: Client; readonly answered: boolean }> {
  const running = begin().then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => setTimeout(resolve, after));
  await pool.kill();
  const answered = await running;
  const next = await startPoolProcess(directory, (await azurite()).account);
  return { pool: next, client: await open(next), answered };
}

function bulkLoad(client: Client): Promise<number> {
  return new Promise((resolve, reject) => {
    // A connection that is cut in a bulk load tells nobody else.
    client.connection.once('end', () => reject(new Error('the connection ended')));
    const load = client.connection.newBulkLoad('dbo.loaded', (error, count) => {
      if (error) reject(error);
      else resolve(count ?? 0);
    });
    load.addColumn('a', TYPES.Int, { nullable: true });
    load.addColumn('b', TYPES.NVarChar, { length: 30, nullable: true });
    client.connection.execBulkLoad(
      load,
      (function* () {
        for (let index = 0; index < rows / 10; index++) yield [index, `row ${index}`];
      })(),
    );
  });
}

test('SIGKILL in COPY INTO, in a bulk load and in CETAS: all rows or none, and what was there before', async () => {
  const directory = temporaryDirectory('kills');
  const storage = await azurite();
  const container = createStorageClient().container(storage.account, 'kills');
  await container.ensure();
  const file = join(temporaryDirectory('kills-file'), 'rows.parquet');
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(
    `COPY (SELECT i::INTEGER AS a, 'row ' || i AS b FROM range(0, ${rows}) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  await container.upload(file, 'rows.parquet');
  let pool = await startPoolProcess(directory, storage.account);
  let client = await open(pool);
  await client.run(
    `CREATE TABLE dbo.source (a int, b nvarchar(30)); INSERT INTO dbo.source SELECT value, CONCAT('row ', value) FROM GENERATE_SERIES(1, ${rows});
     CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'any-Pass1';
     CREATE DATABASE SCOPED CREDENTIAL k WITH IDENTITY = 'user', SECRET = '${storage.key}';
     CREATE EXTERNAL DATA SOURCE lake WITH (TYPE = HADOOP, LOCATION = 'abfss://kills@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = k);
     CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET)`,
  );
  const done = { copy: 0, bulk: 0, cetas: 0 };
  for (const [round, after] of moments.entries()) {
    await client.run(
      "IF OBJECT_ID('dbo.loaded') IS NOT NULL DROP TABLE dbo.loaded; CREATE TABLE dbo.loaded (a int, b nvarchar(30)); INSERT INTO dbo.loaded VALUES (-1, 'before')",
    );
    const copying = client;
    let result = await killed(pool, directory, after, () =>
      copying.run(
        `COPY INTO dbo.loaded FROM 'https://devstoreaccount1.blob.core.windows.net/kills/rows.parquet' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${storage.key}'))`,
      ),
    );
    ({ pool, client } = result);
    let count = Number(await client.value('SELECT COUNT(*) FROM dbo.loaded'));
    assert.ok(result.answered ? count === rows + 1 : count === rows + 1 || count === 1, `COPY INTO left ${count} rows`);
    if (count > 1) done.copy++;

    await client.run("DELETE FROM dbo.loaded; INSERT INTO dbo.loaded VALUES (-1, 'before')");
    const loading = client;
    result = await killed(pool, directory, after, () => bulkLoad(loading));
    ({ pool, client } = result);
    count = Number(await client.value('SELECT COUNT(*) FROM dbo.loaded'));
    const whole = rows / 10 + 1;
    assert.ok(result.answered ? count === whole : count === whole || count === 1, `a bulk load left ${count} rows`);
    if (count > 1) done.bulk++;

    const exporting = client;
    result = await killed(pool, directory, after, () =>
      exporting.run(
        `CREATE EXTERNAL TABLE dbo.exported${round} WITH (LOCATION = '/out${round}/', DATA_SOURCE = lake, FILE_FORMAT = parquet) AS SELECT a, b FROM dbo.source`,
      ),
    );
    ({ pool, client } = result);
    const there = (await client.value(`SELECT OBJECT_ID('dbo.exported${round}')`)) !== null;
    assert.ok(there || !result.answered, 'an external table that was made is gone');
    if (there) {
      assert.is(Number(await client.value(`SELECT COUNT(*) FROM dbo.exported${round}`)), rows);
      done.cetas++;
    }
    assert.is(Number(await client.value('SELECT COUNT(*) FROM dbo.source')), rows);
  }
  // The kills met these statements at work, and also behind them.
  for (const [name, count] of Object.entries(done)) assert.ok(count < moments.length, `${name} was never met at work`);
  await client.close();
  await pool.kill();
});

test.run();
