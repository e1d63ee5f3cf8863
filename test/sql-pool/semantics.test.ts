import * as assert from 'uvu/assert';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{ client: Client }>('sql-pool T-SQL semantics');

test.before(async (context) => {
  context.client = await Client.open(await testPool(), { database: 'semantics' });
  await context.client.run(`CREATE TABLE dbo.Words (id int NOT NULL, word varchar(10), n int, amt decimal(10,2), d datetime) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);
    INSERT INTO dbo.Words VALUES (1, 'Apple', 1, 1.50, '2024-01-31'), (2, 'apple ', 2, 2.25, '2024-02-29 23:59:59'), (3, 'Pear', 4, NULL, NULL), (4, NULL, NULL, -1.00, '1999-12-31')`);
});
test.after(async (context) => {
  await context.client.close();
});

/** An expression and what SQL Server answers. */
const expressions: readonly (readonly [string, unknown])[] = [
  // numbers
  ['7 / 2', 3],
  ['-7 / 2', -3],
  ['-7 % 3', -1],
  ['7 / 2.0', 3.5],
  ['1.0 / 3', 0.333333],
  ['CAST(2 AS decimal(10,2)) / 3', 0.666666],
  ['CAST(1 AS float) / 3', 1 / 3],
  ['CAST(3.99 AS int)', 3],
  ['CAST(-3.99 AS int)', -3],
  ['CAST(3.456 AS decimal(5,2))', 3.46],
  ["'1' + 2", 3],
  ["CAST(' 12 ' AS int)", 12],
  ["CAST('' AS int)", 0],
  ["TRY_CAST('1.5' AS int)", null],
  ["TRY_CONVERT(int, 'x')", null],
  ['ROUND(123.456, 1)', 123.5],
  ['ROUND(150, -2)', 200],
  ['ROUND(123.456, 1, 1)', 123.4],
  ['CEILING(1.2)', 2],
  ['FLOOR(-1.2)', -2],
  ['5 & 3', 1],
  ['5 | 3', 7],
  ['5 ^ 3', 6],
  ['POWER(2, 10)', 1024],
  ['SIGN(-3)', -1],
  ['ABS(-4)', 4],
  ["ISNUMERIC('1e5')", 1],
  ["ISNUMERIC('x')", 0],
  ['CAST(1 AS bit)', true],
  ["CAST('true' AS bit)", true],
  ['CAST(0x0A AS int)', 10],
  // text
  ["'a' + 'b'", 'ab'],
  ["LEN('abc  ')", 3],
  ["LEN(N'𝄞')", 2],
  ["DATALENGTH(N'abc')", 6],
  ["DATALENGTH('abc ')", 4],
  ["CASE WHEN 'abc' = 'ABC  ' THEN 1 ELSE 0 END", 1],
  ["CASE WHEN 'abc' LIKE 'A_C' THEN 1 ELSE 0 END", 1],
  ["CASE WHEN 'b' LIKE '[A-C]' THEN 1 ELSE 0 END", 1],
  ["CASE WHEN 'd' LIKE '[^A-C]' THEN 1 ELSE 0 END", 1],
  ["CASE WHEN '50%' LIKE '50!%' ESCAPE '!' THEN 1 ELSE 0 END", 1],
  ["CASE WHEN '500' LIKE '50!%' ESCAPE '!' THEN 1 ELSE 0 END", 0],
  ["SUBSTRING('hello', 2, 3)", 'ell'],
  ["SUBSTRING('hello', 0, 3)", 'he'],
  ["LEFT('hello', 2)", 'he'],
  ["RIGHT('hello', 2)", 'lo'],
  ["CHARINDEX('L', 'hello')", 3],
  ["CHARINDEX('l', 'hello', 4)", 4],
  ["CHARINDEX('z', 'hello')", 0],
  ["PATINDEX('%l%', 'hello')", 3],
  ["REPLACE('AbaB', 'b', 'x')", 'Axax'],
  ["STUFF('abcdef', 2, 3, 'X')", 'aXef'],
  ["REPLICATE('ab', 3)", 'ababab'],
  ["REVERSE('abc')", 'cba'],
  ["UPPER('abc')", 'ABC'],
  ["LTRIM(RTRIM('  x  '))", 'x'],
  ["CONCAT('a', NULL, 1)", 'a1'],
  ["CONCAT_WS('-', 'a', NULL, 'b')", 'a-b'],
  ["'a' + NULL", null],
  ["CAST('abcdef' AS varchar(3))", 'abc'],
  ["CAST('ab' AS char(4))", 'ab  '],
  ["QUOTENAME('a]b')", '[a]]b]'],
  ['STR(3.14159, 6, 2)', '  3.14'],
  ['CHAR(65)', 'A'],
  ["ASCII('A')", 65],
  ["UNICODE(N'é')", 233],
  ['CAST(1.5 AS varchar(10))', '1.5'],
  ['CAST(CAST(1.5 AS float) AS varchar(20))', '1.5'],
  ['CAST(CAST(12345678 AS float) AS varchar(20))', '1.23457e+007'],
  ['CAST(CAST(1.2345 AS money) AS varchar(10))', '1.23'],
  ["ISNULL(NULL, 'x')", 'x'],
  ["COALESCE(NULL, NULL, 'y')", 'y'],
  ['NULLIF(1, 1)', null],
  ["IIF(1 > 2, 'a', 'b')", 'b'],
  ["CHOOSE(2, 'a', 'b')", 'b'],
  ['JSON_VALUE(\'{"a":{"b":5}}\', \'$.a.b\')', '5'],
  // dates
  ["DATEDIFF(year, '2023-12-31', '2024-01-01')", 1],
  ["DATEDIFF(month, '2024-01-31', '2024-02-01')", 1],
  ["DATEDIFF(day, '2024-01-01 23:59', '2024-01-02 00:01')", 1],
  ["DATEDIFF(week, '2024-01-06', '2024-01-07')", 1],
  ["DATEPART(weekday, '2024-01-07')", 1],
  ["DATEPART(week, '2024-01-07')", 2],
  ["DATEPART(iso_week, '2024-01-07')".replace('iso_week', 'isowk'), 1],
  ["DATEPART(quarter, '2024-05-01')", 2],
  ["DATENAME(month, '2024-05-01')", 'May'],
  ["DATENAME(weekday, '2024-01-07')", 'Sunday'],
  ["YEAR('20240507')", 2024],
  ["CONVERT(varchar(10), DATEADD(month, 1, CAST('2024-01-31' AS date)), 120)", '2024-02-29'],
  ["CONVERT(varchar(10), EOMONTH('2024-02-01'), 23)", '2024-02-29'],
  ["CONVERT(varchar(30), CAST('2024-01-05 13:14:15.123' AS datetime))", 'Jan  5 2024  1:14PM'],
  ["CONVERT(varchar(30), CAST('2024-01-05 13:14:15.123' AS datetime), 121)", '2024-01-05 13:14:15.123'],
  ["CONVERT(varchar(30), CAST('2024-01-05 13:14:15.1234567' AS datetime2(3)), 126)", '2024-01-05T13:14:15.123'],
  ["CONVERT(varchar(8), CAST('2024-01-05' AS datetime), 112)", '20240105'],
  ["CONVERT(varchar(10), CAST('2024-01-05' AS datetime), 101)", '01/05/2024'],
  ["CONVERT(varchar(10), CAST('2024-01-05' AS datetime), 103)", '05/01/2024'],
  ["CONVERT(varchar(12), CAST('13:14:15' AS time(0)), 108)", '13:14:15'],
  ["CONVERT(varchar(10), CONVERT(date, '05/01/2024', 103), 120)", '2024-01-05'],
  ["CAST(CAST('2024-01-05 10:00' AS datetime2(0)) AS varchar(30))", '2024-01-05 10:00:00'],
  ["CONVERT(varchar(30), CAST('2024-01-01 00:00:00.999' AS datetime), 121)", '2024-01-01 00:00:01.000'],
  ["CONVERT(varchar(30), CAST('2024-01-01' AS datetime) + 1.5, 120)", '2024-01-02 12:00:00'],
  ["ISDATE('2024-02-30')", 0],
  ["FORMAT(CAST('2024-01-05' AS date), 'dd/MM/yyyy')", '05/01/2024'],
  ["FORMAT(1234567.891, 'N2')", '1,234,567.89'],
  // hashes
  [
    "CONVERT(varchar(64), HASHBYTES('SHA2_256', 'abc'), 2)",
    'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD',
  ],
  ["CONVERT(varchar(32), HASHBYTES('MD5', N'abc'), 2)", 'CE1473CF80C6B3FDA8E3DFC006ADC315'],
  ['CONVERT(varchar(10), 0x0AFF, 1)', '0x0AFF'],
];

for (const [text, expected] of expressions)
  test(`SELECT ${text}`, async ({ client }) => {
    assert.equal(await client.value(`SELECT ${text} AS v`), expected);
  });

/** A query over the words and its rows, in order. */
const queries: readonly (readonly [string, readonly (readonly unknown[])[]])[] = [
  ['SELECT COUNT(*), SUM(n), AVG(n), MIN(word), MAX(amt) FROM dbo.Words', [[4, 7, 2, 'Apple', 2.25]]],
  ['SELECT AVG(amt) FROM dbo.Words', [[0.916666]]],
  ['SELECT COUNT(DISTINCT word) FROM dbo.Words', [[2]]],
  [
    'SELECT UPPER(MIN(RTRIM(word))), COUNT(*) FROM dbo.Words GROUP BY word ORDER BY 2 DESC, 1',
    [
      ['APPLE', 2],
      [null, 1],
      ['PEAR', 1],
    ],
  ],
  ['SELECT n FROM dbo.Words ORDER BY n', [[null], [1], [2], [4]]],
  ['SELECT n FROM dbo.Words ORDER BY n DESC', [[4], [2], [1], [null]]],
  ["SELECT id FROM dbo.Words WHERE word = 'APPLE' ORDER BY id", [[1], [2]]],
  ["SELECT id FROM dbo.Words WHERE word IN ('pear', 'x')", [[3]]],
  ["SELECT id FROM dbo.Words WHERE word LIKE '%EA%'", [[3]]],
  ["SELECT id FROM dbo.Words WHERE word <> 'apple' ORDER BY id", [[3]]],
  ['SELECT TOP 2 id FROM dbo.Words ORDER BY id DESC', [[4], [3]]],
  ['SELECT TOP (50) PERCENT id FROM dbo.Words ORDER BY id', [[1], [2]]],
  ['SELECT TOP 1 WITH TIES LEN(word) FROM dbo.Words WHERE id < 3 ORDER BY LEN(word)', [[5], [5]]],
  ['SELECT id FROM dbo.Words ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY', [[2], [3]]],
  ['SELECT DISTINCT LOWER(RTRIM(word)) AS w FROM dbo.Words ORDER BY w', [[null], ['apple'], ['pear']]],
  // Which of the equal texts stays is nobody's promise.
  [
    "SELECT LOWER(RTRIM(w)) AS w FROM (SELECT 'a' AS w UNION SELECT 'A ' UNION SELECT 'b') x ORDER BY w",
    [['a'], ['b']],
  ],
  [
    'SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS r FROM dbo.Words ORDER BY id',
    [
      [1, '4'],
      [2, '3'],
      [3, '2'],
      [4, '1'],
    ],
  ],
  [
    'SELECT w.id, x.n FROM dbo.Words w CROSS APPLY (SELECT w.n * 2 AS n WHERE w.n > 1) x ORDER BY w.id',
    [
      [2, 4],
      [3, 8],
    ],
  ],
  [
    'SELECT w.id, x.n FROM dbo.Words w OUTER APPLY (SELECT w.n * 2 AS n WHERE w.n > 1) x WHERE w.id < 3 ORDER BY w.id',
    [
      [1, null],
      [2, 4],
    ],
  ],
  ["SELECT STRING_AGG(CAST(id AS varchar(5)), ',') WITHIN GROUP (ORDER BY id DESC) FROM dbo.Words", [['4,3,2,1']]],
  ['SELECT [1], [2] FROM (SELECT id, n FROM dbo.Words WHERE id < 3) s PIVOT (MAX(n) FOR id IN ([1], [2])) p', [[1, 2]]],
  [
    'SELECT k, v FROM (SELECT id, n FROM dbo.Words WHERE id = 1) s UNPIVOT (v FOR k IN (id, n)) u ORDER BY k',
    [
      ['id', 1],
      ['n', 1],
    ],
  ],
  [
    'SELECT x.a FROM (VALUES (1), (2)) AS x(a) WHERE NOT EXISTS (SELECT 1 FROM dbo.Words w WHERE w.id = x.a AND w.n = 2)',
    [[1]],
  ],
  ['SELECT id FROM dbo.Words WHERE n > ALL (SELECT n FROM dbo.Words WHERE id < 3)', [[3]]],
  ["SELECT value FROM STRING_SPLIT('a,b', ',') ORDER BY value", [['a'], ['b']]],
  [
    'SELECT n % 2 AS odd, SUM(n) AS s FROM dbo.Words WHERE n IS NOT NULL GROUP BY ROLLUP(n % 2) ORDER BY s',
    [
      [1, 1],
      [0, 6],
      [null, 7],
    ],
  ],
  ['SELECT CASE WHEN n IS NULL THEN 0 ELSE n END AS c FROM dbo.Words ORDER BY c', [[0], [1], [2], [4]]],
  ['SELECT id FROM dbo.Words EXCEPT SELECT n FROM dbo.Words ORDER BY id', [[3]]],
];

for (const [text, expected] of queries)
  test(text, async ({ client }) => {
    assert.equal(
      (await client.rows(text)).map((row) => Object.values(row)),
      expected,
    );
  });

/** A text and the number of its error. */
const failures: readonly (readonly [string, number])[] = [
  ['SELECT 1/0', 8134],
  ['SELECT 1 % 0', 8134],
  ['SELECT 1.0/0', 8134],
  ['SELECT * FROM dbo.Nothing', 208],
  ['SELECT nothing FROM dbo.Words', 207],
  ['SELECT w.nothing FROM dbo.Words w', 207],
  ['SELECT x.id FROM dbo.Words w', 4104],
  ['SELECT id FROM dbo.Words a, dbo.Words b', 209],
  ["SELECT CAST('abc' AS int)", 245],
  ["SELECT CAST('abc' AS decimal(10,2))", 8114],
  ["SELECT CAST('abc' AS date)", 241],
  ['SELECT CAST(300 AS tinyint)', 220],
  ['SELECT 2147483647 + 1', 8115],
  ['SELECT SUM(CAST(2147483647 AS int)) FROM (VALUES (1), (2)) x(a)', 8115],
  ['SELECT @nothing', 137],
  ['DECLARE @a int; DECLARE @a int', 134],
  ['SELECT nosuchfunction(1)', 195],
  ['SELECT id, COUNT(*) FROM dbo.Words', 8120],
  ['SELECT (SELECT id FROM dbo.Words)', 512],
  ['SELECT 1 UNION SELECT 1, 2', 205],
  ["SELECT 'abc", 105],
  ['SELECT FROM dbo.Words', 156],
  ['SELECT 1 WHERE 1', 4145],
  ['INSERT INTO dbo.Words (id) VALUES (NULL)', 515],
  ["INSERT INTO dbo.Words (id, word) VALUES (9, 'longer than ten')", 2628],
  ['INSERT INTO dbo.Words (id, word) VALUES (9)', 109],
  ['INSERT INTO dbo.Words (id, nothing) VALUES (9, 1)', 207],
  ['CREATE TABLE dbo.Words (a int)', 2714],
  ['DROP TABLE dbo.Nothing', 3701],
  ['EXEC dbo.nothing', 2812],
  ["EXEC sp_addrolemember 'nothing', 'dbo'", 15151],
  ["SELECT CAST('a' AS geography)", 40517],
  ['SELECT 1 FOR XML PATH', 40517],
  ['CREATE TABLE dbo.X (a xml)', 40517],
  ["THROW 50001, 'mine', 3", 50001],
  ["RAISERROR('number %d', 16, 1, 5)", 50000],
  ['CREATE TABLE dbo.X WITH (HEAP) AS SELECT 1 AS a', 104343],
];

for (const [text, number] of failures)
  test(`${text} is error ${number}`, async ({ client }) => {
    assert.is((await client.failure(text)).number, number);
  });

test.run();
