import { parseBatch } from '../dialect/parse/batch.js';
import { SqlError } from '../errors/sql-error.js';
import { runStatements } from '../interpreter/batch.js';
import type { Context } from '../interpreter/context.js';
import { changeMembership } from '../interpreter/statements/security.js';
import { administration } from './administration.js';

export interface ProcedureArguments {
  readonly positional: readonly (string | number | null)[];
  /** Lower-case name with `@`. */
  readonly named: ReadonlyMap<string, string | number | null>;
}

/** A procedure of the system. @returns its status, 0 for success */
export type SystemProcedure = (context: Context, values: ProcedureArguments) => Promise<number>;

function argument(values: ProcedureArguments, index: number, ...names: readonly string[]): string {
  const found =
    names.map((name) => values.named.get(name)).find((value) => value !== undefined) ?? values.positional[index];
  if (found === undefined || found === null)
    throw new SqlError(201, `Procedure or function expects parameter '${names[0]}', which was not supplied.`, {
      state: 4,
    });
  return String(found);
}

function optional(values: ProcedureArguments, index: number, name: string): string | undefined {
  const found = values.named.get(name) ?? values.positional[index];
  return found === undefined || found === null ? undefined : String(found);
}

/** Runs a query of our own for its rows. */
async function query(context: Context, text: string): Promise<number> {
  await runStatements(context, parseBatch(text));
  return 0;
}

function literal(text: string | undefined): string {
  return text === undefined ? 'NULL' : `N'${text.replaceAll("'", "''")}'`;
}

const sourceNames = `s.name AS TABLE_OWNER, t.name AS TABLE_NAME`;

/** System procedures by lower-case name. A new one is a line here. */
export const systemProcedures: Readonly<Record<string, SystemProcedure>> = {
  ...administration,
  sp_addrolemember: async (context, values) => {
    await changeMembership(
      context.session,
      argument(values, 0, '@rolename'),
      'add',
      argument(values, 1, '@membername'),
    );
    return 0;
  },
  sp_droprolemember: async (context, values) => {
    await changeMembership(
      context.session,
      argument(values, 0, '@rolename'),
      'drop',
      argument(values, 1, '@membername'),
    );
    return 0;
  },
  sp_reset_connection: async ({ session }) => {
    await session.reset();
    return 0;
  },
  sp_tables: (context, values) => {
    const name = optional(values, 0, '@table_name');
    const owner = optional(values, 1, '@table_owner');
    return query(
      context,
      `SELECT TABLE_CATALOG AS TABLE_QUALIFIER, TABLE_SCHEMA AS TABLE_OWNER, TABLE_NAME, CASE TABLE_TYPE WHEN 'BASE TABLE' THEN 'TABLE' ELSE TABLE_TYPE END AS TABLE_TYPE, CAST(NULL AS varchar(254)) AS REMARKS
       FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE COALESCE(${literal(name)}, N'%') AND TABLE_SCHEMA LIKE COALESCE(${literal(owner)}, N'%') ORDER BY TABLE_TYPE, TABLE_OWNER, TABLE_NAME`,
    );
  },
  sp_columns: (context, values) =>
    columns(context, optional(values, 0, '@table_name'), optional(values, 1, '@table_owner')),
  sp_columns_100: (context, values) =>
    columns(context, optional(values, 0, '@table_name'), optional(values, 1, '@table_owner')),
  sp_pkeys: (context) =>
    query(
      context,
      `SELECT DB_NAME() AS TABLE_QUALIFIER, ${sourceNames}, t.name AS COLUMN_NAME, CAST(1 AS smallint) AS KEY_SEQ, t.name AS PK_NAME FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE 1 = 0`,
    ),
  sp_fkeys: (context) =>
    query(
      context,
      `SELECT DB_NAME() AS PKTABLE_QUALIFIER, t.name AS PKTABLE_OWNER, t.name AS PKTABLE_NAME, t.name AS PKCOLUMN_NAME, DB_NAME() AS FKTABLE_QUALIFIER, t.name AS FKTABLE_OWNER, t.name AS FKTABLE_NAME, t.name AS FKCOLUMN_NAME, CAST(1 AS smallint) AS KEY_SEQ, CAST(1 AS smallint) AS UPDATE_RULE, CAST(1 AS smallint) AS DELETE_RULE, t.name AS FK_NAME, t.name AS PK_NAME, CAST(7 AS smallint) AS DEFERRABILITY FROM sys.tables t WHERE 1 = 0`,
    ),
  sp_databases: (context) =>
    query(
      context,
      'SELECT name AS DATABASE_NAME, CAST(NULL AS int) AS DATABASE_SIZE, CAST(NULL AS varchar(254)) AS REMARKS FROM sys.databases ORDER BY name',
    ),
  sp_datatype_info: (context) =>
    query(
      context,
      'SELECT name AS TYPE_NAME, CAST(system_type_id AS int) AS DATA_TYPE, CAST(precision AS int) AS PRECISION FROM sys.types ORDER BY name',
    ),
};

function columns(context: Context, table: string | undefined, owner: string | undefined): Promise<number> {
  return query(
    context,
    `SELECT TABLE_CATALOG AS TABLE_QUALIFIER, TABLE_SCHEMA AS TABLE_OWNER, TABLE_NAME, COLUMN_NAME,
       CAST(CASE DATA_TYPE WHEN 'bit' THEN -7 WHEN 'tinyint' THEN -6 WHEN 'smallint' THEN 5 WHEN 'int' THEN 4 WHEN 'bigint' THEN -5 WHEN 'decimal' THEN 3 WHEN 'numeric' THEN 2 WHEN 'money' THEN 3 WHEN 'smallmoney' THEN 3 WHEN 'float' THEN 6 WHEN 'real' THEN 7
         WHEN 'date' THEN -9 WHEN 'time' THEN -9 WHEN 'datetime' THEN 11 WHEN 'datetime2' THEN -9 WHEN 'smalldatetime' THEN 11 WHEN 'datetimeoffset' THEN -9 WHEN 'char' THEN 1 WHEN 'varchar' THEN 12 WHEN 'nchar' THEN -8 WHEN 'nvarchar' THEN -9 WHEN 'binary' THEN -2 WHEN 'varbinary' THEN -3 WHEN 'uniqueidentifier' THEN -11 END AS smallint) AS DATA_TYPE,
       DATA_TYPE AS TYPE_NAME, CAST(COALESCE(NUMERIC_PRECISION, CHARACTER_MAXIMUM_LENGTH, 0) AS int) AS PRECISION, CAST(COALESCE(CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, 8) AS int) AS LENGTH,
       CAST(COALESCE(NUMERIC_SCALE, DATETIME_PRECISION) AS smallint) AS SCALE, NUMERIC_PRECISION_RADIX AS RADIX, CAST(CASE IS_NULLABLE WHEN 'YES' THEN 1 ELSE 0 END AS smallint) AS NULLABLE, CAST(NULL AS varchar(254)) AS REMARKS, COLUMN_DEFAULT AS COLUMN_DEF,
       CAST(0 AS smallint) AS SQL_DATA_TYPE, CAST(NULL AS smallint) AS SQL_DATETIME_SUB, CHARACTER_OCTET_LENGTH AS CHAR_OCTET_LENGTH, ORDINAL_POSITION, IS_NULLABLE
     FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME LIKE COALESCE(${literal(table)}, N'%') AND TABLE_SCHEMA LIKE COALESCE(${literal(owner)}, N'%') ORDER BY TABLE_OWNER, TABLE_NAME, ORDINAL_POSITION`,
  );
}
