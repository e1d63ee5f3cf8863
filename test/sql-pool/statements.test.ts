import { TYPES } from 'tedious';
import * as assert from 'uvu/assert';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{ client: Client }>('sql-pool statements');

test.before(async (context) => {
  context.client = await Client.open(await testPool(), { database: 'statements' });
});
test.after(async (context) => {
  await context.client.close();
});

test('every type goes in and comes out', async ({ client }) => {
  await client.run(
    `CREATE TABLE dbo.AllTypes (bt bit, ti tinyint, si smallint, i int, bi bigint, de decimal(38,10), nu numeric(9,2), mo money, sm smallmoney, fl float, re real, da date, tm time(7), dt datetime, d2 datetime2(7), sd smalldatetime, dto datetimeoffset(7), ch char(4), vc varchar(10), nc nchar(4), nv nvarchar(10), vm varchar(max), nm nvarchar(max), bn binary(3), vb varbinary(5), bm varbinary(max), g uniqueidentifier);
    INSERT INTO dbo.AllTypes VALUES (1, 255, -32768, -2147483648, 9223372036854775807, 1234567890123456789012345678.0123456789, 1234567.89, 922337203685477.5807, -214748.3648, 1.5e300, 1.5, '9999-12-31', '23:59:59.999999', '2024-01-02 03:04:05.997', '0001-01-01 00:00:00.000001', '2024-01-02 03:04:31', '2024-01-02 03:04:05.5 +00:00', 'ab', 'é€', N'ж', N'日本', REPLICATE(CAST('x' AS varchar(max)), 9000), N'', 0x0102, 0xFF, 0x, '6F9619FF-8B86-D011-B42D-00C04FC964FF');
    INSERT INTO dbo.AllTypes (i) VALUES (NULL)`.replace('0x0102, 0xFF', '0x010200, 0xFF'),
  );
  const [row, nulls] = await client.rows('SELECT * FROM dbo.AllTypes ORDER BY i DESC');
  assert.is(row!.bt, true);
  assert.equal([row!.ti, row!.si, row!.i, row!.bi], [255, -32768, -2147483648, '9223372036854775807']);
  assert.is(
    await client.value('SELECT CAST(de AS varchar(50)) FROM dbo.AllTypes WHERE i IS NOT NULL'),
    '1234567890123456789012345678.0123456789',
  );
  assert.equal([row!.nu, row!.sm, row!.fl, row!.re], [1234567.89, -214748.3648, 1.5e300, 1.5]);
  assert.is((row!.da as Date).toISOString(), '9999-12-31T00:00:00.000Z');
  assert.is((row!.dt as Date).toISOString(), '2024-01-02T03:04:05.997Z');
  assert.is((row!.sd as Date).toISOString(), '2024-01-02T03:05:00.000Z');
  assert.is((row!.dto as Date).toISOString(), '2024-01-02T03:04:05.500Z');
  assert.equal([row!.ch, row!.vc, row!.nc, row!.nv, row!.nm], ['ab  ', 'é€', 'ж   ', '日本', '']);
  assert.is((row!.vm as string).length, 9000);
  assert.equal([...(row!.vb as Buffer)], [255]);
  assert.is((row!.bm as Buffer).length, 0);
  assert.is(row!.g, '6F9619FF-8B86-D011-B42D-00C04FC964FF');
  assert.ok(Object.values(nulls!).every((value) => value === null));
});

test('a database is renamed when nobody is in it, and keeps its settings until it is dropped', async ({ client }) => {
  const own = await Client.open(await testPool(), { database: 'settings before' });
  await own.run(
    'CREATE TABLE dbo.Kept (i int); INSERT INTO dbo.Kept VALUES (7); ALTER DATABASE CURRENT SET RESULT_SET_CACHING ON',
  );
  const rename = 'ALTER DATABASE [settings before] MODIFY NAME = [settings after]';
  assert.is((await client.failure(rename)).number, 5030);
  await own.close();
  await client.run(rename);
  const cached = () =>
    client.rows("SELECT name, is_result_set_caching_on AS cached FROM sys.databases WHERE name LIKE 'settings%'");
  assert.equal(await cached(), [{ name: 'settings after', cached: true }]);
  const renamed = await Client.open(await testPool(), { database: 'settings after' });
  assert.is(await renamed.value('SELECT i FROM dbo.Kept'), 7);
  await renamed.close();
  await client.run('DROP DATABASE [settings after]; CREATE DATABASE [settings after]');
  assert.equal(await cached(), [{ name: 'settings after', cached: false }]);
  await client.run('DROP DATABASE [settings after]');
});

test('parameters of every kind, and what they are not: text', async ({ client }) => {
  const rows = await client.rows(
    'SELECT @i AS i, @b AS b, @s AS s, @n AS n, @d AS d, @m AS m, @x AS x, @t AS t WHERE @s = N\u0027x\u0027\u0027; DROP TABLE y\u0027',
    (request) => {
      request.addParameter('i', TYPES.Int, 41);
      request.addParameter('b', TYPES.BigInt, '9007199254740993');
      request.addParameter('s', TYPES.NVarChar, "x'; DROP TABLE y");
      request.addParameter('n', TYPES.Int, null);
      request.addParameter('d', TYPES.DateTime2, new Date('2024-01-02T03:04:05.678Z'));
      request.addParameter('m', TYPES.Decimal, 12.34, { precision: 18, scale: 2 });
      request.addParameter('x', TYPES.VarBinary, Buffer.from([1, 2]));
      request.addParameter('t', TYPES.Bit, true);
    },
  );
  assert.is(rows[0]!.i, 41);
  assert.is(rows[0]!.b, '9007199254740993');
  assert.is(rows[0]!.n, null);
  assert.is((rows[0]!.d as Date).toISOString(), '2024-01-02T03:04:05.678Z');
  assert.is(rows[0]!.m, 12.34);
  assert.is(rows[0]!.t, true);
});

test('control flow, variables, TRY and CATCH, PRINT, procedures with output', async ({ client }) => {
  const flow = await client.run(`DECLARE @i int = 0, @s varchar(50) = '';
    WHILE @i < 10 BEGIN SET @i += 1; IF @i = 3 CONTINUE; IF @i > 5 BREAK; SET @s = @s + CAST(@i AS varchar(2)) + ','; END
    PRINT @s;
    BEGIN TRY SELECT 1/0 AS x; END TRY BEGIN CATCH SELECT ERROR_NUMBER() AS n, ERROR_MESSAGE() AS m; END CATCH
    SELECT @i AS i, @@ROWCOUNT AS r`);
  assert.equal(flow.messages.at(-1), '1,2,4,5,');
  assert.equal(flow.sets.at(-2), [{ n: 8134, m: 'Divide by zero error encountered.' }]);
  assert.equal(flow.sets.at(-1), [{ i: 6, r: 1 }]);
  await client.run(
    'CREATE PROCEDURE dbo.Twice @a int, @b int = 5 OUTPUT AS BEGIN SET NOCOUNT ON; SET @b = @a * 2 + @b; SELECT @a AS a; RETURN 7; END',
  );
  const called = await client.run(
    'DECLARE @o int = 1, @r int; EXEC @r = dbo.Twice @a = 10, @b = @o OUTPUT; SELECT @o AS o, @r AS r',
  );
  assert.equal(called.sets, [[{ a: 10 }], [{ o: 21, r: 7 }]]);
  assert.is((await client.failure('EXEC dbo.Twice')).number, 201);
  await client.run(
    'CREATE FUNCTION dbo.AddTax(@amount decimal(10,2)) RETURNS decimal(12,2) AS BEGIN RETURN @amount * 1.25 END',
  );
  assert.is(await client.value('SELECT dbo.AddTax(10)'), 12.5);
  assert.equal(
    (await client.run("EXEC sp_executesql N'SELECT @a + @b AS r', N'@a int, @b int', @a = 1, @b = 2")).sets,
    [[{ r: 3 }]],
  );
});

test('after an error that does not end the batch the next statement runs', async ({ client }) => {
  await client.run('CREATE TABLE dbo.Few (a int NOT NULL)');
  assert.is((await client.failure('INSERT INTO dbo.Few VALUES (NULL); INSERT INTO dbo.Few VALUES (1)')).number, 515);
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Few'), 1);
});

test('changes by joins, MERGE, temporary tables, SELECT INTO', async ({ client }) => {
  await client.run(`CREATE TABLE dbo.Tgt (id int, nm varchar(10)); INSERT INTO dbo.Tgt VALUES (1, 'a'), (2, 'b'), (3, 'c');
    CREATE TABLE #src (id int, nm varchar(10)); INSERT INTO #src VALUES (2, 'B!'), (4, 'd')`);
  assert.equal(
    (await client.run('UPDATE t SET t.nm = s.nm FROM dbo.Tgt t INNER JOIN #src s ON s.id = t.id')).counts,
    [1],
  );
  assert.equal(
    (await client.run('DELETE t FROM dbo.Tgt t LEFT JOIN #src s ON s.id = t.id WHERE s.id IS NULL AND t.id = 3'))
      .counts,
    [1],
  );
  await client.run(
    "MERGE INTO dbo.Tgt AS t USING #src AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET nm = s.nm + '?' WHEN NOT MATCHED BY TARGET THEN INSERT (id, nm) VALUES (s.id, s.nm) WHEN NOT MATCHED BY SOURCE THEN DELETE;",
  );
  assert.equal(await client.rows('SELECT id, nm FROM dbo.Tgt ORDER BY id'), [
    { id: 2, nm: 'B!?' },
    { id: 4, nm: 'd' },
  ]);
  assert.equal((await client.run('SELECT * INTO #copy FROM dbo.Tgt; SELECT COUNT(*) AS n FROM #copy')).sets.at(-1), [
    { n: 2 },
  ]);
  assert.is((await client.failure('CREATE TABLE #src (a int)')).number, 2714);
  await client.run('DROP TABLE #src, #copy');
});

test('RENAME OBJECT, TRUNCATE, ALTER TABLE, identity, defaults, SWITCH', async ({ client }) => {
  await client.run(
    "CREATE TABLE dbo.Old (id int IDENTITY(10, 5) NOT NULL, nm varchar(10) NOT NULL DEFAULT 'x') WITH (DISTRIBUTION = ROUND_ROBIN, HEAP); INSERT INTO dbo.Old (nm) VALUES ('a'); INSERT INTO dbo.Old DEFAULT VALUES; INSERT INTO dbo.Old (nm) VALUES (DEFAULT)",
  );
  assert.equal(await client.rows('SELECT * FROM dbo.Old ORDER BY id'), [
    { id: 10, nm: 'a' },
    { id: 15, nm: 'x' },
    { id: 20, nm: 'x' },
  ]);
  await client.run('RENAME OBJECT dbo.Old TO New');
  assert.is((await client.failure('SELECT * FROM dbo.Old')).number, 208);
  await client.run('ALTER TABLE dbo.New ADD extra nvarchar(5) NULL; ALTER TABLE dbo.New DROP COLUMN extra');
  await client.run('TRUNCATE TABLE dbo.New');
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.New'), 0);
  await client.run(
    'CREATE TABLE dbo.A (i int) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN); CREATE TABLE dbo.B (i int) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN); INSERT INTO dbo.A VALUES (1), (2); INSERT INTO dbo.B VALUES (9)',
  );
  assert.is((await client.failure('ALTER TABLE dbo.A SWITCH TO dbo.B')).number, 4904);
  await client.run('ALTER TABLE dbo.A SWITCH TO dbo.B WITH (TRUNCATE_TARGET = ON)');
  assert.equal(await client.rows('SELECT (SELECT COUNT(*) FROM dbo.A) AS a, (SELECT SUM(i) FROM dbo.B) AS b'), [
    { a: 0, b: 3 },
  ]);
});

test('SWITCH of whole tables moves no row, and what belongs to a table stays with its name', async ({ client }) => {
  const shape = 'id int NOT NULL, nm varchar(10) NULL';
  await client.run(`CREATE TABLE dbo.Live (${shape}) WITH (HEAP, DISTRIBUTION = HASH(id));
ALTER TABLE dbo.Live ADD CONSTRAINT pk_live PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED;
CREATE TABLE dbo.Next (${shape}) WITH (HEAP, DISTRIBUTION = HASH(id));
INSERT INTO dbo.Live VALUES (1, 'old'); INSERT INTO dbo.Next VALUES (2, 'new'); INSERT INTO dbo.Next VALUES (3, NULL);`);
  await client.run('CREATE VIEW dbo.Seen AS SELECT id FROM dbo.Live');
  const about = () =>
    client.rows(
      "SELECT name, CONVERT(varchar(30), create_date, 121) AS made FROM sys.tables WHERE name IN ('Live', 'Next') ORDER BY name",
    );
  const keys = () =>
    client.rows("SELECT OBJECT_NAME(parent_object_id) AS t, name FROM sys.key_constraints WHERE name = 'pk_live'");
  const before = await about();
  await client.run('ALTER TABLE dbo.Next SWITCH TO dbo.Live WITH (TRUNCATE_TARGET = ON)');
  assert.equal(await about(), before);
  assert.equal(await keys(), [{ t: 'Live', name: 'pk_live' }]);
  assert.equal(await client.rows('SELECT * FROM dbo.Live ORDER BY id'), [
    { id: 2, nm: 'new' },
    { id: 3, nm: null },
  ]);
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Next'), 0);
  assert.is(await client.value('SELECT SUM(id) FROM dbo.Seen'), 5);
  await client.run("INSERT INTO dbo.Next VALUES (4, 'n')");
  await client.run('ALTER TABLE dbo.Next SWITCH TO dbo.Live WITH (TRUNCATE_TARGET = ON)');
  assert.is(await client.value('SELECT SUM(id) FROM dbo.Seen'), 4);
  // A default stays with its table, so that its rows are moved.
  await client.run(`CREATE TABLE dbo.WithDefault (id int NOT NULL, nm varchar(10) NULL DEFAULT 'x') WITH (HEAP, DISTRIBUTION = HASH(id));
INSERT INTO dbo.Live VALUES (6, 'six');
ALTER TABLE dbo.Live SWITCH TO dbo.WithDefault;
INSERT INTO dbo.WithDefault (id) VALUES (7)`);
  assert.equal(await client.rows('SELECT nm FROM dbo.WithDefault WHERE id > 5 ORDER BY id'), [
    { nm: 'six' },
    { nm: 'x' },
  ]);
  assert.is(await client.value('SELECT COUNT(*) FROM dbo.Live'), 0);
});

test('three-part names reach other databases', async ({ client }) => {
  const other = await Client.open(await testPool(), { database: 'elsewhere' });
  await other.run('CREATE TABLE stage.Far (a int); INSERT INTO stage.Far VALUES (5)');
  await other.close();
  assert.is(await client.value('SELECT a FROM elsewhere.stage.Far'), 5);
  assert.is(await client.value('SELECT COUNT(*) FROM STATEMENTS.dbo.Few'), 1);
  assert.is((await client.failure('SELECT * FROM nowhere.dbo.T')).number, 208);
});

test('metadata of columns is as declared', async ({ client }) => {
  const request = await client.run(
    "SELECT vc, nv, de, d2, CAST('x' AS varchar(7)) AS c, COUNT(*) OVER () AS n FROM dbo.AllTypes",
  );
  assert.is(request.sets.length, 1);
  assert.equal(
    await client.rows(
      "SELECT COLUMN_NAME AS c, DATA_TYPE AS t, CHARACTER_MAXIMUM_LENGTH AS l, NUMERIC_PRECISION AS p, NUMERIC_SCALE AS s FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'AllTypes' AND COLUMN_NAME IN ('de', 'nv', 'vm') ORDER BY ORDINAL_POSITION",
    ),
    [
      { c: 'de', t: 'decimal', l: null, p: 38, s: 10 },
      { c: 'nv', t: 'nvarchar', l: 10, p: null, s: null },
      { c: 'vm', t: 'varchar', l: -1, p: null, s: null },
    ],
  );
});

test.run();
