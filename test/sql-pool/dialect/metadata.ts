import type { Case } from '../../support/corpus.js';

export const prepare: readonly string[] = [
  "CREATE TABLE dbo.Meta (id int IDENTITY(5,2) NOT NULL, nm nvarchar(40) NULL DEFAULT 'x', amt decimal(9,3) NOT NULL, at datetime2(3), CONSTRAINT pk_meta PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED) WITH (DISTRIBUTION = HASH(nm), CLUSTERED COLUMNSTORE INDEX)",
  'CREATE VIEW dbo.MetaView AS SELECT id, nm FROM dbo.Meta',
  'CREATE PROCEDURE dbo.MetaProc @a int, @b varchar(10) OUTPUT AS SELECT 1',
  'CREATE FUNCTION dbo.MetaFun(@a int) RETURNS bigint AS BEGIN RETURN @a END',
];

/** Catalog and management views in the way tools ask them. */
export const cases: readonly Case[] = [
  [
    "SELECT t.name, s.name, t.type, t.type_desc, t.is_external FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE t.name = 'Meta'",
    [['Meta', 'dbo', 'U ', 'USER_TABLE', false]],
  ],
  [
    "SELECT c.name, TYPE_NAME(c.user_type_id), c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity FROM sys.columns c WHERE c.object_id = OBJECT_ID('dbo.Meta') ORDER BY c.column_id",
    [
      ['id', 'int', 4, 10, 0, false, true],
      ['nm', 'nvarchar', 80, 0, 0, true, false],
      ['amt', 'decimal', 5, 9, 3, false, false],
      ['at', 'datetime2', 7, 23, 3, true, false],
    ],
  ],
  [
    "SELECT COL_LENGTH('dbo.Meta', 'nm'), COLUMNPROPERTY(OBJECT_ID('dbo.Meta'), 'id', 'IsIdentity'), OBJECTPROPERTY(OBJECT_ID('dbo.Meta'), 'IsTable'), COL_NAME(OBJECT_ID('dbo.Meta'), 2), OBJECTPROPERTYEX(OBJECT_ID('dbo.MetaView'), 'IsView')",
    [[80, 1, 1, 'nm', 1]],
  ],
  [
    "SELECT OBJECT_NAME(object_id), SCHEMA_NAME(schema_id), OBJECT_SCHEMA_NAME(object_id) FROM sys.objects WHERE name = 'MetaProc'",
    [['MetaProc', 'dbo', 'dbo']],
  ],
  [
    "SELECT OBJECT_DEFINITION(object_id) FROM sys.views WHERE name = 'MetaView'",
    [['CREATE VIEW dbo.MetaView AS SELECT id, nm FROM dbo.Meta']],
  ],
  [
    "SELECT name, type FROM sys.objects WHERE name LIKE 'Meta%' ORDER BY name",
    [
      ['Meta', 'U '],
      ['MetaFun', 'FN'],
      ['MetaProc', 'P '],
      ['MetaView', 'V '],
    ],
  ],
  [
    "SELECT p.name, TYPE_NAME(p.user_type_id), p.is_output FROM sys.parameters p JOIN sys.procedures o ON o.object_id = p.object_id WHERE o.name = 'MetaProc' ORDER BY p.parameter_id",
    [
      ['@a', 'int', false],
      ['@b', 'varchar', true],
    ],
  ],
  [
    "SELECT m.definition FROM sys.sql_modules m JOIN sys.objects o ON o.object_id = m.object_id WHERE o.name = 'MetaProc'",
    [['CREATE PROCEDURE dbo.MetaProc @a int, @b varchar(10) OUTPUT AS SELECT 1']],
  ],
  [
    "SELECT d.distribution_policy_desc, c.name FROM sys.pdw_table_distribution_properties d JOIN sys.pdw_column_distribution_properties cd ON cd.object_id = d.object_id AND cd.distribution_ordinal = 1 JOIN sys.columns c ON c.object_id = cd.object_id AND c.column_id = cd.column_id WHERE d.object_id = OBJECT_ID('dbo.Meta')",
    [['HASH', 'nm']],
  ],
  [
    "SELECT i.type_desc FROM sys.indexes i WHERE i.object_id = OBJECT_ID('dbo.Meta') ORDER BY i.index_id",
    [['CLUSTERED COLUMNSTORE'], ['NONCLUSTERED']],
  ],
  [
    "SELECT kc.name, kc.type, c.name, kc.is_enforced FROM sys.key_constraints kc JOIN sys.index_columns ic ON ic.object_id = kc.parent_object_id AND ic.index_id = kc.unique_index_id JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id WHERE kc.parent_object_id = OBJECT_ID('dbo.Meta')",
    [['pk_meta', 'PK', 'id', false]],
  ],
  [
    "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_TYPE FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE TABLE_NAME = 'Meta'",
    [['dbo', 'Meta', 'PRIMARY KEY']],
  ],
  [
    "SELECT COLUMN_NAME, ORDINAL_POSITION FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE TABLE_NAME = 'Meta'",
    [['id', 1]],
  ],
  [
    "SELECT CONSTRAINT_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE WHERE TABLE_NAME = 'Meta'",
    [['pk_meta', 'id']],
  ],
  [
    "SELECT dc.definition, c.name FROM sys.default_constraints dc JOIN sys.columns c ON c.default_object_id = dc.object_id WHERE dc.parent_object_id = OBJECT_ID('dbo.Meta')",
    [["('x')", 'nm']],
  ],
  [
    "SELECT seed_value, increment_value FROM sys.identity_columns WHERE object_id = OBJECT_ID('dbo.Meta')",
    [['5', '2']],
  ],
  [
    "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, IS_NULLABLE, COLUMN_DEFAULT FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Meta' ORDER BY ORDINAL_POSITION",
    [
      ['id', 'int', null, 10, 0, 'NO', null],
      ['nm', 'nvarchar', 40, null, null, 'YES', "('x')"],
      ['amt', 'decimal', null, 9, 3, 'NO', null],
      ['at', 'datetime2', null, null, null, 'YES', null],
    ],
  ],
  [
    "SELECT TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'dbo' AND TABLE_NAME LIKE 'Meta%' ORDER BY 1",
    [
      ['Meta', 'BASE TABLE'],
      ['MetaView', 'VIEW'],
    ],
  ],
  [
    "SELECT VIEW_DEFINITION FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_NAME = 'MetaView'",
    [['CREATE VIEW dbo.MetaView AS SELECT id, nm FROM dbo.Meta']],
  ],
  [
    "SELECT ROUTINE_NAME, ROUTINE_TYPE, DATA_TYPE FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME LIKE 'Meta%' ORDER BY 1",
    [
      ['MetaFun', 'FUNCTION', 'bigint'],
      ['MetaProc', 'PROCEDURE', null],
    ],
  ],
  [
    "SELECT PARAMETER_NAME, PARAMETER_MODE, DATA_TYPE FROM INFORMATION_SCHEMA.PARAMETERS WHERE SPECIFIC_NAME = 'MetaProc' ORDER BY ORDINAL_POSITION",
    [
      ['@a', 'IN', 'int'],
      ['@b', 'INOUT', 'varchar'],
    ],
  ],
  [
    "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME IN ('dbo', 'sys', 'INFORMATION_SCHEMA') ORDER BY 1",
    [['dbo'], ['INFORMATION_SCHEMA'], ['sys']],
  ],
  [
    'SELECT name, collation_name, is_read_only, state_desc FROM sys.databases WHERE name = DB_NAME()',
    [['corpus_metadata', 'SQL_Latin1_General_CP1_CI_AS', false, 'ONLINE']],
  ],
  ['SELECT COUNT(*) FROM sys.databases WHERE database_id = DB_ID()', [[1]]],
  ["SELECT COUNT(*) FROM sys.types WHERE name IN ('int', 'nvarchar', 'sysname')", [[3]]],
  [
    "SELECT r.status, r.[label] FROM sys.dm_pdw_exec_requests r WHERE r.session_id = SESSION_ID() AND r.status = 'Running'",
    [['Running', null]],
  ],
  [
    "SELECT 1 AS a OPTION (LABEL = 'my label'); SELECT TOP 1 [label], status FROM sys.dm_pdw_exec_requests WHERE [label] = 'my label'",
    [['my label', 'Completed']],
  ],
  [
    'SELECT s.status, s.app_name FROM sys.dm_pdw_exec_sessions s WHERE s.session_id = SESSION_ID()',
    [['Active', 'Tedious']],
  ],
  ['SELECT COUNT(*) FROM sys.dm_pdw_request_steps WHERE 1 = 0', [[0]]],
  ['SELECT COUNT(*) FROM sys.dm_pdw_waits WHERE 1 = 0', [[0]]],
  ['SELECT COUNT(*) FROM sys.dm_pdw_resource_waits WHERE 1 = 0', [[0]]],
  ['SELECT COUNT(*) FROM sys.dm_pdw_lock_waits WHERE 1 = 0', [[0]]],
  ['SELECT COUNT(*) FROM sys.dm_pdw_os_threads WHERE 1 = 0', [[0]]],
  [
    'SELECT type, name FROM sys.dm_pdw_nodes ORDER BY type',
    [
      ['COMPUTE', 'local'],
      ['CONTROL', 'local'],
    ],
  ],
  ['SELECT COUNT(*) FROM sys.pdw_distributions', [[60]]],
  ['SELECT COUNT(*) FROM sys.pdw_nodes_tables WHERE 1 = 0', [[0]]],
  ["SELECT COUNT(*) FROM sys.pdw_table_mappings m WHERE m.object_id = OBJECT_ID('dbo.Meta')", [[1]]],
  ['SELECT SUM(s.row_count) FROM sys.dm_pdw_nodes_db_partition_stats s WHERE 1 = 0', [[null]]],
  ["SELECT SUM(row_count) FROM sys.dm_db_partition_stats WHERE object_id = OBJECT_ID('dbo.Meta')", [['0']]],
  ['SELECT COUNT(*) FROM sys.dm_workload_management_workload_groups_stats WHERE 1 = 0', [[0]]],
  [
    "SELECT name FROM sys.workload_management_workload_groups WHERE name IN ('smallrc', 'xlargerc') ORDER BY name",
    [['smallrc'], ['xlargerc']],
  ],
  ['SELECT COUNT(*) FROM sys.extended_properties', [[0]]],
  ['SELECT COUNT(*) FROM sys.foreign_keys', [[0]]],
  ["SELECT COUNT(*) FROM sys.sysobjects WHERE name = 'Meta'", [[1]]],
  ["SELECT COUNT(*) FROM sys.syscolumns WHERE id = OBJECT_ID('dbo.Meta')", [[4]]],
  ["SELECT COUNT(*) FROM sysobjects WHERE xtype = 'U' AND name = 'Meta'", [[1]]],
  ["SELECT COUNT(*) FROM sys.sysusers WHERE name = 'dbo'", [[1]]],
  ['SELECT COUNT(*) FROM sys.dm_exec_connections WHERE session_id = @@SPID', [[1]]],
  ['SELECT COUNT(*) FROM sys.dm_exec_requests WHERE session_id = @@SPID', [[1]]],
  [
    "SELECT DISTINCT referenced_entity_name FROM sys.sql_expression_dependencies WHERE referencing_id = OBJECT_ID('dbo.MetaView')",
    [['Meta']],
  ],
  ['SELECT COUNT(*) FROM sys.database_files WHERE 1 = 0', [[0]]],
  ['SELECT COUNT(*) FROM sys.sysdatabases WHERE name = DB_NAME()', [[1]]],
  ['SELECT * FROM sys.nothing', 208],
  ['SELECT * FROM INFORMATION_SCHEMA.NOTHING', 208],
  [
    `CREATE TABLE dbo.Dated (id int); SELECT CASE WHEN DATEDIFF(minute, create_date, GETDATE()) BETWEEN 0 AND 60 AND modify_date >= create_date THEN 1 ELSE 0 END FROM sys.tables WHERE name = 'Dated'`,
    [[1]],
  ],
  // what bulk copies ask first
  ["EXEC ..sp_tablecollations_100 N'.[Dated]'", [[1, 'id', null, null]]],
  [
    'SELECT COUNT(*) FROM sys.all_columns AS a CROSS JOIN (SELECT TOP 100 1 AS one FROM sys.all_columns) AS b HAVING COUNT(*) > 100000',
    '*',
  ],
  ["SELECT current_utc_offset FROM sys.time_zone_info WHERE name = 'India Standard Time'", [['+05:30']]],
  ['SELECT is_distributor, page_verify_option_desc FROM sys.databases WHERE name = DB_NAME()', [[false, 'CHECKSUM']]],
  ['SELECT @@LANGID, @@PROCID, @@CONNECTIONS', [[0, 0, 0]]],
  [
    'SELECT COUNT(*) FROM sys.all_sql_modules AS m LEFT JOIN sys.system_sql_modules AS s ON s.object_id = m.object_id WHERE s.definition IS NOT NULL',
    [[0]],
  ],
  [
    "CREATE USER [an-application] FROM EXTERNAL PROVIDER; SELECT type_desc, authentication_type_desc FROM sys.database_principals WHERE name = 'an-application'",
    [['EXTERNAL_USER', 'EXTERNAL']],
  ],
];
