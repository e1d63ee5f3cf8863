import { principalId, schemaId } from '../../interpreter/facts.js';
import type { Session } from '../../interpreter/session.js';
import { bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import { fixedRoles } from '../security.js';
import type { Cell, SystemView } from './view.js';

const char1: SqlType = { name: 'char', length: 1 };
const epoch = new Date(0);

const principalColumns: SystemView['columns'] = [
  ['name', sysname],
  ['principal_id', int],
  ['type', char1],
  ['type_desc', nvarchar(60)],
  ['default_schema_name', sysname],
  ['create_date', datetime],
  ['modify_date', datetime],
  ['owning_principal_id', int],
  ['sid', { name: 'varbinary', length: 85 }],
  ['is_fixed_role', bit],
  ['authentication_type', int],
  ['authentication_type_desc', nvarchar(60)],
];

function columnNumber(session: Session, schema: string, table: string, column: string): number {
  const columns = session.database.table(schema, table)?.columns ?? [];
  return columns.findIndex((known) => known.name.toLowerCase() === column) + 1;
}

/** Principals, memberships, permissions ("Security catalog views"). */
export const sysSecurity: Readonly<Record<string, SystemView>> = {
  database_principals: {
    columns: principalColumns,
    rows: (session) => [
      ['dbo', 1, 'S', 'SQL_USER', 'dbo', epoch, epoch, null, null, false, 1, 'INSTANCE'],
      ...fixedRoles.map((name): readonly Cell[] => [
        name,
        principalId(name),
        'R',
        'DATABASE_ROLE',
        null,
        epoch,
        epoch,
        1,
        null,
        name.startsWith('db_'),
        0,
        'NONE',
      ]),
      ...session.database
        .all('principal')
        .map((principal): readonly Cell[] => [
          principal.name,
          principalId(principal.name),
          principal.kind === 'role' ? 'R' : principal.external ? 'E' : 'S',
          principal.kind === 'role' ? 'DATABASE_ROLE' : principal.external ? 'EXTERNAL_USER' : 'SQL_USER',
          principal.kind === 'role' ? null : (principal.schema ?? 'dbo'),
          epoch,
          epoch,
          principal.kind === 'role' ? 1 : null,
          null,
          false,
          principal.kind === 'role' ? 0 : principal.external ? 4 : 1,
          principal.kind === 'role' ? 'NONE' : principal.external ? 'EXTERNAL' : 'INSTANCE',
        ]),
    ],
  },
  database_role_members: {
    columns: [
      ['role_principal_id', int],
      ['member_principal_id', int],
    ],
    rows: (session) =>
      session.database.all('membership').map(({ role, member }) => [principalId(role), principalId(member)]),
  },
  database_permissions: {
    columns: [
      ['class', { name: 'tinyint' }],
      ['class_desc', nvarchar(60)],
      ['major_id', int],
      ['minor_id', int],
      ['grantee_principal_id', int],
      ['grantor_principal_id', int],
      ['type', { name: 'char', length: 4 }],
      ['permission_name', nvarchar(128)],
      ['state', char1],
      ['state_desc', nvarchar(60)],
    ],
    rows: (session) =>
      session.database.all('permission').map((entry) => {
        const [schema = '', object, column] = entry.on.split('.');
        const kind = entry.on === '' ? 0 : object === undefined ? 3 : 1;
        return [
          kind,
          kind === 0 ? 'DATABASE' : kind === 3 ? 'SCHEMA' : 'OBJECT_OR_COLUMN',
          kind === 0 ? 0 : kind === 3 ? schemaId(schema) : objectId(schema, object!),
          column === undefined ? 0 : columnNumber(session, schema, object!, column),
          principalId(entry.principal),
          1,
          entry.permission.slice(0, 4),
          entry.permission,
          entry.state === 'GRANT' ? 'G' : 'D',
          entry.state,
        ];
      }),
  },
  sql_logins: {
    columns: [
      ['name', sysname],
      ['principal_id', int],
      ['type', char1],
      ['type_desc', nvarchar(60)],
      ['is_disabled', bit],
      ['create_date', datetime],
    ],
    rows: (session) => [
      [session.services.administrator, 1, 'S', 'SQL_LOGIN', false, epoch],
      ...session.services.catalog.master
        .all('login')
        .map((login): readonly Cell[] => [login.name, principalId(login.name), 'S', 'SQL_LOGIN', false, epoch]),
    ],
  },
  server_principals: {
    columns: [
      ['name', sysname],
      ['principal_id', int],
      ['sid', { name: 'varbinary', length: 85 }],
      ['type', char1],
      ['type_desc', nvarchar(60)],
      ['is_disabled', bit],
    ],
    rows: (session) => [
      [session.services.administrator, 1, null, 'S', 'SQL_LOGIN', false],
      ...session.services.catalog.master
        .all('login')
        .map((login): readonly Cell[] => [login.name, principalId(login.name), null, 'S', 'SQL_LOGIN', false]),
    ],
  },
};
