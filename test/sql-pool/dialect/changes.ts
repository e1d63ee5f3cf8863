import type { Case } from '../../support/corpus.js';

export const prepare: readonly string[] = [
  `CREATE TABLE dbo.Goods (id int NOT NULL, nm varchar(5), qty int DEFAULT 7, price decimal(8,2), at datetime2(0)) WITH (DISTRIBUTION = HASH(id));
   CREATE TABLE dbo.News (id int, nm varchar(5), qty int) WITH (DISTRIBUTION = HASH(id));
   INSERT INTO dbo.News VALUES (1, 'one', 10), (2, 'two', 20), (9, 'nine', 90)`,
];

const reset =
  "TRUNCATE TABLE dbo.Goods; INSERT INTO dbo.Goods (id, nm, qty, price) VALUES (1, 'a', 1, 1.5), (2, 'b', 2, 2.5), (3, 'c', NULL, NULL);";
const all = 'SELECT id, nm, qty FROM dbo.Goods ORDER BY id';

/** INSERT, UPDATE, DELETE, MERGE and what they refuse. */
export const cases: readonly Case[] = [
  [
    `${reset} ${all}`,
    [
      [1, 'a', 1],
      [2, 'b', 2],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} INSERT dbo.Goods (id) VALUES (4); ${all}`,
    [
      [1, 'a', 1],
      [2, 'b', 2],
      [3, 'c', null],
      [4, null, 7],
    ],
  ],
  [`${reset} INSERT INTO dbo.Goods (id, qty) VALUES (4, DEFAULT); SELECT qty FROM dbo.Goods WHERE id = 4`, [[7]]],
  [
    `${reset} INSERT INTO dbo.Goods (id, nm) SELECT id + 10, nm FROM dbo.News WHERE id < 3; SELECT COUNT(*) FROM dbo.Goods`,
    [[5]],
  ],
  [`${reset} INSERT INTO dbo.Goods (id, nm) SELECT 4, 'x' UNION ALL SELECT 5, 'y'; SELECT @@ROWCOUNT`, [[2]]],
  [
    `${reset} WITH s AS (SELECT 8 AS i) INSERT INTO dbo.Goods (id) SELECT i FROM s; SELECT MAX(id) FROM dbo.Goods`,
    [[8]],
  ],
  [
    `${reset} UPDATE dbo.Goods SET qty = qty + 1, nm = UPPER(nm) WHERE id <= 2; ${all}`,
    [
      [1, 'A', 2],
      [2, 'B', 3],
      [3, 'c', null],
    ],
  ],
  [`${reset} UPDATE dbo.Goods SET qty += 5; SELECT SUM(qty) FROM dbo.Goods`, [[13]]],
  [
    `${reset} UPDATE g SET g.qty = n.qty FROM dbo.Goods g JOIN dbo.News n ON n.id = g.id; ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} UPDATE dbo.Goods SET qty = n.qty FROM dbo.News n WHERE n.id = Goods.id; ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} UPDATE dbo.Goods SET qty = n.qty FROM dbo.News AS n WHERE n.id = dbo.Goods.id; ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} UPDATE dbo.Goods SET qty = (SELECT MAX(qty) FROM dbo.News n WHERE n.id = Goods.id); ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} WITH s AS (SELECT id, qty FROM dbo.News) UPDATE g SET qty = s.qty FROM dbo.Goods g JOIN s ON s.id = g.id; ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
      [3, 'c', null],
    ],
  ],
  [
    `${reset} UPDATE dbo.Goods SET qty = DEFAULT WHERE id = 3; ${all}`,
    [
      [1, 'a', 1],
      [2, 'b', 2],
      [3, 'c', 7],
    ],
  ],
  [
    `${reset} UPDATE dbo.Goods SET nm = CASE WHEN EXISTS (SELECT 1 FROM dbo.News n WHERE n.id = Goods.id) THEN 'in' ELSE 'out' END; ${all}`,
    [
      [1, 'in', 1],
      [2, 'in', 2],
      [3, 'out', null],
    ],
  ],
  [`${reset} DELETE FROM dbo.Goods WHERE id = 1; SELECT COUNT(*) FROM dbo.Goods`, [[2]]],
  [`${reset} DELETE dbo.Goods; SELECT COUNT(*) FROM dbo.Goods`, [[0]]],
  [`${reset} DELETE FROM dbo.Goods WHERE id IN (SELECT id FROM dbo.News); ${all}`, [[3, 'c', null]]],
  [`${reset} DELETE g FROM dbo.Goods g INNER JOIN dbo.News n ON n.id = g.id; ${all}`, [[3, 'c', null]]],
  [`${reset} DELETE FROM dbo.Goods FROM dbo.News n WHERE n.id = dbo.Goods.id; ${all}`, [[3, 'c', null]]],
  [
    `${reset} DELETE FROM dbo.Goods WHERE EXISTS (SELECT 1 FROM dbo.News n WHERE n.id = Goods.id) OPTION (LABEL = 'd'); ${all}`,
    [[3, 'c', null]],
  ],
  [
    `${reset} MERGE dbo.Goods AS t USING dbo.News AS s ON t.id = s.id WHEN MATCHED AND s.qty > 10 THEN UPDATE SET t.qty = s.qty WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, nm, qty) VALUES (s.id, s.nm, s.qty); ${all}`,
    [
      [2, 'b', 20],
      [3, 'c', null],
      [9, 'nine', 90],
    ],
  ],
  [
    `${reset} MERGE INTO dbo.Goods t USING (SELECT id, SUM(qty) AS q FROM dbo.News GROUP BY id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET qty = s.q WHEN NOT MATCHED BY SOURCE THEN DELETE; ${all}`,
    [
      [1, 'a', 10],
      [2, 'b', 20],
    ],
  ],
  [
    `${reset} MERGE INTO dbo.Goods USING dbo.News ON Goods.id = News.id WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (News.id); SELECT COUNT(*) FROM dbo.Goods`,
    [[4]],
  ],
  [
    `${reset} MERGE dbo.Goods t USING (SELECT 1 AS id UNION ALL SELECT 1) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET qty = 0;`,
    8672,
  ],
  [`${reset} MERGE dbo.Goods t USING dbo.News s ON t.id = s.id WHEN MATCHED THEN DELETE`, 10713],
  [`${reset} SELECT id, nm INTO #g FROM dbo.Goods WHERE id < 3; SELECT COUNT(*) FROM #g; DROP TABLE #g`, [[2]]],
  ['SELECT id INTO dbo.Into1 FROM dbo.News; SELECT COUNT(*) FROM dbo.Into1', [[3]]],
  [
    `CREATE TABLE #t (a int, b varchar(3)); INSERT INTO #t VALUES (1, 'x'); UPDATE #t SET b = 'y'; SELECT * FROM #t; DROP TABLE #t`,
    [[1, 'y']],
  ],
  [
    'CREATE TABLE #t WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT id FROM dbo.News; SELECT COUNT(*) FROM tempdb..#t; DROP TABLE #t',
    [[3]],
  ],
  [
    "IF OBJECT_ID('tempdb..#t') IS NOT NULL DROP TABLE #t; CREATE TABLE #t (a int); SELECT CASE WHEN OBJECT_ID('tempdb..#t') IS NULL THEN 0 ELSE 1 END; DROP TABLE IF EXISTS #t",
    [[1]],
  ],
  ['SELECT * FROM #nothing', 208],
  // lengths and conversions
  ["INSERT INTO dbo.Goods (id, nm) VALUES (1, 'toolong')", 2628],
  ["UPDATE dbo.Goods SET nm = 'toolong' WHERE id = 1", 2628],
  [
    "INSERT INTO dbo.Goods (id, nm) VALUES (77, 'abc       '); SELECT DATALENGTH(nm) FROM dbo.Goods WHERE id = 77",
    [[5]],
  ],
  ["INSERT INTO dbo.Goods (id) VALUES ('x')", 245],
  ["INSERT INTO dbo.Goods (id, price) VALUES (1, 'x')", 8114],
  ["INSERT INTO dbo.Goods (id, at) VALUES (1, 'x')", 241],
  ['INSERT INTO dbo.Goods (id, price) VALUES (1, 1234567.89)', 8115],
  ['INSERT INTO dbo.Goods (id, price) VALUES (78, 1.555); SELECT price FROM dbo.Goods WHERE id = 78', [[1.56]]],
  ['INSERT INTO dbo.Goods (id, qty) VALUES (1, 2147483648)', 8115],
  ['INSERT INTO dbo.Goods (nm) VALUES (1)', 515],
  ['INSERT INTO dbo.Goods (id, nm) VALUES (79, 12345); SELECT nm FROM dbo.Goods WHERE id = 79', [['12345']]],
  ['INSERT INTO dbo.Goods (id, qty) VALUES (80, 1.9); SELECT qty FROM dbo.Goods WHERE id = 80', [[1]]],
  ['INSERT INTO dbo.Goods VALUES (1)', 213],
  ['INSERT INTO dbo.Goods (id, qty) VALUES (1)', 109],
  ['INSERT INTO dbo.Goods (id) VALUES (1, 2)', 110],
  ['INSERT INTO dbo.Goods (id, nm) SELECT 1', 120],
  ['INSERT INTO dbo.Goods (id) SELECT 1, 2', 121],
  ['INSERT INTO dbo.Nothing VALUES (1)', 208],
  ['UPDATE dbo.Goods SET nothing = 1', 207],
  ['UPDATE dbo.Nothing SET a = 1', 208],
  ['UPDATE dbo.Goods SET id = NULL', 515],
  ['DELETE FROM dbo.Nothing', 208],
  ['INSERT INTO dbo.Goods (id, id) VALUES (1, 2)', 264],
  ['UPDATE dbo.Goods SET qty = 1, qty = 2', 264],
  ['INSERT INTO dbo.Goods (id) OUTPUT inserted.id VALUES (1)', /40517 .*OUTPUT/],
  ['DELETE TOP (1) FROM dbo.Goods', /40517 .*TOP/],
  ['UPDATE TOP (1) dbo.Goods SET qty = 1', /40517 .*TOP/],
  ['INSERT INTO dbo.Goods (id) EXEC dbo.x', /40517 .*EXEC/],
  // identity
  [
    'CREATE TABLE dbo.Ident (id int IDENTITY(1,1), v int); INSERT INTO dbo.Ident (v) VALUES (5), (6); SELECT COUNT(DISTINCT id) FROM dbo.Ident',
    [[2]],
  ],
  ['INSERT INTO dbo.Ident (id, v) VALUES (1, 1)', 544],
  [
    'SET IDENTITY_INSERT dbo.Ident ON; INSERT INTO dbo.Ident (id, v) VALUES (100, 1); SET IDENTITY_INSERT dbo.Ident OFF; SELECT MAX(id) FROM dbo.Ident',
    [[100]],
  ],
  ['SELECT SCOPE_IDENTITY()', /40517 .*SCOPE_IDENTITY/],
  ['SELECT @@IDENTITY', /40517 .*@@IDENTITY/],
  ['SELECT @@dbts', /40517 .*@@DBTS/],
  ['SELECT @@NOBODY', 137],
  ['SELECT name FROM sys.fn_helpcollations()', /40517 .*sys\.fn_helpcollations/],
  ['SELECT name FROM dbo.fn_helpcollations()', 208],
  // transactions
  [`${reset} BEGIN TRAN; DELETE FROM dbo.Goods; ROLLBACK TRAN; SELECT COUNT(*) FROM dbo.Goods`, [[3]]],
  [
    `${reset} BEGIN TRANSACTION; DELETE FROM dbo.Goods WHERE id = 1; COMMIT; SELECT COUNT(*), @@TRANCOUNT FROM dbo.Goods`,
    [[2, 0]],
  ],
  ['COMMIT', 3902],
  ['ROLLBACK', 3903],
  [
    'BEGIN TRAN; BEGIN TRY CREATE TABLE dbo.InTran (a int); END TRY BEGIN CATCH SELECT ERROR_NUMBER() AS n; END CATCH; ROLLBACK',
    [[111212]],
  ],
  ['BEGIN TRAN; CREATE TABLE #gone (a int); ROLLBACK; SELECT * FROM #gone', 208],
  [
    'CREATE TABLE #stays (a int); BEGIN TRAN; DROP TABLE #stays; ROLLBACK; SELECT COUNT(*) FROM #stays; DROP TABLE #stays',
    '*',
  ],
  // The pool wants ROLLBACK before anything is read in CATCH.
  ['BEGIN TRAN; BEGIN TRY SELECT 1 / 0 END TRY BEGIN CATCH SELECT XACT_STATE() END CATCH', 111233],
  ['SELECT @@TRANCOUNT, XACT_STATE()', [[0, 0]]],
  [
    'DECLARE @s int; BEGIN TRAN; BEGIN TRY SELECT 1 / 0 END TRY BEGIN CATCH SET @s = XACT_STATE(); IF @@TRANCOUNT > 0 ROLLBACK TRAN; SELECT @s, ERROR_NUMBER(), @@TRANCOUNT END CATCH',
    [[-2, 8134, 0]],
  ],
  ['SAVE TRANSACTION x', /40517 .*SAVE/],
  // a NULL on its own takes the type beside it
  [
    `CREATE TABLE dbo.Untyped (id int, d date, b varbinary(4)); INSERT INTO dbo.Untyped SELECT 1, '2024-01-01', 0x01 UNION ALL SELECT NULL, NULL, NULL; INSERT INTO dbo.Untyped (d) SELECT NULL; SELECT COUNT(*), COUNT(d), COUNT(b) FROM dbo.Untyped`,
    [[3, 1, 1]],
  ],
];
