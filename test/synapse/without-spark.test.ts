import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrossviewError, Json, WireParts } from '@crossview/contracts';
import {
  DateDay,
  Field,
  Int8,
  Int64,
  List,
  makeBuilder,
  Table,
  TimestampMicrosecond,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('synapsesql without Spark', undefined, { timeout: 60_000 });
const open = usePool(test);
const folder = temporaryDirectory('without-spark');
const database = 'sparkless';
let session: SynapseSession;

test.before(async () => {
  const { storage, pool } = await open();
  session = await newSynapse(storage, pool, { sessionId: 'sparkless' });
  await sql(
    pool,
    database,
    `CREATE TABLE dbo.types (n bigint NULL, t time(3) NULL, d datetime NULL, o datetimeoffset NULL, m money NULL, u uniqueidentifier NULL, s nvarchar(20) NULL, y tinyint NULL) WITH (HEAP);
INSERT INTO dbo.types VALUES (1, '12:30:00.5', '2020-01-02 03:04:05.997', '2020-06-01 12:00:00 +02:00', 1.25, '6F9619FF-8B86-D011-B42D-00C04FC964FF', N'größe 😀', 200);
INSERT INTO dbo.types (n) VALUES (NULL);`,
  );
});
test.after(async () => session?.close());

async function fetched(
  source: string,
  more: { options?: Record<string, string>; columns?: string[]; limit?: number } = {},
): Promise<Table> {
  const { data } = (await session.peer.call('synapse.fetch', {
    source,
    options: more.options ?? {},
    cellId: 'c',
    columns: more.columns ?? null,
    limit: more.limit ?? null,
    directory: mkdtempSync(join(folder, 'fetch-')),
  })) as unknown as { data: WireParts };
  const tables = data.parts.map((part) => tableFromIPC(readFileSync(part)));
  assert.is(
    tables.reduce((sum, { numRows }) => sum + numRows, 0),
    data.rows,
  );
  return new Table(
    tables[0]!.schema,
    tables.flatMap(({ batches }) => batches),
  );
}

async function stored(table: Table, name: string, more: { mode?: string; options?: Record<string, string> } = {}) {
  const path = join(mkdtempSync(join(folder, 'store-')), 'rows.arrows');
  writeFileSync(path, tableToIPC(table, 'stream'));
  return (await session.peer.call('synapse.store', {
    table: `${database}.dbo.${name}`,
    tableType: 'INTERNAL',
    location: null,
    mode: more.mode ?? 'ErrorIfExists',
    options: more.options ?? {},
    cellId: 'c',
    parts: [path],
  })) as unknown as { metrics: Record<string, Json>; summary: string };
}

const rowsOf = (table: Table) =>
  JSON.stringify(table.toArray(), (_, value) => (typeof value === 'bigint' ? `${value}n` : value));

test('both roads give the same rows and types', async () => {
  const byTds = await fetched(`${database}.dbo.types`, { options: { reader: 'tds' } });
  const byExport = await fetched(`${database}.dbo.types`, { options: { reader: 'export' } });
  assert.is(byTds.numRows, 2);
  const types = (table: Table) => table.schema.fields.map(({ name, type }) => `${name} ${type}`);
  assert.equal(types(byExport), types(byTds));
  const sorted = (table: Table) =>
    rowsOf(table)
      .split('},{')
      .sort()
      .join('|')
      .replaceAll(/[[\]{}]/g, '');
  assert.is(sorted(byExport), sorted(byTds));
});

test('a query, columns by any case, a limit', async () => {
  const some = await fetched(`SELECT n, s FROM dbo.types WHERE n = 1`, { options: { DATABASE: database } });
  assert.is(some.get(0)?.s, 'größe 😀');
  const narrow = await fetched(`${database}.dbo.types`, { columns: ['S', 'n'], limit: 1 });
  assert.equal([narrow.numRows, narrow.schema.names], [1, ['s', 'n']]);
  const error = await failure(() => fetched(`${database}.dbo.types`, { columns: ['nothing'] }));
  assert.is(error.code, 'COLUMN_NOT_FOUND');
});

test('many rows come by an export, none is lost', async () => {
  const { pool } = await open();
  await sql(
    pool,
    database,
    `CREATE TABLE dbo.many (n bigint NOT NULL) WITH (HEAP);
INSERT INTO dbo.many VALUES (0);
${Array.from({ length: 17 }, (_, power) => `INSERT INTO dbo.many SELECT n + ${2 ** power} FROM dbo.many;`).join('\n')}`,
  );
  const table = await fetched(`${database}.dbo.many`);
  assert.is(table.numRows, 131_072);
  assert.is(
    [...(table.getChild('n') ?? [])].reduce((sum: bigint, value: bigint) => sum + value, 0n),
    8589869056n,
  );
  const query = await fetched('SELECT n FROM dbo.many', { options: { DATABASE: database } });
  assert.is(query.numRows, 131_072);
});

test('Arrow rows are written as Spark’s are: bytes, wall clocks, lists, texts of measured length', async () => {
  const { pool } = await open();
  const list = makeBuilder({ type: new List(new Field('item', new Int64())), nullValues: [null] });
  for (const value of [[1n, 2n], null]) list.append(value as never);
  const rows = new Table({
    b: vectorFromArray([1, null], new Int8()),
    at: vectorFromArray(
      [Date.UTC(2013, 2, 10, 2, 30) * 1000, null].map((value) => (value === null ? null : value / 1000)),
      new TimestampMicrosecond(),
    ),
    day: vectorFromArray([new Date(Date.UTC(2013, 4, 1)), null], new DateDay()),
    l: list.finish().toVector(),
    s: vectorFromArray(['größe 😀', null], new Utf8()),
  });
  const { metrics, summary } = await stored(rows, 'arrow', { options: { maxStringLength: 'measured' } });
  assert.equal([metrics.rows_processed, metrics.SaveModeApplied, metrics.status], [2, 'CREATE', 'Completed']);
  assert.match(summary, /^2 rows /);
  assert.equal(
    await sql(
      pool,
      database,
      'SELECT b, CONVERT(varchar(19), at, 120) AS at, CONVERT(varchar(10), day, 23) AS day, l, s FROM dbo.arrow WHERE b = 1',
    ),
    [{ b: 1, at: '2013-03-10 02:30:00', day: '2013-05-01', l: '[1,2]', s: 'größe 😀' }],
  );
  assert.equal(
    await sql(
      pool,
      database,
      "SELECT CAST(max_length AS int) AS bytes FROM sys.columns WHERE object_id = OBJECT_ID('dbo.arrow') AND name = 's'",
    ),
    [{ bytes: 16 }],
  );
});

test('modes, and an empty table makes the table', async () => {
  const { pool } = await open();
  const two = tableFromArrays({ n: BigInt64Array.from([1n, 2n]) });
  await stored(two, 'modes');
  assert.is(((await failure(() => stored(two, 'modes'))) as CrossviewError).code, 'TABLE_EXISTS');
  assert.is((await stored(two, 'modes', { mode: 'Ignore' })).metrics.status, 'Skipped');
  await stored(two, 'modes', { mode: 'Append' });
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.modes'), [{ n: 4 }]);
  assert.is((await stored(two, 'modes', { mode: 'Overwrite' })).metrics.SaveModeApplied, 'OVERWRITE_SWITCH');
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.modes'), [{ n: 2 }]);
  await stored(two.slice(0, 0), 'nobody');
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.nobody'), [{ n: 0 }]);
});

test.run();
