import { readRows } from '../duckdb/run.js';
import { storedName } from '../interpreter/names.js';
import { tableOf } from '../interpreter/relations.js';
import { int, type SqlType, sysname, varchar } from '../types/sql-type.js';
import { knownTables } from './known-tables.js';
import { named, optional, type SystemProcedure, sendTable } from './system-procedure.js';

const smallint: SqlType = { name: 'smallint' };

const columns = [
  ['TABLE_QUALIFIER', sysname],
  ['TABLE_OWNER', sysname],
  ['TABLE_NAME', sysname],
  ['NON_UNIQUE', smallint],
  ['INDEX_QUALIFIER', sysname],
  ['INDEX_NAME', sysname],
  ['TYPE', smallint],
  ['SEQ_IN_INDEX', smallint],
  ['COLUMN_NAME', sysname],
  ['COLLATION', varchar(1)],
  ['CARDINALITY', int],
  ['PAGES', int],
  ['FILTER_CONDITION', varchar(128)],
] as const;

/** sp_statistics: the number of rows of each table. Indexes are DuckDB's own business and not shown. */
export const spStatistics: SystemProcedure = async (context, values) => {
  const { session } = context;
  const isTable = named(optional(values, 0, '@table_name'), true);
  const isOwner = named(optional(values, 1, '@table_owner'), true);
  const rows = [];
  for (const { schema, name, kind } of knownTables(context)) {
    if (kind !== 'TABLE' || !isTable(name) || !isOwner(schema)) continue;
    if (!session.database.table(schema, name)) continue;
    const text = `SELECT count(*) FROM ${storedName(tableOf(session, [schema, name]).resolved)}`;
    const { rows: counted } = await readRows(await session.evaluator(), text);
    const count = Math.min(Number(counted[0]![0]), 2_147_483_647);
    rows.push([session.database.name, schema, name, null, null, null, 0, null, null, null, count, null, null]);
  }
  return sendTable(context, columns, rows);
};
