import { readFileSync } from 'node:fs';
import type { CrossviewError, SqlConnection, SqlMessage } from '@crossview/contracts';
import { createSqlClient } from '@crossview/synapse';
import { type Table, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { administrator, query, type TestPool, usePool } from '../support/synapse.js';

const test = suite('sql-client', undefined, { timeout: 30_000 });
const directory = temporaryDirectory('sql-client');
const client = createSqlClient();
let pool: TestPool;
let connection: SqlConnection;

test.before(async () => {
  pool = (await open()).pool;
  connection = await client.connect(await pool.target('clienttest'));
});
test.after(async () => {
  await connection?.close();
  await connection?.close();
});
const open = usePool(test);

async function table(text: string): Promise<Table> {
  const [set] = await connection.query(text, { directory });
  return tableFromIPC(readFileSync(set?.rows?.parts[0] ?? ''));
}

function value(from: Table, name: string, row = 0): unknown {
  return from.getChild(name)?.get(row);
}

/** The unscaled whole number of an Arrow decimal. */
function unscaled(from: Table, name: string): bigint {
  const words = [...(value(from, name) as Uint32Array)];
  return BigInt.asIntN(
    128,
    words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
  );
}

test('whole numbers of every width', async () => {
  const rows = await table(
    `SELECT CAST(255 AS tinyint) AS a, CAST(-32768 AS smallint) AS b, CAST(-2147483648 AS int) AS c,
     CAST(9223372036854775807 AS bigint) AS d, CAST(-9223372036854775808 AS bigint) AS e, CAST(1 AS bit) AS f, CAST(NULL AS bigint) AS g`,
  );
  assert.equal(
    { ...rows.get(0)?.toJSON() },
    {
      a: 255,
      b: -32768,
      c: -2147483648,
      d: 9223372036854775807n,
      e: -9223372036854775808n,
      f: true,
      g: null,
    },
  );
});

test('decimals of 38 digits and money keep every digit', async () => {
  const rows = await table(
    `SELECT CAST('12345678901234567890123456789012345.678' AS decimal(38,3)) AS a,
     CAST('-99999999999999999999999999999999999999' AS decimal(38,0)) AS b, CAST('-0.01' AS decimal(5,2)) AS c,
     CAST('922337203685477.5807' AS money) AS d, CAST('123456789012345678.9' AS decimal(19,1)) AS e`,
  );
  assert.is(unscaled(rows, 'a'), 12345678901234567890123456789012345678n);
  assert.is(unscaled(rows, 'b'), -99999999999999999999999999999999999999n);
  assert.is(unscaled(rows, 'c'), -1n);
  assert.is(unscaled(rows, 'd'), 9223372036854775807n);
  assert.is(unscaled(rows, 'e'), 1234567890123456789n);
  assert.match(String(rows.schema.fields[0]?.type), /Decimal/);
  assert.is(rows.schema.fields[0]?.metadata.get('crossview.sqlType'), 'decimal(38,3)');
});

test('times keep their microseconds, and an offset becomes the instant', async () => {
  const rows = await table(
    `SELECT CAST('2013-01-02 03:04:05.1234567' AS datetime2(7)) AS a, CAST('0001-01-01' AS date) AS b, CAST('9999-12-31' AS date) AS c,
     CAST('23:59:59.999999' AS time(6)) AS d, CAST('2020-06-01 12:00:00 +02:00' AS datetimeoffset) AS e,
     CAST('0001-01-01 00:00:00' AS datetime2(7)) AS f, CAST('9999-12-31 23:59:59.999999' AS datetime2(6)) AS g,
     CAST('2020-01-01 00:00:00.997' AS datetime) AS h`,
  );
  const raw = (name: string) => rows.getChild(name)?.data[0]?.values[0] as bigint | number;
  const micros = (text: string) => BigInt(Date.parse(text)) * 1000n;
  assert.is(raw('a'), micros('2013-01-02T03:04:05Z') + 123456n);
  assert.is(raw('b'), Date.parse('0001-01-01T00:00:00Z') / 86_400_000);
  assert.is(raw('c'), Date.parse('9999-12-31T00:00:00Z') / 86_400_000);
  assert.is(raw('d'), 86_399_999_999n);
  assert.is(raw('e'), micros('2020-06-01T10:00:00Z'));
  assert.is(raw('f'), micros('0001-01-01T00:00:00Z'));
  assert.is(raw('g'), micros('9999-12-31T23:59:59Z') + 999_999n);
  assert.is(raw('h'), micros('2020-01-01T00:00:00.997Z'));
  assert.match(String(rows.schema.fields.find(({ name }) => name === 'e')?.type), /UTC/);
});

test('texts, bytes, floats, identifiers and NULLs', async () => {
  const rows = await table(
    `SELECT N'größe 😀 表' AS a, CAST('plain' AS varchar(10)) AS b, CAST(0x00FF10 AS varbinary(10)) AS c, CAST(0.1 AS float) AS d,
     CAST(0.5 AS real) AS e, CAST('6F9619FF-8B86-D011-B42D-00C04FC964FF' AS uniqueidentifier) AS f, CAST(NULL AS nvarchar(5)) AS g,
     CAST(NULL AS decimal(10,2)) AS h, CAST(NULL AS datetime2) AS i, N'' AS j`,
  );
  const row = { ...rows.get(0)?.toJSON() } as Record<string, unknown>;
  assert.is(row.a, 'größe 😀 表');
  assert.is(row.b, 'plain');
  assert.equal([...(row.c as Uint8Array)], [0, 255, 16]);
  assert.is(row.d, 0.1);
  assert.is(row.e, 0.5);
  assert.is(String(row.f).toUpperCase(), '6F9619FF-8B86-D011-B42D-00C04FC964FF');
  assert.equal([row.g, row.h, row.i, row.j], [null, null, null, '']);
});

test('many rows come in several batches, with NULLs where they were', async () => {
  await connection.query(
    "IF OBJECT_ID('dbo.many') IS NOT NULL DROP TABLE dbo.many; CREATE TABLE dbo.many (n bigint, s nvarchar(20) NULL) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)",
    { directory },
  );
  await connection.query('INSERT INTO dbo.many VALUES (0, NULL)', { directory });
  for (let step = 1; step < 131_072; step *= 2)
    await connection.query(
      `INSERT INTO dbo.many SELECT n + ${step}, CASE WHEN (n + ${step}) % 3 = 0 THEN NULL ELSE CAST(n + ${step} AS nvarchar(20)) END FROM dbo.many`,
      { directory },
    );
  const rows = await table('SELECT n, s FROM dbo.many ORDER BY n');
  assert.is(rows.numRows, 131_072);
  assert.ok(rows.batches.length > 1);
  for (const at of [0, 1, 3, 65_535, 65_536, 131_071]) {
    assert.is(value(rows, 'n', at), BigInt(at));
    assert.is(value(rows, 's', at), at % 3 === 0 ? null : String(at));
  }
  const [limited] = await connection.query('SELECT n FROM dbo.many', { directory, limit: 10 });
  assert.equal([limited?.rows?.rows, limited?.rows?.totalRows], [10, 131_072]);
});

test('several results, counts and messages keep their order', async () => {
  const messages: SqlMessage[] = [];
  const sets = await connection.query(
    "CREATE TABLE #t (a int); INSERT INTO #t VALUES (1), (2); PRINT 'between'; SELECT a FROM #t WHERE 1 = 0; SELECT a FROM #t; DROP TABLE #t;",
    { directory, onMessage: (message) => void messages.push(message) },
  );
  assert.equal(
    sets
      .filter((set) => set.rows !== undefined || (set.rowsAffected ?? 0) > 0)
      .map(({ rows, rowsAffected }) => rows?.rows ?? `affected ${rowsAffected}`),
    ['affected 2', 0, 2],
  );
  assert.ok(messages.some(({ text }) => text === 'between'));
});

test('parameters are bound, never text', async () => {
  const text = "'; DROP TABLE x;-- ]größe";
  const [set] = await connection.query('SELECT @a AS a, @b AS b, @c AS c, @d AS d, @e AS e, @f AS f', {
    directory,
    parameters: [
      { name: 'a', value: text },
      { name: 'b', value: 5 },
      { name: 'c', value: 9007199254740993n },
      { name: 'd', value: true },
      { name: 'e', value: 0.25 },
      { name: 'f', value: null },
    ],
  });
  const rows = tableFromIPC(readFileSync(set?.rows?.parts[0] ?? ''));
  assert.equal({ ...rows.get(0)?.toJSON() }, { a: text, b: 5, c: 9007199254740993n, d: true, e: 0.25, f: null });
});

test('an error has number, state and line, and the connection goes on', async () => {
  const error = await failure(() => connection.query('SELECT 1;\nSELECT * FROM dbo.nothing_here', { directory }));
  assert.is(error.code, 'SQL_FAILED');
  assert.is(error.facts.number, 208);
  assert.match(error.message, /nothing_here/);
  assert.equal(await query(connection, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('Stop ends a running batch and the connection goes on', async () => {
  const stop = new AbortController();
  const started = Date.now();
  setTimeout(() => stop.abort(), 300);
  const error = await failure(() =>
    connection.query(
      'SELECT COUNT_BIG(*) AS n FROM dbo.many AS a CROSS JOIN dbo.many AS b CROSS JOIN dbo.many AS c WHERE a.n + b.n + c.n = -1',
      {
        directory,
        signal: stop.signal,
      },
    ),
  );
  assert.is(error.code, 'SQL_CANCELLED');
  assert.ok(Date.now() - started < 10_000);
  assert.equal(await query(connection, 'SELECT 2 AS two'), [{ two: 2 }]);
  assert.is(
    (await failure(() => connection.query('SELECT 1', { directory, signal: stop.signal }))).code,
    'SQL_CANCELLED',
  );
});

test('a wrong password names server, database and user, and shows no password', async () => {
  const password = 'not-the-Password-1';
  const error = await failure(async () =>
    client.connect(await pool.target('clienttest', { user: administrator.user, password })),
  );
  assert.is(error.code, 'SQL_LOGIN_FAILED');
  assert.equal([error.facts.user, error.facts.database], [administrator.user, 'clienttest']);
  assert.not.ok(JSON.stringify(error.toJSON()).includes(password));
});

test('a server whose certificate is not trusted, or is of another name, is not talked to', async () => {
  const target = await pool.target('clienttest');
  const untrusted = await failure(() => client.connect({ ...target, certificateAuthority: undefined }));
  assert.is(untrusted.code, 'SQL_UNREACHABLE');
  assert.match(untrusted.message, /certificate/i);
  const misnamed = await failure(() => client.connect({ ...target, certificateName: 'other.example' }));
  assert.is(misnamed.code, 'SQL_UNREACHABLE');
});

test('nobody there is an error within seconds', async () => {
  const target = await pool.target('clienttest');
  const error: CrossviewError = await failure(() => client.connect({ ...target, port: 1 }));
  assert.is(error.code, 'SQL_UNREACHABLE');
});

test('a closed connection says so', async () => {
  const other = await client.connect(await pool.target('clienttest'));
  await other.close();
  assert.is((await failure(() => other.query('SELECT 1', { directory }))).code, 'SQL_CONNECTION_LOST');
});

test.run();
