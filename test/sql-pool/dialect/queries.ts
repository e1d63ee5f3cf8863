import type { Case } from '../../support/corpus.js';

export const prepare: readonly string[] = [
  `CREATE TABLE dbo.Emp (id int NOT NULL, name varchar(20), dept varchar(10), boss int, pay decimal(10,2), hired date) WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX);
   INSERT INTO dbo.Emp VALUES (1, 'Ann', 'it', NULL, 500, '2020-01-15'), (2, 'Bob', 'IT', 1, 300, '2021-06-01'), (3, 'Cid', 'hr', 1, 300, '2021-07-01'), (4, 'Dan ', 'hr', 3, 200, '2022-01-01'), (5, 'eve', NULL, 3, NULL, NULL);
   CREATE TABLE dbo.Dept (code varchar(10) NOT NULL, title nvarchar(30)) WITH (DISTRIBUTION = REPLICATE, HEAP);
   INSERT INTO dbo.Dept VALUES ('IT', N'Technology'), ('HR', N'People'), ('OP', N'Operations');
   CREATE TABLE dbo.Sales (yr int, qtr int, amt int) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP);
   INSERT INTO dbo.Sales VALUES (2023, 1, 10), (2023, 2, 20), (2024, 1, 30), (2024, 2, 40), (2024, 2, 5)`,
  `CREATE VIEW dbo.Paid AS SELECT id, name, pay FROM dbo.Emp WHERE pay IS NOT NULL`,
  `CREATE FUNCTION dbo.Above(@least decimal(10,2)) RETURNS TABLE AS RETURN (SELECT id, name FROM dbo.Emp WHERE pay >= @least)`,
];

export const cases: readonly Case[] = [
  // joins
  [
    'SELECT e.name, d.title FROM dbo.Emp e JOIN dbo.Dept d ON d.code = e.dept ORDER BY e.id',
    [
      ['Ann', 'Technology'],
      ['Bob', 'Technology'],
      ['Cid', 'People'],
      ['Dan ', 'People'],
    ],
  ],
  ['SELECT COUNT(*) FROM dbo.Emp e LEFT OUTER JOIN dbo.Dept d ON d.code = e.dept', [[5]]],
  [
    'SELECT d.code, COUNT(e.id) FROM dbo.Emp e RIGHT JOIN dbo.Dept d ON d.code = e.dept GROUP BY d.code ORDER BY d.code',
    [
      ['HR', 2],
      ['IT', 2],
      ['OP', 0],
    ],
  ],
  ['SELECT COUNT(*) FROM dbo.Emp e FULL OUTER JOIN dbo.Dept d ON d.code = e.dept', [[6]]],
  ['SELECT COUNT(*) FROM dbo.Emp CROSS JOIN dbo.Dept', [[15]]],
  ['SELECT COUNT(*) FROM dbo.Emp, dbo.Dept WHERE Emp.dept = Dept.code', [[4]]],
  ["SELECT a.id FROM dbo.Emp a INNER HASH JOIN dbo.Emp b ON a.boss = b.id WHERE b.name = 'ANN' ORDER BY 1", [[2], [3]]],
  [
    'SELECT a.id FROM dbo.Emp AS a LEFT JOIN (dbo.Emp AS b JOIN dbo.Dept AS d ON d.code = b.dept) ON b.id = a.boss WHERE b.id IS NULL ORDER BY a.id',
    [[1]],
  ],
  [
    'SELECT a.id FROM dbo.Emp a LEFT JOIN dbo.Emp b INNER JOIN dbo.Dept d ON d.code = b.dept ON b.id = a.boss WHERE d.code IS NULL',
    [[1]],
  ],
  ['SELECT dbo.Emp.name FROM dbo.Emp WHERE dbo.Emp.id = 1', [['Ann']]],
  ['SELECT corpus_queries.dbo.Emp.name FROM corpus_queries.dbo.Emp WHERE id = 1', [['Ann']]],
  ['SELECT [e].[name] FROM [dbo].[Emp] AS [e] WHERE "e"."id" = 1', [['Ann']]],
  ['SELECT name FROM Emp WITH (NOLOCK) WHERE id = 1', [['Ann']]],
  ['SELECT e.name FROM dbo.Emp e (NOLOCK) WHERE id = 1', [['Ann']]],
  ["SELECT name FROM dbo.Emp WHERE id = 1 OPTION (LABEL = 'x', HASH JOIN, MAXDOP 1)", [['Ann']]],
  // APPLY
  [
    'SELECT d.code, t.name FROM dbo.Dept d CROSS APPLY (SELECT TOP 1 name FROM dbo.Emp e WHERE e.dept = d.code ORDER BY e.id DESC) t ORDER BY d.code',
    [
      ['HR', 'Dan '],
      ['IT', 'Bob'],
    ],
  ],
  [
    'SELECT d.code, t.name FROM dbo.Dept d OUTER APPLY (SELECT TOP (1) name FROM dbo.Emp e WHERE e.dept = d.code ORDER BY id) t ORDER BY d.code',
    [
      ['HR', 'Cid'],
      ['IT', 'Ann'],
      ['OP', null],
    ],
  ],
  [
    "SELECT e.id, s.value FROM dbo.Emp e CROSS APPLY STRING_SPLIT(e.name, 'n') s WHERE e.id = 1 ORDER BY s.value",
    [
      [1, ''],
      [1, ''],
      [1, 'A'],
    ],
  ],
  [
    "SELECT e.id, v.k, v.x FROM dbo.Emp e CROSS APPLY (VALUES ('a', e.id), ('b', e.boss)) v(k, x) WHERE e.id = 2 ORDER BY k",
    [
      [2, 'a', 2],
      [2, 'b', 1],
    ],
  ],
  ['SELECT a.name FROM dbo.Above(300) a ORDER BY a.id', [['Ann'], ['Bob'], ['Cid']]],
  [
    "SELECT d.code, a.n FROM dbo.Dept d CROSS APPLY (SELECT COUNT(*) AS n FROM dbo.Above(LEN(d.code) * 150) x) a WHERE d.code = 'IT'",
    [['IT', 3]],
  ],
  ["SELECT d.code, a.id FROM dbo.Dept d CROSS APPLY dbo.Above(LEN(d.code) * 200) a WHERE d.code = 'IT'", [['IT', 1]]],
  // common tables
  ['WITH a AS (SELECT 1 AS x), b(y) AS (SELECT x + 1 FROM a) SELECT a.x, b.y FROM a, b', [[1, 2]]],
  [
    'WITH a AS (SELECT dept, SUM(pay) AS s FROM dbo.Emp GROUP BY dept) SELECT MAX(s) FROM a WHERE s > (SELECT AVG(s) FROM a)',
    [[800]],
  ],
  ['WITH t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT SUM(n) FROM t', /40517 .*recursive/i],
  ['WITH x AS (SELECT TOP 2 id FROM dbo.Emp ORDER BY id DESC) SELECT SUM(id) FROM x', [[9]]],
  ['WITH x AS (SELECT id FROM dbo.Emp ORDER BY id DESC) SELECT SUM(id) FROM x', 1033],
  ['SELECT * FROM (SELECT id FROM dbo.Emp ORDER BY id) x', 1033],
  ['SELECT x.id FROM (SELECT id FROM dbo.Emp WHERE id < 3) AS x ORDER BY x.id', [[1], [2]]],
  ['SELECT * FROM (SELECT id FROM dbo.Emp)', 102],
  ['SELECT * FROM (SELECT 1) x', 8155],
  ['SELECT a, b FROM (SELECT 1, 2) x(a, b)', [[1, 2]]],
  // TOP, OFFSET
  ['SELECT TOP 1 id FROM dbo.Emp ORDER BY id', [[1]]],
  ['DECLARE @n int = 2; SELECT TOP (@n) id FROM dbo.Emp ORDER BY id', [[1], [2]]],
  ['SELECT TOP 40 PERCENT id FROM dbo.Emp ORDER BY id', [[1], [2]]],
  [
    'SELECT TOP 2 WITH TIES id, pay FROM dbo.Emp ORDER BY pay DESC',
    [
      [1, 500],
      [2, 300],
      [3, 300],
    ],
  ],
  ['SELECT DISTINCT TOP 2 pay FROM dbo.Emp ORDER BY pay DESC', [[500], [300]]],
  ['SELECT TOP 0 id FROM dbo.Emp', []],
  ['SELECT TOP -1 id FROM dbo.Emp', 102],
  ['SELECT id FROM dbo.Emp ORDER BY id OFFSET 3 ROWS', [[4], [5]]],
  ['DECLARE @o int = 1; SELECT id FROM dbo.Emp ORDER BY id OFFSET @o ROWS FETCH FIRST (@o + 1) ROWS ONLY', [[2], [3]]],
  ['SELECT id FROM dbo.Emp ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY', [[1]]],
  ['SELECT id FROM dbo.Emp ORDER BY 2', 108],
  ['SELECT DISTINCT dept FROM dbo.Emp ORDER BY id', 145],
  ['SELECT id AS n FROM dbo.Emp ORDER BY CASE WHEN id = 3 THEN 0 ELSE 1 END, n DESC', [[3], [5], [4], [2], [1]]],
  ['SELECT name FROM dbo.Emp WHERE id > 3 ORDER BY name COLLATE Latin1_General_BIN2', [['Dan '], ['eve']]],
  ['SELECT name FROM dbo.Emp ORDER BY name', [['Ann'], ['Bob'], ['Cid'], ['Dan '], ['eve']]],
  // grouping
  [
    'SELECT UPPER(dept), COUNT(*), SUM(pay) FROM dbo.Emp GROUP BY UPPER(dept) HAVING COUNT(*) > 1 ORDER BY 1',
    [
      ['HR', 2, 500],
      ['IT', 2, 800],
    ],
  ],
  ['SELECT COUNT(DISTINCT dept), COUNT(DISTINCT pay), COUNT(pay) FROM dbo.Emp', [[2, 3, 4]]],
  [
    'SELECT yr, qtr, SUM(amt) AS s, GROUPING(yr) AS a, GROUPING(qtr) AS b FROM dbo.Sales GROUP BY ROLLUP (yr, qtr) ORDER BY a, yr, b, qtr',
    [
      [2023, 1, 10, 0, 0],
      [2023, 2, 20, 0, 0],
      [2023, null, 30, 0, 1],
      [2024, 1, 30, 0, 0],
      [2024, 2, 45, 0, 0],
      [2024, null, 75, 0, 1],
      [null, null, 105, 1, 1],
    ],
  ],
  [
    'SELECT yr, qtr, SUM(amt) AS s FROM dbo.Sales GROUP BY yr, qtr WITH ROLLUP ORDER BY yr, qtr',
    [
      [null, null, 105],
      [2023, null, 30],
      [2023, 1, 10],
      [2023, 2, 20],
      [2024, null, 75],
      [2024, 1, 30],
      [2024, 2, 45],
    ],
  ],
  ['SELECT COUNT(*) FROM (SELECT yr, qtr, SUM(amt) AS s FROM dbo.Sales GROUP BY CUBE (yr, qtr)) x', [[9]]],
  [
    'SELECT yr, SUM(amt) AS s FROM dbo.Sales GROUP BY GROUPING SETS ((yr), ()) ORDER BY s',
    [
      [2023, 30],
      [2024, 75],
      [null, 105],
    ],
  ],
  [
    'SELECT yr, GROUPING_ID(yr, qtr) AS g, SUM(amt) AS s FROM dbo.Sales GROUP BY GROUPING SETS ((yr, qtr), (yr), ()) HAVING GROUPING_ID(yr, qtr) > 0 ORDER BY g, yr',
    [
      [2023, 1, 30],
      [2024, 1, 75],
      [null, 3, 105],
    ],
  ],
  [
    'SELECT dept, COUNT(*) AS n FROM dbo.Emp WHERE dept IS NOT NULL GROUP BY ROLLUP (dept) ORDER BY n, LOWER(dept)',
    [
      ['hr', 2],
      ['it', 2],
      [null, 4],
    ],
  ],
  [
    "SELECT CASE WHEN GROUPING(dept) = 1 THEN 'all' ELSE UPPER(dept) END AS d, COUNT(*) AS n FROM dbo.Emp WHERE dept IS NOT NULL GROUP BY ROLLUP (dept) ORDER BY n, d",
    [
      ['HR', 2],
      ['IT', 2],
      ['all', 4],
    ],
  ],
  [
    'SELECT YEAR(hired), COUNT(*) FROM dbo.Emp GROUP BY YEAR(hired) ORDER BY YEAR(hired)',
    [
      [null, 1],
      [2020, 1],
      [2021, 2],
      [2022, 1],
    ],
  ],
  ['SELECT MAX(name) FROM dbo.Emp HAVING COUNT(*) > 10', []],
  ['SELECT name FROM dbo.Emp GROUP BY dept', 8120],
  ['SELECT id FROM dbo.Emp WHERE COUNT(*) > 1', 147],
  ['SELECT dept FROM dbo.Emp GROUP BY 1', 164],
  ['SELECT SUM(SUM(pay)) FROM dbo.Emp', 130],
  ['SELECT SUM(SUM(pay)) OVER () FROM dbo.Emp GROUP BY dept', [[1300], [1300], [1300]]],
  [
    "SELECT STRING_AGG(RTRIM(name), ', ') WITHIN GROUP (ORDER BY name DESC) FROM dbo.Emp",
    [['eve, Dan, Cid, Bob, Ann']],
  ],
  [
    "SELECT dept, STRING_AGG(name, '|') WITHIN GROUP (ORDER BY id) FROM dbo.Emp WHERE dept = 'it' GROUP BY dept",
    [['it', 'Ann|Bob']],
  ],
  ['SELECT ROUND(STDEV(pay), 3), ROUND(VARP(pay), 3) FROM dbo.Emp', [[125.831, 11875]]],
  ['SELECT APPROX_COUNT_DISTINCT(dept) FROM dbo.Emp', [['2']]],
  ['SELECT MIN(hired), MAX(hired) FROM dbo.Emp', [['2020-01-15T00:00:00.000Z', '2022-01-01T00:00:00.000Z']]],
  ['SELECT CHECKSUM_AGG(id) FROM dbo.Emp', [[1]]],
  // windows
  [
    'SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM dbo.Emp ORDER BY id',
    [
      [1, 1],
      [2, 3],
      [3, 6],
      [4, 10],
      [5, 15],
    ],
  ],
  [
    'SELECT id, SUM(id) OVER (ORDER BY id ROWS 1 PRECEDING) FROM dbo.Emp ORDER BY id',
    [
      [1, 1],
      [2, 3],
      [3, 5],
      [4, 7],
      [5, 9],
    ],
  ],
  [
    'SELECT id, AVG(pay) OVER (PARTITION BY dept) AS a FROM dbo.Emp WHERE id < 5 ORDER BY id',
    [
      [1, 400],
      [2, 400],
      [3, 250],
      [4, 250],
    ],
  ],
  [
    'SELECT id, RANK() OVER (ORDER BY pay DESC) r, DENSE_RANK() OVER (ORDER BY pay DESC) d FROM dbo.Emp WHERE id < 5 ORDER BY id',
    [
      [1, '1', '1'],
      [2, '2', '2'],
      [3, '2', '2'],
      [4, '4', '3'],
    ],
  ],
  [
    'SELECT id, LAG(id, 1, 0) OVER (ORDER BY id) l, LEAD(id) OVER (ORDER BY id) m FROM dbo.Emp WHERE id < 3 ORDER BY id',
    [
      [1, 0, 2],
      [2, 1, null],
    ],
  ],
  [
    "SELECT id, FIRST_VALUE(name) OVER (PARTITION BY dept ORDER BY id) f, LAST_VALUE(name) OVER (PARTITION BY dept ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) l FROM dbo.Emp WHERE dept = 'it' ORDER BY id",
    [
      [1, 'Ann', 'Bob'],
      [2, 'Ann', 'Bob'],
    ],
  ],
  [
    'SELECT id, NTILE(2) OVER (ORDER BY id) FROM dbo.Emp WHERE id < 4 ORDER BY id',
    [
      [1, '1'],
      [2, '1'],
      [3, '2'],
    ],
  ],
  ['SELECT DISTINCT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY pay) OVER () FROM dbo.Emp', [[300]]],
  [
    "SELECT DISTINCT dept, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY pay DESC) OVER (PARTITION BY dept) AS p FROM dbo.Emp WHERE dept = 'it'",
    [['it', 500]],
  ],
  [
    'SELECT id, CUME_DIST() OVER (ORDER BY id), PERCENT_RANK() OVER (ORDER BY id) FROM dbo.Emp WHERE id < 3 ORDER BY id',
    [
      [1, 0.5, 0],
      [2, 1, 1],
    ],
  ],
  [
    'SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY dept ORDER BY pay DESC) AS n FROM dbo.Emp) x WHERE n = 1 ORDER BY id',
    [[1], [3], [5]],
  ],
  ['SELECT ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS n FROM dbo.Dept ORDER BY n', [['1'], ['2'], ['3']]],
  ['SELECT ROW_NUMBER() FROM dbo.Dept', 10753],
  ['SELECT ROW_NUMBER() OVER () FROM dbo.Dept', 4112],
  ['SELECT id FROM dbo.Emp WHERE ROW_NUMBER() OVER (ORDER BY id) = 1', 4108],
  // sets
  ['SELECT 1 AS a UNION SELECT 2 UNION ALL SELECT 2 ORDER BY a', [[1], [2], [2]]],
  ['SELECT UPPER(dept) AS d FROM dbo.Emp INTERSECT SELECT code FROM dbo.Dept ORDER BY d', [['HR'], ['IT']]],
  ['SELECT code FROM dbo.Dept EXCEPT SELECT dept FROM dbo.Emp', [['OP']]],
  ['(SELECT 1 AS a UNION ALL SELECT 1) EXCEPT SELECT 2', [[1]]],
  ["SELECT 1 UNION SELECT 'x'", 245],
  ["SELECT 1 AS a UNION ALL SELECT '2' ORDER BY a DESC", [[2], [1]]],
  ['SELECT id FROM dbo.Emp UNION SELECT 1, 2', 205],
  // predicates and subqueries
  ['SELECT id FROM dbo.Emp e WHERE EXISTS (SELECT * FROM dbo.Emp b WHERE b.boss = e.id) ORDER BY id', [[1], [3]]],
  ["SELECT id FROM dbo.Emp WHERE boss NOT IN (SELECT id FROM dbo.Emp WHERE dept = 'it') ORDER BY id", [[4], [5]]],
  ['SELECT id FROM dbo.Emp WHERE pay >= ALL (SELECT pay FROM dbo.Emp WHERE pay IS NOT NULL)', [[1]]],
  ['SELECT id FROM dbo.Emp WHERE pay = ANY (SELECT pay FROM dbo.Emp WHERE id = 2) ORDER BY id', [[2], [3]]],
  ['SELECT id FROM dbo.Emp WHERE pay < SOME (SELECT pay FROM dbo.Emp) ORDER BY id', [[2], [3], [4]]],
  [
    'SELECT id, (SELECT title FROM dbo.Dept WHERE code = e.dept) AS t FROM dbo.Emp e WHERE id IN (1, 5) ORDER BY id',
    [
      [1, 'Technology'],
      [5, null],
    ],
  ],
  ['SELECT (SELECT id, name FROM dbo.Emp)', 116],
  ["SELECT id FROM dbo.Emp WHERE name LIKE '[a-c]%' ORDER BY id", [[1], [2], [3]]],
  ["SELECT id FROM dbo.Emp WHERE name LIKE 'dan' ", [[4]]],
  ["SELECT id FROM dbo.Emp WHERE name = 'DAN'", [[4]]],
  ["SELECT id FROM dbo.Emp WHERE name COLLATE Latin1_General_100_BIN2 = 'EVE'", []],
  ["SELECT id FROM dbo.Emp WHERE hired BETWEEN '2021-01-01' AND '20211231' ORDER BY id", [[2], [3]]],
  ["SELECT id FROM dbo.Emp WHERE id = '3'", [[3]]],
  ['SELECT id FROM dbo.Emp WHERE name = 3', 245],
  ["SELECT id FROM dbo.Emp WHERE pay = 'x'", 8114],
  ["SELECT id FROM dbo.Emp WHERE hired = 'x'", 241],
  ['SELECT id FROM dbo.Emp WHERE id', 4145],
  ['SELECT id = 1, n = name FROM dbo.Emp WHERE id = 1', [[1, 'Ann']]],
  ["SELECT id 'a b', name AS [c] FROM dbo.Emp WHERE id = 1", [[1, 'Ann']]],
  ['SELECT e.*, 1 AS one FROM dbo.Emp AS e WHERE id = 5', [[5, 'eve', null, 3, null, null, 1]]],
  // pivot
  [
    'SELECT * FROM (SELECT yr, qtr, amt FROM dbo.Sales) s PIVOT (SUM(amt) FOR qtr IN ([1], [2])) p ORDER BY yr',
    [
      [2023, 10, 20],
      [2024, 30, 45],
    ],
  ],
  [
    'SELECT yr, [1] AS q1, [2] AS q2 FROM dbo.Sales PIVOT (COUNT(amt) FOR qtr IN ([1], [2])) AS p ORDER BY yr',
    [
      [2023, 1, 1],
      [2024, 1, 2],
    ],
  ],
  [
    'SELECT yr, q, amt FROM (SELECT yr, [1], [2] FROM dbo.Sales PIVOT (SUM(amt) FOR qtr IN ([1], [2])) p) x UNPIVOT (amt FOR q IN ([1], [2])) u WHERE yr = 2023 ORDER BY q',
    [
      [2023, '1', 10],
      [2023, '2', 20],
    ],
  ],
  ["SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, c) WHERE c = 'B'", [[2, 'b']]],
  ['SELECT COUNT(*) FROM dbo.Emp TABLESAMPLE (100 PERCENT)', [[5]]],
  // views, functions
  ['SELECT COUNT(*) FROM dbo.Paid', [[4]]],
  ['SELECT p.name FROM dbo.Paid p WHERE p.pay > (SELECT AVG(pay) FROM dbo.Paid)', [['Ann']]],
  // text that differs in case or trailing blanks is one group, in sets and pivots too
  [
    "SELECT LOWER(RTRIM(g)) AS g, SUM(n) AS n, GROUPING(g) AS t FROM (VALUES ('a', 1), ('A ', 2), ('b', 4)) v(g, n) GROUP BY ROLLUP (g) ORDER BY t, g",
    [
      ['a', 3, 0],
      ['b', 4, 0],
      [null, 7, 1],
    ],
  ],
  [
    "SELECT CASE WHEN GROUPING(g) = 1 THEN 'all' ELSE LOWER(RTRIM(g)) END AS g, k, SUM(n) FROM (VALUES ('a', 1, 1), ('A ', 1, 2), ('b', 2, 4)) v(g, k, n) GROUP BY CUBE (g, k) HAVING GROUPING(k) = 1 ORDER BY g",
    [
      ['a', null, 3],
      ['all', null, 7],
      ['b', null, 4],
    ],
  ],
  [
    "SELECT LOWER(RTRIM(g)) AS g, [1], [2] FROM (VALUES ('a', 1, 1), ('A ', 2, 2)) v(g, k, n) PIVOT (SUM(n) FOR k IN ([1], [2])) p",
    [['a', 1, 2]],
  ],
  [
    "SELECT id, RANK() OVER (ORDER BY g) AS r FROM (VALUES (1, 'a'), (2, 'A '), (3, 'b')) v(id, g) ORDER BY id",
    [
      [1, '1'],
      [2, '1'],
      [3, '3'],
    ],
  ],
  ["SELECT id FROM (VALUES (1, 'a'), (2, 'A '), (3, 'b')) v(id, g) ORDER BY g, id DESC", [[2], [1], [3]]],
  [
    "SELECT g, id FROM (VALUES (1, 'a '), (2, 'a'), (3, 'b')) v(id, g) ORDER BY g DESC, id",
    [
      ['b', 3],
      ['a ', 1],
      ['a', 2],
    ],
  ],
  ["SELECT TOP 1 WITH TIES id FROM (VALUES (1, 'a'), (2, 'A '), (3, 'b')) v(id, g) ORDER BY g", '*'],
  // FOR JSON
  [
    'SELECT id, name FROM dbo.Emp WHERE id < 3 ORDER BY id FOR JSON PATH',
    [['[{"id":1,"name":"Ann"},{"id":2,"name":"Bob"}]']],
  ],
  [
    "SELECT id AS 'a.b', dept AS 'a.c' FROM dbo.Emp WHERE id = 5 FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER",
    [['{"a":{"b":5,"c":null}}']],
  ],
  [
    "SELECT id, pay, hired FROM dbo.Emp WHERE id = 1 FOR JSON PATH, ROOT('r')",
    [['{"r":[{"id":1,"pay":500.00,"hired":"2020-01-15"}]}']],
  ],
  ['SELECT id, name FROM dbo.Emp WHERE id = 1 FOR JSON AUTO', [['[{"id":1,"name":"Ann"}]']]],
  ['SELECT (SELECT id FROM dbo.Emp WHERE id < 3 ORDER BY id FOR JSON PATH) AS j', [['[{"id":1},{"id":2}]']]],
  ['SELECT id FROM dbo.Emp FOR XML PATH', /40517 .*FOR XML/],
  // names that are not there
  ['SELECT nothing.id FROM dbo.Emp', 4104],
  ['SELECT id FROM dbo.Emp e JOIN dbo.Emp f ON e.id = f.id', 209],
  ['SELECT e.id FROM dbo.Emp e JOIN dbo.Dept e ON 1 = 1', 1011],
  ['SELECT * FROM nosuch.Emp', 208],
  ['SELECT * FROM dbo.Emp WHERE', 102],
  ['SELEC 1', 2812],
  ['SELECT 1 FROM', 102],
  ['SELECT 1 +', 102],
  ["SELECT 'abc", 105],
  ['SELECT /* 1', 113],
  ['SELECT (1', 102],
  ['SELECT table FROM dbo.Emp', 156],
];
