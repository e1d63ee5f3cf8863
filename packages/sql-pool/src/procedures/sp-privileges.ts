import { sysname, varchar } from '../types/sql-type.js';
import { columnsOf, knownTables } from './known-tables.js';
import { named, optional, type SystemProcedure, sendTable, sorted } from './system-procedure.js';

const privileges = ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'];

/** sp_table_privileges: what the user itself may do; grants of others are in sys.database_permissions. */
export const spTablePrivileges: SystemProcedure = (context, values) => {
  const { session } = context;
  const isTable = named(optional(values, 0, '@table_name'));
  const isOwner = named(optional(values, 1, '@table_owner'));
  const rows = sorted(
    knownTables(context).filter(({ name, schema }) => isTable(name) && isOwner(schema)),
    ({ schema }) => schema,
    ({ name }) => name,
  ).flatMap((table) =>
    privileges
      .filter((privilege) => session.may(privilege, table))
      .map((privilege) => [session.database.name, table.schema, table.name, 'dbo', session.user, privilege, 'YES']),
  );
  return sendTable(
    context,
    [
      ['TABLE_QUALIFIER', sysname],
      ['TABLE_OWNER', sysname],
      ['TABLE_NAME', sysname],
      ['GRANTOR', sysname],
      ['GRANTEE', sysname],
      ['PRIVILEGE', varchar(32)],
      ['IS_GRANTABLE', varchar(3)],
    ],
    rows,
  );
};

/** sp_column_privileges: those of its table, for each column. */
export const spColumnPrivileges: SystemProcedure = async (context, values) => {
  const { session } = context;
  const isTable = named(optional(values, 0, '@table_name'), true);
  const isOwner = named(optional(values, 1, '@table_owner'), true);
  const isColumn = named(optional(values, 3, '@column_name'));
  const rows = [];
  for (const table of knownTables(context)) {
    if (!isTable(table.name) || !isOwner(table.schema)) continue;
    for (const { name } of await columnsOf(context, table))
      if (isColumn(name))
        for (const privilege of privileges.filter((one) => one !== 'DELETE' && session.may(one, table)))
          rows.push([session.database.name, table.schema, table.name, name, 'dbo', session.user, privilege, 'YES']);
  }
  return sendTable(
    context,
    [
      ['TABLE_QUALIFIER', sysname],
      ['TABLE_OWNER', sysname],
      ['TABLE_NAME', sysname],
      ['COLUMN_NAME', sysname],
      ['GRANTOR', sysname],
      ['GRANTEE', sysname],
      ['PRIVILEGE', varchar(32)],
      ['IS_GRANTABLE', varchar(3)],
    ],
    rows,
  );
};
