import { join } from 'node:path';
import type { StorageContainer } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import { DuckDBInstance } from '@duckdb/node-api';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{ client: Client; container: StorageContainer }>('sql-pool files of an export', undefined, {
  timeout: 90_000,
});
const rows = 2_200_000;

async function files(container: StorageContainer, directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of container.list(directory)) paths.push(path);
  return paths;
}

test.before(async (context) => {
  const pool = await testPool();
  context.container = createStorageClient().container(pool.storage.account, 'exports');
  await context.container.ensure();
  const file = join(temporaryDirectory('exports'), 'rows.parquet');
  const writer = await (await DuckDBInstance.create(':memory:')).connect();
  await writer.run(
    `COPY (SELECT i::INTEGER AS id, epoch_ms(i * 1000::BIGINT)::TIMESTAMP_MS AS at, 'PAR1' AS text FROM range(${rows}) t(i)) TO '${file}' (FORMAT parquet)`,
  );
  await context.container.upload(file, 'source/rows.parquet');
  context.client = await Client.open(pool, { database: 'exports' });
  await context.client.run(
    `CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'any-Pass1';
    CREATE DATABASE SCOPED CREDENTIAL exportsKey WITH IDENTITY = 'user', SECRET = '${pool.storage.key}';
    CREATE EXTERNAL DATA SOURCE exports WITH (TYPE = HADOOP, LOCATION = 'abfss://exports@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = exportsKey);
    CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec');
    CREATE TABLE dbo.Many (id int, at datetime2(3), text varchar(4));
    COPY INTO dbo.Many FROM 'https://devstoreaccount1.blob.core.windows.net/exports/source/' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${pool.storage.key}'))`,
  );
});
test.after(async (context) => {
  await context.client.close();
});

const external = (directory: string) => `LOCATION = '/${directory}/', DATA_SOURCE = exports, FILE_FORMAT = parquet`;

test('many rows go out as several files, each of them whole', async ({ client, container }) => {
  const done = await client.run(
    `CREATE EXTERNAL TABLE dbo.ManyOut WITH (${external('many')}) AS SELECT id, at, text FROM dbo.Many`,
  );
  assert.equal(done.counts, [rows]);
  const found = await files(container, 'many/');
  assert.ok(found.length > 1, found.join(', '));
  const sums =
    'SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d, SUM(CAST(id AS bigint)) AS s, MIN(at) AS a, MAX(at) AS b FROM';
  const [out] = await client.rows(`${sums} dbo.ManyOut`);
  assert.is(out!.n, rows);
  assert.equal([out], await client.rows(`${sums} dbo.Many`));
});

test('an export that fails after its first files went out leaves none, and says why', async ({ client, container }) => {
  const failure = await client.failure(
    `CREATE EXTERNAL TABLE dbo.Failed WITH (${external('failed')}) AS SELECT id, at, 1 / (id - ${rows - 1}) AS q FROM dbo.Many`,
  );
  assert.is(failure.number, 8134);
  assert.equal(await files(container, 'failed/'), []);
  assert.equal(await client.rows("SELECT name FROM sys.external_tables WHERE name = 'Failed'"), []);
});

test.run();
