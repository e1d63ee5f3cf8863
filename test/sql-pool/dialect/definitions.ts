import type { Case } from '../../support/corpus.js';

export const prepare: readonly string[] = [
  `CREATE TABLE dbo.Parts (id int NOT NULL, d date, v varchar(10)) WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX, PARTITION (id RANGE RIGHT FOR VALUES (10, 20)));
   CREATE TABLE dbo.PartsNew (id int NOT NULL, d date, v varchar(10)) WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX, PARTITION (id RANGE RIGHT FOR VALUES (10, 20)));
   INSERT INTO dbo.Parts VALUES (1, '2024-01-01', 'a'), (11, NULL, 'b'), (12, NULL, 'c'), (25, NULL, 'd')`,
  'CREATE SCHEMA stage AUTHORIZATION dbo',
];

/** CREATE, ALTER, DROP and the pool's own statements. */
export const cases: readonly Case[] = [
  [
    "CREATE TABLE dbo.D1 (a int NOT NULL PRIMARY KEY NONCLUSTERED NOT ENFORCED, b nvarchar(20) COLLATE Latin1_General_100_CI_AS_KS_WS NULL, c decimal(9, 2) CONSTRAINT df_c DEFAULT 1.5, d datetime2 NOT NULL DEFAULT '2020-01-01', CONSTRAINT uq UNIQUE (b) NOT ENFORCED) WITH (DISTRIBUTION = HASH([a]), CLUSTERED COLUMNSTORE INDEX ORDER (a)); INSERT INTO dbo.D1 (a) VALUES (1); SELECT a, b, c, d FROM dbo.D1",
    [[1, null, 1.5, '2020-01-01T00:00:00.000Z']],
  ],
  [
    'CREATE TABLE dbo.D2 (a int, b int) WITH (DISTRIBUTION = HASH(a, b), CLUSTERED INDEX (a ASC, b DESC)); SELECT COUNT(*) FROM dbo.D2',
    [[0]],
  ],
  ['CREATE TABLE dbo.D3 (a int) WITH (DISTRIBUTION = REPLICATE, HEAP); SELECT COUNT(*) FROM dbo.D3', [[0]]],
  ['CREATE TABLE [dbo].[D 4] ([my col] int, [select] int); SELECT [my col], [select] FROM [dbo].[D 4]', []],
  ['CREATE TABLE dbo.D5 (a int) WITH (DISTRIBUTION = HASH(nothing))', 104308],
  ['CREATE TABLE dbo.D5 (a int, A int)', 2705],
  ['CREATE TABLE dbo.D5 (a nosuchtype)', 243],
  ['CREATE TABLE dbo.D5 (a text)', /40517 .*text/],
  ['CREATE TABLE dbo.D5 (a geography)', /40517 .*geography/],
  ['CREATE TABLE dbo.D5 (a int REFERENCES dbo.D1(a))', /40517 .*REFERENCES|FOREIGN/],
  ['CREATE TABLE dbo.D5 (a int, FOREIGN KEY (a) REFERENCES dbo.D1(a))', /40517 .*FOREIGN/],
  ['CREATE TABLE dbo.D5 (a int CHECK (a > 0))', /40517 .*CHECK/],
  ['CREATE TABLE dbo.D5 (a int, b AS a * 2)', /40517 .*computed/],
  ['CREATE TABLE dbo.D5 (a int PRIMARY KEY)', 104467],
  ['CREATE TABLE dbo.D5 (a int UNIQUE)', 104467],
  ['CREATE TABLE dbo.D5 (a int SPARSE)', /40517 .*SPARSE/],
  ['CREATE TABLE dbo.D5 (a varchar(9000))', 131],
  ['CREATE TABLE dbo.D5 (a decimal(39, 2))', 2750],
  ['CREATE TABLE dbo.D5 (a decimal(5, 6))', 192],
  ['CREATE TABLE nosuchdb.dbo.D5 (a int)', 208],
  ['CREATE TABLE ##g (a int)', /40517 .*global temporary/],
  [
    'CREATE TABLE dbo.C1 WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT id, v AS w, id * 2 AS twice FROM dbo.Parts; SELECT MAX(twice) FROM dbo.C1',
    [[50]],
  ],
  [
    'CREATE TABLE dbo.C2 WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX, PARTITION (id RANGE LEFT FOR VALUES (5))) AS WITH x AS (SELECT id FROM dbo.Parts) SELECT id FROM x UNION ALL SELECT 99; SELECT COUNT(*) FROM dbo.C2',
    [[5]],
  ],
  ['CREATE TABLE dbo.C3 WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT id + 1 FROM dbo.Parts', 1038],
  [
    "CREATE TABLE dbo.C4 WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT CAST(NULL AS varchar(3)) AS a, ISNULL(id, 0) AS b FROM dbo.Parts; SELECT is_nullable FROM sys.columns WHERE object_id = OBJECT_ID('dbo.C4') ORDER BY column_id",
    [[true], [false]],
  ],
  ['RENAME OBJECT dbo.C1 TO C1b; SELECT COUNT(*) FROM dbo.C1b', [[4]]],
  ['RENAME OBJECT::dbo.C1b TO C1; SELECT COUNT(*) FROM dbo.C1', [[4]]],
  ['RENAME OBJECT dbo.Nothing TO x', 208],
  ['CREATE VIEW dbo.V0 AS SELECT id FROM dbo.Parts; SELECT 1', /156 /],
  [
    "ALTER TABLE dbo.C1 ADD x int NULL, y varchar(5) NOT NULL DEFAULT 'q'; SELECT DISTINCT x, y FROM dbo.C1",
    [[null, 'q']],
  ],
  [
    "ALTER TABLE dbo.C1 ALTER COLUMN w varchar(50) NULL; INSERT INTO dbo.C1 (id, w) VALUES (50, REPLICATE('x', 40)); SELECT MAX(LEN(w)) FROM dbo.C1",
    [[40]],
  ],
  ['ALTER TABLE dbo.C1 ALTER COLUMN w varchar(5)', /2628|8152/],
  ['ALTER TABLE dbo.C1 ALTER COLUMN twice bigint; SELECT twice FROM dbo.C1 WHERE id = 1', 'bigint'],
  ['ALTER TABLE dbo.C1 DROP COLUMN x; SELECT * FROM dbo.C1 WHERE id = 1', [[1, 'a', '2', 'q']]],
  ['ALTER TABLE dbo.C1 DROP COLUMN nothing', 4924],
  [
    'ALTER TABLE dbo.C1 ADD CONSTRAINT pk PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED; ALTER TABLE dbo.C1 DROP CONSTRAINT pk; SELECT 1',
    [[1]],
  ],
  ['ALTER TABLE dbo.Nothing ADD a int', 4902],
  [
    'ALTER TABLE dbo.Parts SWITCH PARTITION 2 TO dbo.PartsNew PARTITION 2; SELECT (SELECT COUNT(*) FROM dbo.Parts), (SELECT COUNT(*) FROM dbo.PartsNew)',
    [[2, 2]],
  ],
  [
    'ALTER TABLE dbo.PartsNew SWITCH PARTITION 2 TO dbo.Parts PARTITION 2; SELECT (SELECT COUNT(*) FROM dbo.Parts), (SELECT COUNT(*) FROM dbo.PartsNew)',
    [[4, 0]],
  ],
  [
    "INSERT INTO dbo.PartsNew VALUES (15, NULL, 'x'); ALTER TABLE dbo.Parts SWITCH PARTITION 2 TO dbo.PartsNew PARTITION 2",
    4904,
  ],
  [
    'ALTER TABLE dbo.Parts SWITCH PARTITION 2 TO dbo.PartsNew PARTITION 2 WITH (TRUNCATE_TARGET = ON); SELECT id FROM dbo.PartsNew ORDER BY id',
    [[11], [12]],
  ],
  [
    "ALTER TABLE dbo.PartsNew SPLIT RANGE (30); SELECT COUNT(*) FROM sys.partitions WHERE object_id = OBJECT_ID('dbo.PartsNew')",
    [[4]],
  ],
  [
    "ALTER TABLE dbo.PartsNew MERGE RANGE (30); SELECT COUNT(*) FROM sys.partitions WHERE object_id = OBJECT_ID('dbo.PartsNew')",
    [[3]],
  ],
  [
    "SELECT p.partition_number, r.value FROM sys.partitions p JOIN sys.tables t ON t.object_id = p.object_id JOIN sys.indexes i ON i.object_id = p.object_id AND i.index_id = p.index_id JOIN sys.partition_schemes s ON s.data_space_id = i.data_space_id JOIN sys.partition_functions f ON f.function_id = s.function_id LEFT JOIN sys.partition_range_values r ON r.function_id = f.function_id AND r.boundary_id = p.partition_number WHERE t.name = 'PartsNew' ORDER BY 1",
    [
      [1, '10'],
      [2, '20'],
      [3, null],
    ],
  ],
  ['ALTER INDEX ALL ON dbo.Parts REBUILD; SELECT 1', [[1]]],
  ['ALTER INDEX ALL ON dbo.Parts REBUILD PARTITION = 1 WITH (DATA_COMPRESSION = COLUMNSTORE_ARCHIVE); SELECT 1', [[1]]],
  [
    'CREATE CLUSTERED COLUMNSTORE INDEX cci ON dbo.D3; CREATE NONCLUSTERED INDEX ix ON dbo.D3 (a); DROP INDEX ix ON dbo.D3; SELECT 1',
    [[1]],
  ],
  ['TRUNCATE TABLE dbo.D1; SELECT COUNT(*) FROM dbo.D1', [[0]]],
  ['TRUNCATE TABLE dbo.Nothing', 4701],
  [
    "CREATE STATISTICS st ON dbo.Parts (id, v) WITH FULLSCAN; UPDATE STATISTICS dbo.Parts (st); UPDATE STATISTICS dbo.Parts; SELECT name FROM sys.stats WHERE object_id = OBJECT_ID('dbo.Parts') AND user_created = 1",
    [['st']],
  ],
  [
    'SELECT s.name, c.name FROM sys.stats s JOIN sys.stats_columns sc ON sc.object_id = s.object_id AND sc.stats_id = s.stats_id JOIN sys.columns c ON c.object_id = sc.object_id AND c.column_id = sc.column_id WHERE s.user_created = 1 ORDER BY sc.stats_column_id',
    [
      ['st', 'id'],
      ['st', 'v'],
    ],
  ],
  ["DBCC SHOW_STATISTICS ('dbo.Parts', st) WITH HISTOGRAM; SELECT 1", [[1]]],
  ["DBCC PDW_SHOWSPACEUSED('dbo.Parts'); SELECT 1", [[1]]],
  ["DBCC PDW_SHOWPARTITIONSTATS('dbo.Parts'); SELECT 1", [[1]]],
  ['DBCC DROPCLEANBUFFERS; SELECT 1', [[1]]],
  ['DBCC NOSUCHTHING', /2526|40517/],
  ['DROP STATISTICS dbo.Parts.st; SELECT 1', [[1]]],
  ['CREATE STATISTICS st ON dbo.Parts (nothing)', 1911],
  [
    'CREATE MATERIALIZED VIEW dbo.Mv WITH (DISTRIBUTION = HASH(v)) AS SELECT v, COUNT_BIG(*) AS n FROM dbo.Parts GROUP BY v',
    [],
  ],
  ['SELECT COUNT(*) FROM dbo.Mv', [[2]]],
  ['ALTER MATERIALIZED VIEW dbo.Mv REBUILD; SELECT 1', [[1]]],
  ["DROP VIEW dbo.Mv; SELECT OBJECT_ID('dbo.Mv')", [[null]]],
  ['CREATE VIEW dbo.V1 (x, y) AS SELECT id, v FROM dbo.Parts WITH CHECK OPTION', []],
  ['CREATE VIEW dbo.V2 AS SELECT id + 1 FROM dbo.Parts', 4511],
  ['CREATE VIEW dbo.V2 AS SELECT * FROM #t', /208|4508/],
  ['CREATE VIEW dbo.V2 WITH SCHEMABINDING AS SELECT id FROM dbo.Parts', /40517 .*SCHEMABINDING/],
  ['SELECT MAX(x) FROM dbo.V1', [[25]]],
  ["INSERT INTO dbo.V1 VALUES (1, 'a')", /40517 .*view/],
  ['DROP VIEW IF EXISTS dbo.V1, dbo.Nothing; SELECT 1', [[1]]],
  ['DROP TABLE dbo.Nothing', 3701],
  ['DROP TABLE IF EXISTS dbo.Nothing; SELECT 1', [[1]]],
  [
    "IF NOT EXISTS (SELECT * FROM sys.schemas WHERE name = 'late') EXEC('CREATE SCHEMA late'); CREATE TABLE late.t (a int); SELECT SCHEMA_NAME(schema_id) FROM sys.tables WHERE name = 't'",
    [['late']],
  ],
  ['DROP SCHEMA late', 3729],
  ['ALTER SCHEMA stage TRANSFER late.t; SELECT COUNT(*) FROM stage.t; DROP TABLE stage.t; DROP SCHEMA late', [[0]]],
  // security
  [
    "CREATE USER reader WITHOUT LOGIN; CREATE ROLE people; ALTER ROLE people ADD MEMBER reader; EXEC sp_addrolemember 'db_datareader', 'reader'; SELECT r.name FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id WHERE u.name = 'reader' ORDER BY 1",
    [['db_datareader'], ['people']],
  ],
  [
    "GRANT SELECT, INSERT ON dbo.Parts TO people; DENY DELETE ON OBJECT::dbo.Parts TO people; GRANT EXECUTE ON SCHEMA::dbo TO people; GRANT CREATE TABLE TO people; REVOKE INSERT ON dbo.Parts FROM people; SELECT permission_name, state_desc FROM sys.database_permissions p JOIN sys.database_principals u ON u.principal_id = p.grantee_principal_id WHERE u.name = 'people' ORDER BY 1",
    [
      ['CREATE TABLE', 'GRANT'],
      ['DELETE', 'DENY'],
      ['EXECUTE', 'GRANT'],
      ['SELECT', 'GRANT'],
    ],
  ],
  [
    "ALTER USER reader WITH DEFAULT_SCHEMA = stage; SELECT default_schema_name FROM sys.database_principals WHERE name = 'reader'",
    [['stage']],
  ],
  ["ALTER USER reader WITH NAME = reader2; SELECT COUNT(*) FROM sys.database_principals WHERE name = 'reader2'", [[1]]],
  ['ALTER AUTHORIZATION ON SCHEMA::stage TO reader2; SELECT 1', [[1]]],
  ['GRANT SELECT ON dbo.Parts TO nobody', 15151],
  ['DROP USER reader2; DROP ROLE people; SELECT 1', [[1]]],
  ['DROP USER nobody', 15151],
  // workload management
  [
    "CREATE WORKLOAD GROUP wg WITH (MIN_PERCENTAGE_RESOURCE = 10, CAP_PERCENTAGE_RESOURCE = 50, REQUEST_MIN_RESOURCE_GRANT_PERCENT = 5, IMPORTANCE = HIGH); SELECT name, min_percentage_resource, importance FROM sys.workload_management_workload_groups WHERE name = 'wg'",
    [['wg', 10, 'high']],
  ],
  [
    "CREATE WORKLOAD CLASSIFIER wc WITH (WORKLOAD_GROUP = 'wg', MEMBERNAME = 'crossview', WLM_LABEL = 'x'); SELECT name, group_name FROM sys.workload_management_workload_classifiers WHERE name = 'wc'",
    [['wc', 'wg']],
  ],
  [
    "ALTER WORKLOAD GROUP wg WITH (MIN_PERCENTAGE_RESOURCE = 0, CAP_PERCENTAGE_RESOURCE = 60); SELECT cap_percentage_resource FROM sys.workload_management_workload_groups WHERE name = 'wg'",
    [[60]],
  ],
  ['DROP WORKLOAD CLASSIFIER wc; DROP WORKLOAD GROUP wg; SELECT 1', [[1]]],
  ['DROP WORKLOAD GROUP wg', /15151/],
  // what a pool does not have
  ['CREATE TRIGGER dbo.tr ON dbo.Parts AFTER INSERT AS SELECT 1', /40517 .*TRIGGER/],
  ['CREATE SEQUENCE dbo.s', /40517 .*SEQUENCE/],
  ['CREATE SYNONYM dbo.s FOR dbo.Parts', /40517 .*SYNONYM/],
  ['CREATE TYPE dbo.ty FROM int', /40517 .*TYPE/],
  ['CREATE UNIQUE INDEX ux ON dbo.Parts (id)', /40517 .*UNIQUE/],
  ["CREATE ASSEMBLY x FROM 'a'", /40517 .*ASSEMBLY/],
  ['CREATE PARTITION FUNCTION pf (int) AS RANGE LEFT FOR VALUES (1)', /40517 .*PARTITION FUNCTION/],
  ["BULK INSERT dbo.Parts FROM 'x'", /40517 .*BULK INSERT/],
  ['BACKUP DATABASE x', /40517 .*BACKUP/],
  ["SELECT * FROM OPENQUERY(x, 'y')", /OPENQUERY/],
  ["EXECUTE AS USER = 'dbo'", /40517 .*EXECUTE AS/],
  ['ALTER DATABASE corpus SET READ_COMMITTED_SNAPSHOT ON; SELECT 1', [[1]]],
  ["ALTER DATABASE corpus MODIFY (SERVICE_OBJECTIVE = 'DW200c'); SELECT 1", [[1]]],
  ['CHECKPOINT; SELECT 1', [[1]]],
  ['EXPLAIN SELECT 1', /40517 .*EXPLAIN/],
  ['SET RESULT_SET_CACHING ON; SELECT 1', [[1]]],
  ["EXEC sp_set_session_context 'k', 'v'; SELECT SESSION_CONTEXT(N'k')", [['v']]],
  ['EXEC sp_who; SELECT 1', [[1]]],
  ["EXEC sp_spaceused 'dbo.Parts'; SELECT 1", [[1]]],
  ["EXEC sp_help 'dbo.Parts'; SELECT 1", [[1]]],
  ["CREATE TABLE dbo.Masked (a varchar(10) MASKED WITH (FUNCTION = 'default()'))", /40517 .*mask/],
];
