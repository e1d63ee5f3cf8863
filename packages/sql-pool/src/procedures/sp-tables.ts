import { sysname, varchar } from '../types/sql-type.js';
import { knownTables } from './known-tables.js';
import { named, optional, type SystemProcedure, sendTable, sorted } from './system-procedure.js';

const columns = [
  ['TABLE_QUALIFIER', sysname],
  ['TABLE_OWNER', sysname],
  ['TABLE_NAME', sysname],
  ['TABLE_TYPE', varchar(32)],
  ['REMARKS', varchar(254)],
] as const;

/** sp_tables: tables and views, or, asked as ODBC's SQLTables does, the databases, the schemas or the types there are. */
export const spTables: SystemProcedure = async (context, values) => {
  const { session } = context;
  const name = optional(values, 0, '@table_name');
  const owner = optional(values, 1, '@table_owner');
  const qualifier = optional(values, 2, '@table_qualifier');
  const types = optional(values, 3, '@table_type');
  const exact = ['0', 'false'].includes(optional(values, 4, '@fusepattern') ?? '1');
  if (qualifier === '%' && name === '' && owner === '')
    return sendTable(
      context,
      columns,
      session.services.catalog.names.map((database) => [database, null, null, null, null]),
    );
  if (owner === '%' && name === '' && (qualifier === '' || qualifier === undefined))
    return sendTable(
      context,
      columns,
      session.database.schemas.map((schema) => [null, schema, null, null, null]),
    );
  if (types === '%' && name === '' && owner === '')
    return sendTable(
      context,
      columns,
      ['SYSTEM TABLE', 'TABLE', 'VIEW'].map((type) => [null, null, null, type, null]),
    );
  const wanted = types === undefined || types === '' ? undefined : types.replaceAll("'", '').toUpperCase();
  const isWanted = (kind: string) => wanted === undefined || wanted.split(',').some((type) => type.trim() === kind);
  const isNamed = named(name, exact);
  const isOwned = named(owner, exact);
  const found = knownTables(context)
    .map((table) => ({ ...table, type: table.kind === 'TABLE' ? 'TABLE' : 'VIEW' }))
    .filter((table) => isWanted(table.type) && isNamed(table.name) && isOwned(table.schema));
  return sendTable(
    context,
    columns,
    sorted(
      found,
      ({ type }) => type,
      ({ schema }) => schema,
      (table) => table.name,
    ).map((table) => [session.database.name, table.schema, table.name, table.type, null]),
  );
};
