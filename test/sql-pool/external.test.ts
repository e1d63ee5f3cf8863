import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createStorageClient } from '@crossview/synapse';
import { DuckDBInstance } from '@duckdb/node-api';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{
  client: Client;
  key: string;
  upload: (name: string, file: string) => Promise<void>;
  parquet: (name: string, query: string) => Promise<void>;
  sas: () => Promise<string>;
}>('sql-pool external data');
const lake = 'https://devstoreaccount1.blob.core.windows.net/lake';

test.before(async (context) => {
  const pool = await testPool();
  const container = createStorageClient().container(pool.storage.account, 'lake');
  await container.ensure();
  const directory = temporaryDirectory('external');
  const writer = await (await DuckDBInstance.create(':memory:')).connect();
  context.key = pool.storage.key;
  context.sas = () => container.signature({ permissions: 'rl', expiresInSeconds: 600 });
  context.upload = (name, file) => container.upload(file, name);
  context.parquet = async (name, query) => {
    const file = join(directory, name.replaceAll('/', '_'));
    await writer.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
    await container.upload(file, name);
  };
  context.client = await Client.open(pool, { database: 'external' });
  await context.client.run(
    `CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'any-Pass1';
    CREATE DATABASE SCOPED CREDENTIAL lakeKey WITH IDENTITY = 'user', SECRET = '${context.key}';
    CREATE EXTERNAL DATA SOURCE lake WITH (TYPE = HADOOP, LOCATION = 'abfss://lake@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = lakeKey);
    CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec');
    CREATE EXTERNAL FILE FORMAT bar WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '|', STRING_DELIMITER = '"', FIRST_ROW = 2))`.replace(
      'FORMAT_OPTIONS (',
      'FORMAT_OPTIONS = (',
    ),
  );
});
test.after(async (context) => {
  await context.client.close();
});

const credential = (key: string) => `CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${key}')`;

test('COPY INTO of Parquet: several files, names with _ left out, key and SAS', async ({
  client,
  key,
  parquet,
  sas,
}) => {
  await parquet(
    'copy/a.parquet',
    "SELECT i::INTEGER AS id, 'n' || i AS nm, i * 1.5::DECIMAL(10,2) AS amt FROM range(0, 1000) t(i)",
  );
  await parquet(
    'copy/deep/b.parquet',
    "SELECT i::INTEGER AS id, 'n' || i AS nm, i * 1.5::DECIMAL(10,2) AS amt FROM range(1000, 1500) t(i)",
  );
  await parquet('copy/_temporary/c.parquet', "SELECT 'wrong' AS id");
  await client.run(
    'CREATE TABLE dbo.Copied (id int, nm nvarchar(20), amt decimal(14,4)) WITH (DISTRIBUTION = HASH(id))',
  );
  const done = await client.run(
    `COPY INTO dbo.Copied (id, nm, amt) FROM '${lake}/copy/' WITH (FILE_TYPE = 'PARQUET', ${credential(key)}) OPTION (LABEL = 'copy-test')`,
  );
  assert.equal(done.counts, [1500]);
  await client.run(
    `COPY INTO dbo.Copied FROM '${lake}/copy/*.parquet' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = '${await sas()}'))`,
  );
  assert.equal(await client.rows('SELECT COUNT(*) AS n, MIN(id) AS a, MAX(id) AS b, MAX(nm) AS nm FROM dbo.Copied'), [
    { n: 2500, a: 0, b: 1499, nm: 'n999' },
  ]);
  const [request] = await client.rows(
    "SELECT status, command FROM sys.dm_pdw_exec_requests WHERE [label] = 'copy-test'",
  );
  assert.is(request!.status, 'Completed');
  assert.not.match(String(request!.command), key);
});

test('what the real pool does not read is refused with column, Parquet type and SQL type', async ({
  client,
  key,
  parquet,
}) => {
  await client.run('CREATE TABLE dbo.Strict (id int, ts datetime2(7))');
  const load = (name: string) =>
    client.failure(`COPY INTO dbo.Strict FROM '${lake}/${name}' WITH (FILE_TYPE = 'PARQUET', ${credential(key)})`);
  await parquet('strict/micros.parquet', "SELECT 1::INTEGER AS id, TIMESTAMP '2024-01-01' AS ts");
  const micros = await load('strict/micros.parquet');
  assert.is(micros.number, 106000);
  assert.match(micros.message, /column 'ts' \(2\).*TIMESTAMP\(MICROS\) is not supported/);
  await parquet('strict/long.parquet', "SELECT 1::BIGINT AS id, TIMESTAMP_MS '2024-01-01' AS ts");
  const long = await load('strict/long.parquet');
  assert.is(long.number, 106000);
  assert.match(long.message, /Long cannot be cast to class Integer; column 'id' \(1\) is INT64/);
  await parquet('strict/few.parquet', 'SELECT 1::INTEGER AS id');
  assert.match((await load('strict/few.parquet')).message, /has 1 columns, the table reads 2/);
  await parquet('strict/good.parquet', "SELECT 1::INTEGER AS id, TIMESTAMP_MS '2024-01-01 10:00:00.123' AS ts");
  await client.run(
    `COPY INTO dbo.Strict FROM '${lake}/strict/good.parquet' WITH (FILE_TYPE = 'PARQUET', ${credential(key)})`,
  );
  assert.is(await client.value('SELECT CONVERT(varchar(30), ts, 121) FROM dbo.Strict'), '2024-01-01 10:00:00.1230000');
});

test('a missing directory, a wrong key and text that is too long end the statement; nothing is loaded', async ({
  client,
  key,
  parquet,
}) => {
  await client.run('CREATE TABLE dbo.Short (nm nvarchar(3))');
  const load = (name: string, secret = key) =>
    client.failure(`COPY INTO dbo.Short FROM '${lake}/${name}' WITH (FILE_TYPE = 'PARQUET', ${credential(secret)})`);
  assert.is((await load('nothing/')).number, 13807);
  const wrong = await load('copy/', Buffer.from('wrong').toString('base64'));
  assert.is(wrong.number, 105209);
  await parquet('short/a.parquet', "SELECT 'ok' AS nm UNION ALL SELECT 'too long'");
  const long = await load('short/');
  assert.is(long.number, 107090);
  assert.match(long.message, /column 'nm'/);
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Short'), 0);
});

test('COPY INTO of text: header, quotes, gzip, NULLs, order of columns, defaults', async ({ client, key, upload }) => {
  const file = join(temporaryDirectory('csv'), 'a.csv.gz');
  writeFileSync(file, gzipSync('name,when,id\r\n"a, ""b""",2024-01-05,1\r\nplain,,2\r\n'));
  await upload('csv/a.csv.gz', file);
  await client.run('CREATE TABLE dbo.Text (id int, nm varchar(20), d date, src varchar(5))');
  await client.run(
    `COPY INTO dbo.Text (nm 1, d 2, id 3) FROM '${lake}/csv/a.csv.gz' WITH (FILE_TYPE = 'CSV', FIRSTROW = 2, COMPRESSION = 'Gzip', FIELDTERMINATOR = ',', ROWTERMINATOR = '\\r\\n', ${credential(key)})`,
  );
  assert.equal(await client.rows('SELECT id, nm, CONVERT(varchar(10), d, 120) AS d FROM dbo.Text ORDER BY id'), [
    { id: 1, nm: 'a, "b"', d: '2024-01-05' },
    { id: 2, nm: 'plain', d: null },
  ]);
});

test('export by CETAS, read back by an external table, load by CTAS and INSERT', async ({ client }) => {
  await client.run(`CREATE TABLE dbo.Numbers (id int NOT NULL, nm nvarchar(20), ts datetime2(7), b bit, g uniqueidentifier, bin varbinary(4));
    INSERT INTO dbo.Numbers SELECT value, CONCAT('n', value), DATEADD(millisecond, value, CAST('2024-03-31' AS datetime2)), value % 2, '6F9619FF-8B86-D011-B42D-00C04FC964FF', 0x01FF FROM GENERATE_SERIES(1, 5000)`);
  const exported = await client.run(
    "CREATE EXTERNAL TABLE dbo.Out WITH (LOCATION = '/exports/one/', DATA_SOURCE = lake, FILE_FORMAT = parquet) AS SELECT id, nm, ts, b, bin FROM dbo.Numbers WHERE id <= 4000 OPTION (LABEL = 'cetas-test')",
  );
  assert.equal(exported.counts, [4000]);
  await client.run('CREATE TABLE dbo.Back WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT * FROM dbo.Out');
  await client.run('INSERT INTO dbo.Back SELECT * FROM dbo.Out WHERE id <= 10');
  assert.equal(await client.rows('SELECT COUNT(*) AS n, SUM(CAST(id AS bigint)) AS s FROM dbo.Back'), [
    { n: 4010, s: '8002055' },
  ]);
  assert.is(
    await client.value(
      'SELECT COUNT(*) FROM dbo.Back b JOIN dbo.Numbers n ON n.id = b.id AND n.ts = b.ts AND n.nm = b.nm AND n.b = b.b AND n.bin = b.bin',
    ),
    4010,
  );
  await client.run('DROP EXTERNAL TABLE dbo.Out');
  await client.run(
    "CREATE EXTERNAL TABLE dbo.[In] ([id] int NOT NULL, [nm] nvarchar(20), [ts] datetime2(7), [b] bit, [bin] varbinary(4)) WITH (LOCATION = '/exports/one/', DATA_SOURCE = lake, FILE_FORMAT = parquet, REJECT_TYPE = VALUE, REJECT_VALUE = 0)",
  );
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.[In]'), 4000);
  assert.is((await client.failure('DELETE FROM dbo.[In]')).number, 208);
});

test('delimited text goes out and comes back', async ({ client }) => {
  await client.run(
    "CREATE EXTERNAL FILE FORMAT plain WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '|', STRING_DELIMITER = '\"'))",
  );
  await client.run(
    "CREATE EXTERNAL TABLE dbo.TextOut WITH (LOCATION = '/exports/text/', DATA_SOURCE = lake, FILE_FORMAT = plain) AS SELECT CAST(value AS int) AS id, CONCAT('a|', value) AS nm FROM GENERATE_SERIES(1, 3)",
  );
  assert.equal(
    await client.rows('SELECT id, nm FROM dbo.TextOut ORDER BY id'),
    [1, 2, 3].map((id) => ({ id, nm: `a|${id}` })),
  );
});

test('COPY INTO of text: rejected rows up to MAXERRORS, and what was wrong with them in the error file', async ({
  client,
  key,
  upload,
}) => {
  const file = join(temporaryDirectory('csv'), 'rejects.csv');
  writeFileSync(
    file,
    '1,2024-01-01,abc\nx,2024-01-02,abc\n3,2024-13-01,abc\n4,2024-01-04,too long\n5,2024-01-05,ok\n6\n',
  );
  await upload('rejects/a.csv', file);
  await client.run('CREATE TABLE dbo.Rejects (id int, d date, nm varchar(3))');
  const load = (most: number) =>
    `COPY INTO dbo.Rejects FROM '${lake}/rejects/a.csv' WITH (FILE_TYPE = 'CSV', MAXERRORS = ${most}, ERRORFILE = '/errors', ROWTERMINATOR = '0x0A', ${credential(key)})`;
  const many = await client.failure(load(3));
  assert.is(many.number, 107090);
  assert.match(many.message, '4 rows rejected out of total 6 rows processed');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Rejects'), 0);
  await client.run(load(4));
  assert.equal(await client.rows('SELECT id, nm FROM dbo.Rejects ORDER BY id'), [
    { id: 1, nm: 'abc' },
    { id: 5, nm: 'ok' },
  ]);
  const external = (most: number) =>
    `CREATE EXTERNAL FILE FORMAT comma${most} WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = ','));
     CREATE EXTERNAL TABLE dbo.Rejecting${most} (id int, d date, nm varchar(3)) WITH (LOCATION = '/rejects/', DATA_SOURCE = lake, FILE_FORMAT = comma${most}, REJECT_TYPE = VALUE, REJECT_VALUE = ${most})`;
  await client.run(external(4));
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Rejecting4'), 2);
  await client.run(external(3));
  assert.is((await client.failure('SELECT COUNT(*) FROM dbo.Rejecting3')).number, 107090);
  const container = createStorageClient().container((await testPool()).storage.account, 'lake');
  const found: string[] = [];
  for await (const one of container.list('errors/_rejectedrows/')) found.push(one.path);
  const reasons = found.filter((path) => path.endsWith('Error.Txt')).at(-1)!;
  const local = join(temporaryDirectory('rejected'), 'reasons');
  await container.download(reasons, local);
  assert.match(readFileSync(local, 'utf8'), "Column 1 'id': 'x' cannot be converted to int.");
});

test('COPY INTO of text in UTF-16, and of files whose names say gzip', async ({ client, key, upload }) => {
  const directory = temporaryDirectory('csv');
  const lines = '1,žluť\n2,kůň 😀\n';
  writeFileSync(join(directory, 'wide.csv'), Buffer.from(`\ufeff${lines}`, 'utf16le'));
  writeFileSync(join(directory, 'b.csv.gz'), gzipSync(lines));
  writeFileSync(join(directory, 'c.csv'), lines);
  await upload('wide/wide.csv', join(directory, 'wide.csv'));
  await upload('mixed/b.csv.gz', join(directory, 'b.csv.gz'));
  await upload('mixed/c.csv', join(directory, 'c.csv'));
  await client.run('CREATE TABLE dbo.Wide (id int, nm nvarchar(10))');
  await client.run(
    `COPY INTO dbo.Wide FROM '${lake}/wide/' WITH (FILE_TYPE = 'CSV', ENCODING = 'UTF16', ${credential(key)});
     COPY INTO dbo.Wide FROM '${lake}/mixed/' WITH (FILE_TYPE = 'CSV', ${credential(key)})`,
  );
  assert.equal(await client.rows('SELECT id, nm, COUNT(*) AS n FROM dbo.Wide GROUP BY id, nm ORDER BY id'), [
    { id: 1, nm: 'žluť', n: 3 },
    { id: 2, nm: 'kůň 😀', n: 3 },
  ]);
});

test('COPY INTO makes the table when asked to', async ({ client, key, parquet }) => {
  await parquet(
    'auto/a.parquet',
    "SELECT 1::INTEGER AS id, 'x' AS nm, 1.50::DECIMAL(10,2) AS amt, TIMESTAMP_MS '2024-01-01 10:00:00' AS ts, true AS b",
  );
  const load = `COPY INTO dbo.Auto FROM '${lake}/auto/' WITH (FILE_TYPE = 'PARQUET', AUTO_CREATE_TABLE = 'ON', ${credential(key)})`;
  await client.run(load);
  await client.run(load);
  assert.equal(
    await client.rows(
      "SELECT COLUMN_NAME AS c, DATA_TYPE AS t FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Auto' ORDER BY ORDINAL_POSITION",
    ),
    [
      { c: 'id', t: 'int' },
      { c: 'nm', t: 'nvarchar' },
      { c: 'amt', t: 'decimal' },
      { c: 'ts', t: 'datetime2' },
      { c: 'b', t: 'bit' },
    ],
  );
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Auto'), 2);
});

test('exported timestamps are INT96, and other readers find the same moments', async ({ client }) => {
  await client.run(
    "CREATE EXTERNAL TABLE dbo.Moments WITH (LOCATION = '/exports/moments/', DATA_SOURCE = lake, FILE_FORMAT = parquet) AS SELECT value AS id, CASE WHEN value % 5 = 0 THEN NULL ELSE DATEADD(microsecond, value, CAST('2024-03-31 01:02:03' AS datetime2(7))) END AS ts, CAST('0001-01-01' AS datetime2(7)) AS first_day, CAST('9999-12-31 23:59:59.999999' AS datetime2(7)) AS last_day FROM GENERATE_SERIES(1, 1000)",
  );
  const container = createStorageClient().container((await testPool()).storage.account, 'lake');
  const directory = temporaryDirectory('moments');
  let count = 0;
  for await (const one of container.list('exports/moments/'))
    await container.download(one.path, join(directory, `${count++}.parquet`));
  assert.ok(count > 0);
  const reader = await (await DuckDBInstance.create(':memory:')).connect();
  const read = async (text: string) => (await reader.runAndReadAll(text)).getRows().map((row) => row.map(String));
  assert.equal(
    await read(
      `SELECT DISTINCT name, type FROM parquet_schema('${directory}/*.parquet') WHERE type = 'INT96' ORDER BY name`,
    ),
    [
      ['first_day', 'INT96'],
      ['last_day', 'INT96'],
      ['ts', 'INT96'],
    ],
  );
  assert.equal(
    await read(
      `SELECT count(ts), min(ts)::TIMESTAMP, max(ts)::TIMESTAMP, any_value(first_day)::TIMESTAMP, any_value(last_day)::TIMESTAMP FROM '${directory}/*.parquet'`,
    ),
    [
      [
        '800',
        '2024-03-31 01:02:03.000001',
        '2024-03-31 01:02:03.000999',
        '0001-01-01 00:00:00',
        '9999-12-31 23:59:59.999999',
      ],
    ],
  );
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Moments WHERE YEAR(last_day) = 9999'), 1000);
});

test('objects that are used cannot be dropped; missing ones are named', async ({ client }) => {
  assert.is((await client.failure('DROP DATABASE SCOPED CREDENTIAL lakeKey')).number, 46520);
  assert.is((await client.failure('DROP EXTERNAL DATA SOURCE nothing')).number, 15151);
  assert.is(
    (
      await client.failure(
        "CREATE EXTERNAL TABLE dbo.E (a int) WITH (LOCATION = '/x', DATA_SOURCE = nothing, FILE_FORMAT = parquet)",
      )
    ).number,
    15151,
  );
  assert.equal(await client.rows("SELECT name, location FROM sys.external_data_sources WHERE name = 'LAKE'"), [
    { name: 'lake', location: 'abfss://lake@devstoreaccount1.dfs.core.windows.net' },
  ]);
});

test.run();
