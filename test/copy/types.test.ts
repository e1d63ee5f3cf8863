import { join } from 'node:path';
import { copyActivity, SparkSource } from '@crossview/copy';
import * as assert from 'uvu/assert';
import { copy, dataset, factory, fileDataset, services, sparkDataset } from '../support/copy-factory.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { serverSql, serverZone, thriftServer } from '../support/thrift.js';

const test = suite('copy: every type of Spark, and what arrives', undefined, { timeout: 180_000 });

/** 1,000 rows in which every column has NULLs, edges and ordinary values. */
const table = `SELECT
  IF(id % 11 = 0, NULL, id % 2 = 0) AS c_boolean,
  IF(id % 12 = 0, NULL, CAST(id % 256 - 128 AS TINYINT)) AS c_byte,
  IF(id % 13 = 0, NULL, CAST(id * 65 - 32768 AS SMALLINT)) AS c_short,
  IF(id % 14 = 0, NULL, CAST(IF(id = 1, -2147483648, id * 2147483) AS INT)) AS c_int,
  CASE WHEN id = 1 THEN 9223372036854775807 WHEN id = 2 THEN -9223372036854775808 WHEN id = 3 THEN 9007199254740993 WHEN id % 15 = 0 THEN NULL ELSE id END AS c_long,
  IF(id % 16 = 0, NULL, CAST(id / 7 AS FLOAT)) AS c_float,
  CASE WHEN id = 1 THEN CAST('NaN' AS DOUBLE) WHEN id = 2 THEN CAST('Infinity' AS DOUBLE) WHEN id % 17 = 0 THEN NULL ELSE id / 7 END AS c_double,
  IF(id % 18 = 0, NULL, DATE_ADD(DATE'1600-01-01', CAST(id * 300 AS INT))) AS c_date,
  IF(id % 19 = 0, NULL, TIMESTAMP'2021-11-07 05:30:00.123456Z' + MAKE_DT_INTERVAL(0, 0, CAST(id AS INT), 0.000001)) AS c_timestamp,
  IF(id % 20 = 0, NULL, TIMESTAMP_NTZ'2021-06-07 01:30:00.654321' + MAKE_DT_INTERVAL(0, 0, CAST(id AS INT), 0.000001)) AS c_ntz,
  CASE WHEN id = 1 THEN '' WHEN id = 2 THEN 'üñ😀\\n"quoted", \\\\ ''single''' WHEN id % 21 = 0 THEN NULL ELSE CONCAT('text ', id) END AS c_string,
  IF(id % 22 = 0, NULL, UNHEX(HEX(id * 7919))) AS c_binary,
  CASE WHEN id = 1 THEN CAST('99999999999999999999999999999999999999' AS DECIMAL(38,0)) WHEN id = 2 THEN CAST('-99999999999999999999999999999999999999' AS DECIMAL(38,0)) WHEN id % 23 = 0 THEN NULL ELSE CAST(id AS DECIMAL(38,0)) END AS c_decimal38,
  IF(id % 24 = 0, NULL, CAST(id / 7 - 50 AS DECIMAL(18,9))) AS c_decimal18,
  IF(id % 25 = 0, NULL, CAST(id / 7 - 50 AS DECIMAL(7,3))) AS c_decimal7,
  IF(id % 26 = 0, NULL, ARRAY(id, NULL)) AS c_array,
  IF(id % 27 = 0, NULL, NAMED_STRUCT('a', CONCAT('x"', id), 'b', CAST(NULL AS INT))) AS c_struct,
  IF(id % 28 = 0, NULL, MAP(CONCAT('k', id), id / 4)) AS c_map,
  IF(id % 29 = 0, NULL, MAKE_YM_INTERVAL(CAST(id AS INT), 7)) AS c_months,
  IF(id % 30 = 0, NULL, MAKE_DT_INTERVAL(CAST(id AS INT), 2, 3, 4.000005)) AS c_days
  FROM range(1, 1001)`;

const intervals = ['c_months', 'c_days'];

test.before(
  async () => {
    await serverSql(`CREATE OR REPLACE TEMPORARY VIEW all_types AS ${table}`);
    await serverSql(
      'CREATE OR REPLACE TEMPORARY VIEW plain_types AS SELECT * EXCEPT (c_months, c_days) FROM all_types',
    );
  },
  { timeout: 180_000 },
);

async function arrivedTypes(version: '1.0' | '2.0', destination: 'interim' | 'view', view: string) {
  const source = await SparkSource.open(
    {
      version,
      host: 'localhost',
      port: await thriftServer('http', 'NONE'),
      serverType: 'SparkThriftServer',
      transport: 'HTTP',
      authenticationType: 'Anonymous',
      username: undefined,
      password: undefined,
      httpPath: 'cliservice',
      tls: undefined,
    },
    `SELECT * FROM ${view}`,
    { version, destination },
  );
  await source.close();
  return source.plan.columns;
}

test('interim types of version 2.0, as the table of the documentation has them', async () => {
  const columns = await arrivedTypes('2.0', 'interim', 'all_types');
  assert.equal(
    columns.map(({ interim }) => interim),
    [
      'Boolean',
      'SByte',
      'Int16',
      'Int32',
      'Int64',
      'Single',
      'Double',
      'DateTime',
      'DateTimeOffset',
      'DateTime',
      'String',
      'Byte[]',
      'Decimal',
      'Decimal',
      'Decimal',
      'String',
      'String',
      'String',
      'String',
      'String',
    ],
  );
  assert.is(String(columns[8]!.arrow), `Timestamp<MICROSECOND, ${serverZone}>`);
});

test('interim types of version 1.0; intervals are refused by name', async () => {
  const columns = await arrivedTypes('1.0', 'interim', 'plain_types');
  assert.equal(
    columns.map(({ interim }) => interim),
    [
      'Boolean',
      'Int16',
      'Int16',
      'Int32',
      'Int64',
      'Single',
      'Double',
      'DateTime',
      'DateTime',
      'DateTime',
      'String',
      'Byte[]',
      'Decimal',
      'Decimal',
      'Decimal',
      'String',
      'String',
      'String',
    ],
  );
  try {
    await arrivedTypes('1.0', 'interim', 'all_types');
    assert.unreachable();
  } catch (error) {
    const { code, facts } = error as { code: string; facts: { columns: string } };
    assert.is(code, 'COPY_TYPE_NOT_SUPPORTED');
    for (const name of intervals) assert.match(facts.columns, name);
  }
});

test('a temp view keeps Spark’s own types', async () => {
  const columns = await arrivedTypes('1.0', 'view', 'plain_types');
  const types = Object.fromEntries(columns.map(({ name, arrow }) => [name, String(arrow)]));
  assert.is(types.c_date, 'Date32<DAY>');
  assert.is(types.c_timestamp, `Timestamp<MICROSECOND, ${serverZone}>`);
  assert.is(types.c_ntz, 'Timestamp<MICROSECOND>');
  assert.is(types.c_byte, 'Int8');
});

/** A moment without zone stands in INT96 as if it were UTC; this turns what Spark reads back into its clock. */
const clock = (column: string) =>
  `TIMESTAMP_NTZ'1970-01-01' + MAKE_DT_INTERVAL(0, 0, 0, CAST(CAST(UNIX_MICROS(${column}) AS DECIMAL(24, 6)) / 1000000 AS DECIMAL(18, 6)))`;

async function roundTrip(version: '1.0' | '2.0', view: string, given: string, arrived: string): Promise<void> {
  const folder = temporaryDirectory('copy-types');
  const all = await factory(folder, [
    sparkDataset('In', version === '2.0' ? 'Spark2' : 'Spark1', { table: view }),
    fileDataset('Out', 'Parquet', { fileName: 'out.parquet' }),
  ]);
  const output = await copyActivity(copy('C', dataset('In'), dataset('Out'), { type: 'ParquetSink' }), all, {
    services: await services(),
  });
  assert.is(output.rowsRead, 1_000);
  assert.is(output.rowsCopied, 1_000);
  const file = `parquet.\`${join(folder, 'out.parquet')}\``;
  // Spark itself judges: neither side has a row that the other has not.
  for (const [one, other] of [
    [`SELECT ${given} FROM ${view}`, `SELECT ${arrived} FROM ${file}`],
    [`SELECT ${arrived} FROM ${file}`, `SELECT ${given} FROM ${view}`],
  ])
    await serverSql(
      `SELECT ASSERT_TRUE(n = 0, CONCAT(n, ' rows differ, the first is ', example)) FROM (SELECT COUNT(*) AS n, MIN(TO_JSON(STRUCT(*))) AS example FROM (${one} EXCEPT ALL ${other}))`,
    );
}

const same =
  'c_boolean, c_short, c_int, c_long, c_float, c_double, c_string, c_binary, c_decimal38, c_decimal18, c_decimal7';
const nested = ['c_array', 'c_struct', 'c_map'];
const json = nested.map((name) => `TO_JSON(${name}, MAP('ignoreNullFields', 'false'))`).join(', ');

test('version 2.0 through Parquet, checked by Spark: no digit and no microsecond is lost', () =>
  roundTrip(
    '2.0',
    'all_types',
    `${same}, c_byte, c_timestamp, CAST(c_date AS TIMESTAMP_NTZ), c_ntz, ${json}`,
    `${same}, c_byte, c_timestamp, ${clock('c_date')}, ${clock('c_ntz')}, ${nested.join(', ')}`,
  ));

test('version 1.0 through Parquet, checked by Spark', () =>
  roundTrip(
    '1.0',
    'plain_types',
    `${same}, CAST(c_byte AS SMALLINT), CAST(c_timestamp AS TIMESTAMP_NTZ), CAST(c_date AS TIMESTAMP_NTZ), c_ntz, ${json}`,
    `${same}, c_byte, ${clock('c_timestamp')}, ${clock('c_date')}, ${clock('c_ntz')}, ${nested.join(', ')}`,
  ));

test.run();
