import type { Context } from '../interpreter/context.js';
import { type SqlType, sysname } from '../types/sql-type.js';
import { columnsOf, type KnownColumn, type KnownTable, knownTables } from './known-tables.js';
import { odbcType } from './odbc-type.js';
import {
  named,
  optional,
  type ProcedureArguments,
  type SystemProcedure,
  sendTable,
  sorted,
} from './system-procedure.js';
import { typeDescription } from './type-description.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };

const common = [
  ['TABLE_QUALIFIER', sysname],
  ['TABLE_OWNER', sysname],
  ['TABLE_NAME', sysname],
  ['COLUMN_NAME', sysname],
  ...typeDescription,
] as const;

/** What sp_columns_100 has besides: before the last column of the others, SS_DATA_TYPE. */
const newer = [
  ['SS_IS_SPARSE', smallint],
  ['SS_IS_COLUMN_SET', smallint],
  ['SS_IS_COMPUTED', smallint],
  ['SS_IS_IDENTITY', smallint],
  ['SS_UDT_CATALOG_NAME', sysname],
  ['SS_UDT_SCHEMA_NAME', sysname],
  ['SS_UDT_ASSEMBLY_TYPE_NAME', sysname],
  ['SS_XML_SCHEMACOLLECTION_CATALOG_NAME', sysname],
  ['SS_XML_SCHEMACOLLECTION_SCHEMA_NAME', sysname],
  ['SS_XML_SCHEMACOLLECTION_NAME', sysname],
] as const;

const last = ['SS_DATA_TYPE', tinyint] as const;

/** Types of DB-Library (systypes.type): of a column that may be NULL, and of one that may not. */
const oldTypes: Readonly<Record<string, readonly [nullable: number, not: number]>> = {
  bit: [50, 50],
  tinyint: [38, 48],
  smallint: [38, 52],
  int: [38, 56],
  bigint: [108, 63],
  decimal: [106, 55],
  numeric: [108, 63],
  money: [110, 60],
  smallmoney: [110, 122],
  float: [109, 62],
  real: [109, 59],
  datetime: [111, 61],
  smalldatetime: [111, 58],
  char: [39, 47],
  varchar: [39, 39],
  nchar: [39, 39],
  nvarchar: [39, 39],
  binary: [37, 45],
  varbinary: [37, 37],
  uniqueidentifier: [37, 37],
};

async function send(context: Context, values: ProcedureArguments, old: boolean): Promise<number> {
  const isTable = named(optional(values, 0, '@table_name'), usesNames(values));
  const isOwner = named(optional(values, 1, '@table_owner'), usesNames(values));
  const isColumn = named(optional(values, 3, '@column_name'), usesNames(values));
  const version = Number(optional(values, 4, '@odbcver') ?? 2);
  const tables = knownTables(context).filter(({ schema, name }) => isTable(name) && isOwner(schema));
  const rows = [];
  for (const table of sorted(
    tables,
    ({ schema }) => schema,
    ({ name }) => name,
  ))
    for (const [index, column] of (await columnsOf(context, table)).entries())
      if (isColumn(column.name)) rows.push(row(context, table, column, index, version, old));
  return sendTable(context, [...common, ...(old ? [] : newer), last], rows);
}

/** fUsePattern = 0: names are names and no patterns. */
function usesNames(values: ProcedureArguments): boolean {
  return ['0', 'false'].includes(optional(values, 5, '@fusepattern') ?? '1');
}

function row(context: Context, table: KnownTable, column: KnownColumn, index: number, version: number, old: boolean) {
  const { type } = column;
  const odbc = odbcType(type, version, old);
  return [
    context.session.database.name,
    table.schema,
    table.name,
    column.name,
    odbc.dataType,
    column.identity ? `${type.name} identity` : type.name,
    odbc.precision,
    odbc.length,
    odbc.scale,
    odbc.radix,
    column.nullable ? 1 : 0,
    null,
    null,
    odbc.verboseType,
    odbc.datetimeSub,
    odbc.octets,
    index + 1,
    column.nullable ? 'YES' : 'NO',
    ...(old ? [] : [0, 0, 0, column.identity ? 1 : 0, null, null, null, null, null, null]),
    oldTypes[type.name]?.[column.nullable ? 0 : 1] ?? 0,
  ];
}

/** sp_columns: the types that came after SQL Server 2005 are shown as nvarchar. */
export const spColumns: SystemProcedure = (context, values) => send(context, values, true);

/** sp_columns_100, which drivers of today ask. */
export const spColumns100: SystemProcedure = (context, values) => send(context, values, false);
