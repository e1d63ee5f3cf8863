import type { Case } from '../../support/corpus.js';

export const prepare: readonly string[] = [
  'CREATE SCHEMA sales; CREATE TABLE sales.Orders (id int NOT NULL, who nvarchar(20), total decimal(9,2) DEFAULT 0, CONSTRAINT pk_orders PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED) WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX)',
  'CREATE VIEW sales.Big AS SELECT id, total FROM sales.Orders WHERE total > 100',
  'CREATE PROCEDURE sales.Add1 @id int, @who nvarchar(20) = NULL AS INSERT INTO sales.Orders (id, who) VALUES (@id, @who)',
];

/** What editors, object-relational layers and dbt ask of a pool, in the shapes in which they ask. */
export const cases: readonly Case[] = [
  // dbt: relations, catalog, columns
  [
    `select table_catalog as [database], table_name as [name], table_schema as [schema],
       case when table_type = 'BASE TABLE' then 'table' when table_type = 'VIEW' then 'view' else table_type end as table_type
     from [corpus_tools].INFORMATION_SCHEMA.TABLES with (nolock) where table_schema like 'sales' order by 2`,
    [
      ['corpus_tools', 'Big', 'sales', 'view'],
      ['corpus_tools', 'Orders', 'sales', 'table'],
    ],
  ],
  [
    `with tables as (
       select table_name, table_schema, principal_name, table_type from (
         select table_name, schema_name as table_schema, coalesce(relations.principal_id, schemas.principal_id) as owner_principal_id, table_type
         from (select name as table_name, schema_id as schema_id, principal_id as principal_id, 'BASE TABLE' as table_type from sys.tables with (nolock)
               union all select name, schema_id, principal_id, 'VIEW' from sys.views with (nolock)) as relations
         join (select name as schema_name, schema_id as schema_id, principal_id as principal_id from sys.schemas with (nolock)) as schemas on relations.schema_id = schemas.schema_id
       ) as m join (select name as principal_name, principal_id as principal_id from sys.database_principals with (nolock)) as principals on m.owner_principal_id = principals.principal_id
       where (upper(table_schema) = upper('sales'))),
     columns as (select table_catalog as table_database, table_schema, table_name, column_name, ordinal_position as column_index, data_type as column_type from INFORMATION_SCHEMA.COLUMNS with (nolock))
     select tv.table_name, tv.table_type, tv.principal_name, cols.column_name from tables as tv join columns as cols on tv.table_schema = cols.table_schema and tv.table_name = cols.table_name order by tv.table_name, cols.column_index`,
    [
      ['Big', 'VIEW', 'dbo', 'id'],
      ['Big', 'VIEW', 'dbo', 'total'],
      ['Orders', 'BASE TABLE', 'dbo', 'id'],
      ['Orders', 'BASE TABLE', 'dbo', 'who'],
      ['Orders', 'BASE TABLE', 'dbo', 'total'],
    ],
  ],
  [
    "IF NOT EXISTS (SELECT * FROM sys.schemas WHERE name = 'made') BEGIN EXEC('CREATE SCHEMA [made]') END; SELECT name FROM sys.schemas WHERE name = 'made'",
    [['made']],
  ],
  [
    "EXEC('CREATE VIEW [made].[m__dbt_tmp_vw] AS SELECT id, who FROM sales.Orders'); EXEC('CREATE TABLE [corpus_tools].[made].[m] WITH(DISTRIBUTION = ROUND_ROBIN,CLUSTERED COLUMNSTORE INDEX) AS (SELECT * FROM [corpus_tools].[made].[m__dbt_tmp_vw]);'); SELECT COUNT(*) FROM made.m",
    [[0]],
  ],
  [
    "IF OBJECT_ID('made.m__dbt_tmp_vw','V') IS NOT NULL BEGIN DROP VIEW [made].[m__dbt_tmp_vw] END; SELECT OBJECT_ID('made.m__dbt_tmp_vw', 'V')",
    [[null]],
  ],
  ['RENAME OBJECT [made].[m] TO [m2]; SELECT COUNT(*) FROM made.m2', [[0]]],
  ["select object_id ('made_m2.made_m2_cci','U')", [[null]]],
  [
    "declare @drop nvarchar(max) = (select STRING_AGG(a.command, ' ') from (select 'IF INDEXPROPERTY(' + CONVERT(VARCHAR(MAX), sys.tables.[object_id]) + ', ''' + sys.indexes.[name] + ''', ''IndexId'') IS NOT NULL ALTER TABLE [' + SCHEMA_NAME(sys.tables.[schema_id]) + '].[' + sys.tables.[name] + '] DROP CONSTRAINT [' + sys.indexes.[name] + '];' as command from sys.indexes inner join sys.tables on sys.indexes.[object_id] = sys.tables.[object_id] where sys.indexes.is_primary_key = 1 and sys.tables.[name] = 'Orders') a); exec sp_executesql @drop; select count(*) from sys.key_constraints",
    [[0]],
  ],
  ['select TOP 0 * from (select id, who from sales.Orders) as __dbt_sbq', []],
  [
    "select count(*) as failures, case when count(*) != 0 then 'true' else 'false' end as should_warn from (select id from sales.Orders where id is null) dbt_internal_test",
    [[0, 'false']],
  ],
  [
    "select name as [name], type_desc from sys.database_principals where name in ('public', 'db_owner') order by 1",
    [
      ['db_owner', 'DATABASE_ROLE'],
      ['public', 'DATABASE_ROLE'],
    ],
  ],
  // object explorers
  [
    "SELECT tbl.name AS [Name], SCHEMA_NAME(tbl.schema_id) AS [Schema], CAST(case when tbl.is_ms_shipped = 1 then 1 when (select major_id from sys.extended_properties where major_id = tbl.object_id and minor_id = 0 and class = 1 and name = N'microsoft_database_tools_support') is not null then 1 else 0 end AS bit) AS [IsSystemObject], tbl.create_date FROM sys.tables AS tbl WHERE (CAST(case when tbl.is_ms_shipped = 1 then 1 else 0 end AS bit) = 0 and SCHEMA_NAME(tbl.schema_id) = N'sales') ORDER BY [Schema] ASC, [Name] ASC",
    '*',
  ],
  [
    "SELECT clmns.name AS [Name], usrt.name AS [DataType], ISNULL(baset.name, N'') AS [SystemType], CAST(CASE WHEN baset.name IN (N'nchar', N'nvarchar') AND clmns.max_length <> -1 THEN clmns.max_length/2 ELSE clmns.max_length END AS int) AS [Length], CAST(clmns.precision AS int) AS [NumericPrecision], CAST(clmns.scale AS int) AS [NumericScale], clmns.is_nullable AS [Nullable] FROM sys.tables AS tbl INNER JOIN sys.all_columns AS clmns ON clmns.object_id=tbl.object_id LEFT OUTER JOIN sys.types AS usrt ON usrt.user_type_id = clmns.user_type_id LEFT OUTER JOIN sys.types AS baset ON (baset.user_type_id = clmns.system_type_id and baset.user_type_id = baset.system_type_id) WHERE (tbl.name=N'Orders' and SCHEMA_NAME(tbl.schema_id)=N'sales') ORDER BY clmns.column_id ASC",
    [
      ['id', 'int', 'int', 4, 10, 0, false],
      ['who', 'nvarchar', 'nvarchar', 20, 0, 0, true],
      ['total', 'decimal', 'decimal', 5, 9, 2, true],
    ],
  ],
  [
    "SELECT sp.name, SCHEMA_NAME(sp.schema_id) FROM sys.all_objects AS sp WHERE (sp.type = N'P' OR sp.type = N'RF' OR sp.type = N'PC') and SCHEMA_NAME(sp.schema_id) = N'sales'",
    [['Add1', 'sales']],
  ],
  [
    "select case when cast(serverproperty('EngineEdition') as int) = 6 then 'pool' else 'other' end, db_name(), suser_name(), host_name()  , @@spid - @@spid",
    '*',
  ],
  [
    'SELECT dtb.name AS [Name], dtb.database_id AS [ID], CAST(has_dbaccess(dtb.name) AS bit) AS [IsAccessible] FROM master.sys.databases AS dtb WHERE dtb.name = DB_NAME()',
    '*',
  ],
  [
    "SELECT CAST(serverproperty(N'Servername') AS sysname) AS [Name], ISNULL(SERVERPROPERTY(N'ProductVersion'), N'') AS v, case when 1 = serverproperty('IsClustered') then 1 else 0 end AS c",
    '*',
  ],
  [
    "SELECT type_desc, COUNT(*) AS n FROM sys.objects WHERE SCHEMA_NAME(schema_id) = 'sales' AND is_ms_shipped = 0 GROUP BY type_desc ORDER BY 1",
    [
      ['SQL_STORED_PROCEDURE', 1],
      ['USER_TABLE', 1],
      ['VIEW', 1],
    ],
  ],
  [
    "SELECT t.name, SUM(p.rows) AS n FROM sys.tables t JOIN sys.partitions p ON p.object_id = t.object_id AND p.index_id < 2 WHERE t.name = 'Orders' GROUP BY t.name",
    [['Orders', '0']],
  ],
  // sizes and skew, as the pool's documentation has them
  [
    `WITH base AS (SELECT QUOTENAME(s.name) + '.' + QUOTENAME(t.name) AS two_part_name, tp.distribution_policy_desc, nt.distribution_id, nps.row_count, i.type_desc AS index_type
       FROM sys.schemas s INNER JOIN sys.tables t ON s.schema_id = t.schema_id INNER JOIN sys.indexes i ON t.object_id = i.object_id AND i.index_id <= 1
       INNER JOIN sys.pdw_table_distribution_properties tp ON t.object_id = tp.object_id INNER JOIN sys.pdw_table_mappings tm ON t.object_id = tm.object_id
       INNER JOIN sys.pdw_nodes_tables nt ON tm.physical_name = nt.name INNER JOIN sys.dm_pdw_nodes pn ON nt.pdw_node_id = pn.pdw_node_id
       INNER JOIN sys.pdw_distributions di ON nt.distribution_id = di.distribution_id
       INNER JOIN sys.dm_pdw_nodes_db_partition_stats nps ON nt.object_id = nps.object_id AND nt.pdw_node_id = nps.pdw_node_id AND nt.distribution_id = nps.distribution_id
       LEFT OUTER JOIN (SELECT * FROM sys.pdw_column_distribution_properties WHERE distribution_ordinal = 1) cdp ON t.object_id = cdp.object_id
       LEFT OUTER JOIN sys.columns c ON cdp.object_id = c.object_id AND cdp.column_id = c.column_id WHERE pn.type = 'COMPUTE')
     SELECT two_part_name, distribution_policy_desc, index_type, SUM(row_count) FROM base WHERE two_part_name = '[sales].[Orders]' GROUP BY two_part_name, distribution_policy_desc, index_type`,
    [['[sales].[Orders]', 'HASH', 'CLUSTERED COLUMNSTORE', '0']],
  ],
  [
    "SELECT TOP 10 s.session_id, r.status, r.submit_time, r.total_elapsed_time, r.command FROM sys.dm_pdw_exec_requests r JOIN sys.dm_pdw_exec_sessions s ON r.session_id = s.session_id WHERE r.status NOT IN ('Completed','Failed','Cancelled') AND s.session_id <> SESSION_ID() ORDER BY r.total_elapsed_time DESC",
    [],
  ],
  ["SELECT * FROM sys.dm_pdw_request_steps WHERE request_id = 'QID0' ORDER BY step_index", []],
  // object-relational layers
  [
    "SELECT [INFORMATION_SCHEMA].[TABLES].[TABLE_NAME] FROM [INFORMATION_SCHEMA].[TABLES] WHERE ([INFORMATION_SCHEMA].[TABLES].[TABLE_TYPE] = CAST('BASE TABLE' AS NVARCHAR(max)) OR [INFORMATION_SCHEMA].[TABLES].[TABLE_TYPE] = CAST('VIEW' AS NVARCHAR(max))) AND [INFORMATION_SCHEMA].[TABLES].[TABLE_NAME] = CAST('Orders' AS NVARCHAR(max)) AND [INFORMATION_SCHEMA].[TABLES].[TABLE_SCHEMA] = CAST('sales' AS NVARCHAR(max))",
    [['Orders']],
  ],
  ["select schema_name() as s, cast(schema_id('dbo') as int) as i", [['dbo', 1]]],
  [
    "SELECT CASE transaction_isolation_level WHEN 0 THEN NULL WHEN 1 THEN 'READ UNCOMMITTED' WHEN 2 THEN 'READ COMMITTED' ELSE 'OTHER' END AS level FROM sys.dm_exec_sessions WHERE session_id = @@SPID",
    '*',
  ],
  [
    "SELECT COUNT(*) FROM sys.foreign_keys fk JOIN sys.tables t ON t.object_id = fk.parent_object_id WHERE t.name = 'Orders'",
    [[0]],
  ],
];
