import { objectId, type TableColumn } from '../catalog/objects.js';
import { fixedRoles, principalsOf } from '../catalog/security.js';
import { typeShape } from '../catalog/views/types.js';
import { tokenize } from '../dialect/lexer.js';
import { quoteText } from '../dialect/translate/quote.js';
import type { Typed } from '../dialect/translate/typed.js';
import { version, versionText } from '../server/version.js';
import { bigint, float, int, nvarchar, type SqlType, storageType, sysname } from '../types/sql-type.js';
import { resolveName } from './names.js';
import { objectProperty } from './properties.js';
import type { Session } from './session.js';

function text(value: string | null | undefined, type: SqlType = sysname): Typed {
  if (value === null || value === undefined) return { sql: `CAST(NULL AS ${storageType(type)})`, type, constant: null };
  return { sql: quoteText(value), type, constant: value };
}

function number(value: number | null | undefined, type: SqlType = int): Typed {
  if (value === null || value === undefined) return { sql: `CAST(NULL AS ${storageType(type)})`, type, constant: null };
  return { sql: `CAST(${value} AS ${storageType(type)})`, type, constant: value };
}

/** @@NAME, upper case. */
export function systemVariable(session: Session, name: string): Typed | undefined {
  switch (name) {
    case '@@ROWCOUNT':
      return number(session.rowCount);
    case '@@ERROR':
      return number(session.lastError);
    // DuckDB's clock stands still in a transaction; in none it is good enough, and a text with it can be kept.
    case '@@$CLOCK': {
      if (session.transaction === 'none') return undefined;
      const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
      return { sql: `TIMESTAMP '${now}'`, type: { name: 'datetime2', scale: 6 } };
    }
    case '@@TRANCOUNT':
      return number(session.transaction === 'none' ? 0 : 1);
    case '@@SPID':
      return number(session.id, { name: 'smallint' });
    case '@@VERSION':
      return text(versionText, nvarchar(300));
    case '@@SERVERNAME':
      return text(session.services.serverName);
    case '@@SERVICENAME':
      return text('MSSQLSERVER');
    case '@@LANGUAGE':
      return text('us_english');
    case '@@DATEFIRST':
      return number(session.dateFirst, { name: 'tinyint' });
    case '@@MAX_PRECISION':
      return number(38, { name: 'tinyint' });
    case '@@MICROSOFTVERSION':
      return number(version[0] * 2 ** 24 + version[2]);
    case '@@LANGID':
    case '@@PROCID':
    case '@@CURSOR_ROWS':
    case '@@CONNECTIONS':
    case '@@CPU_BUSY':
    case '@@IDLE':
    case '@@IO_BUSY':
    case '@@PACK_RECEIVED':
    case '@@PACK_SENT':
    case '@@PACKET_ERRORS':
    case '@@TOTAL_READ':
    case '@@TOTAL_WRITE':
    case '@@TOTAL_ERRORS':
    case '@@NESTLEVEL':
      return number(0);
    case '@@TIMETICKS':
      return number(31_250);
    case '@@MAX_CONNECTIONS':
      return number(32_767);
    case '@@REMSERVER':
      return text(null);
    case '@@OPTIONS':
      return number(5496);
    case '@@TEXTSIZE':
      return number(2_147_483_647);
    case '@@LOCK_TIMEOUT':
      return number(-1);
    case '@@FETCH_STATUS':
      return number(0);
    default:
      return undefined;
  }
}

/** `[schema].[object]` as text, taken apart. */
export function parseObjectName(name: string): readonly string[] {
  const parts: string[] = [''];
  for (const token of tokenize(name)) {
    if (token.kind === 'end') break;
    if (token.key === '.') parts.push('');
    else parts[parts.length - 1] += token.text;
  }
  return parts;
}

const typeLetters: Readonly<Record<string, readonly string[]>> = {
  table: ['U'],
  view: ['V'],
  externalTable: ['U', 'ET'],
  procedure: ['P'],
  function: ['FN'],
  tableFunction: ['IF', 'TF'],
};

/** Which kind of object a name is. */
export function kindOf(
  session: Session,
  name: readonly string[],
): { readonly kind: keyof typeof typeLetters; readonly schema: string; readonly name: string } | undefined {
  let resolved: ReturnType<typeof resolveName>;
  try {
    resolved = resolveName(session, name);
  } catch {
    return undefined;
  }
  const { database, schema, name: object } = resolved;
  if (resolved.temporary)
    return session.temporary.has(object.toLowerCase()) ? { kind: 'table', schema: 'dbo', name: object } : undefined;
  const table = database.table(schema, object);
  if (table) return { kind: 'table', schema: table.schema, name: table.name };
  const view = database.find('view', schema, object);
  if (view) return { kind: 'view', schema: view.schema, name: view.name };
  const external = database.find('externalTable', schema, object);
  if (external) return { kind: 'externalTable', schema: external.schema, name: external.name };
  const routine = database.find('routine', schema, object);
  if (routine) return { kind: routine.kind, schema: routine.schema, name: routine.name };
  return undefined;
}

function everyObject(session: Session): readonly { readonly schema: string; readonly name: string }[] {
  const { database } = session;
  return [...database.tables, ...database.all('view'), ...database.all('externalTable'), ...database.all('routine')];
}

function schemaId(name: string): number {
  return name.toLowerCase() === 'dbo' ? 1 : objectId('$schema', name);
}

export { schemaId };

const error = (session: Session) => session.caught.at(-1);

/** Answers of the functions listed in dialect/functions/facts.ts. */
export function fact(session: Session, name: string, values: readonly (string | number | null)[]): Typed | undefined {
  const first = values[0];
  switch (name) {
    case 'RAND':
      if (typeof first === 'number') session.random.seed(first);
      return number(session.random.next(), float);
    case 'OBJECT_ID': {
      const found = typeof first === 'string' ? kindOf(session, parseObjectName(first)) : undefined;
      const wanted = typeof values[1] === 'string' ? values[1].toUpperCase() : undefined;
      if (!found || (wanted && !typeLetters[found.kind]!.includes(wanted))) return number(null);
      return number(objectId(found.schema, found.name));
    }
    case 'OBJECT_NAME':
      return text(everyObject(session).find((object) => objectId(object.schema, object.name) === first)?.name);
    case 'OBJECT_SCHEMA_NAME':
      return text(everyObject(session).find((object) => objectId(object.schema, object.name) === first)?.schema);
    case 'OBJECT_DEFINITION':
      return text(
        [...session.database.all('view'), ...session.database.all('routine')].find(
          (object) => objectId(object.schema, object.name) === first,
        )?.text,
        nvarchar(9999),
      );
    case 'SCHEMA_ID': {
      const schema = session.database.schema(first === undefined ? 'dbo' : String(first));
      return number(schema === undefined ? null : schemaId(schema));
    }
    case 'SCHEMA_NAME':
      return text(first === undefined ? 'dbo' : session.database.schemas.find((schema) => schemaId(schema) === first));
    case 'DB_NAME':
    case 'ORIGINAL_DB_NAME':
      return text(
        first === undefined || first === databaseId(session, session.database.name)
          ? session.database.name
          : session.services.catalog.names.find((known) => databaseId(session, known) === first),
      );
    case 'DB_ID': {
      const known = first === undefined ? session.database.name : session.services.catalog.nameOf(String(first));
      return number(known === undefined ? null : databaseId(session, known), { name: 'smallint' });
    }
    case 'HAS_DBACCESS':
      return number(session.services.catalog.nameOf(String(first)) === undefined ? null : 1);
    case 'USER_NAME':
    case 'CURRENT_USER':
    case 'SESSION_USER':
    case 'USER':
      return text(session.user);
    case 'USER_ID':
    case 'DATABASE_PRINCIPAL_ID':
      return number(principalId(first === undefined ? session.user : String(first)));
    case 'SYSTEM_USER':
    case 'SUSER_SNAME':
    case 'SUSER_NAME':
    case 'ORIGINAL_LOGIN':
      return text(session.login);
    case 'HOST_NAME':
      return text(session.host);
    case 'APP_NAME':
      return text(session.application);
    case 'SESSION_ID':
      return text(session.sessionId);
    case 'ERROR_NUMBER':
      return number(error(session)?.number);
    case 'ERROR_MESSAGE':
      return text(error(session)?.message, nvarchar(4000));
    case 'ERROR_SEVERITY':
      return number(error(session)?.severity);
    case 'ERROR_STATE':
      return number(error(session)?.state);
    case 'ERROR_PROCEDURE':
      return text(error(session)?.procedure || null);
    case 'XACT_STATE':
      return number(session.transaction === 'none' ? 0 : session.transaction === 'open' ? 1 : -2, { name: 'smallint' });
    case 'ROWCOUNT_BIG':
      return number(session.rowCount, bigint);
    case 'HAS_PERMS_BY_NAME':
      return number(hasPermission(session, values));
    case 'IS_MEMBER':
      return number(isMember(session, String(first), session.user));
    case 'IS_ROLEMEMBER':
      return number(isMember(session, String(first), values[1] === undefined ? session.user : String(values[1])));
    case 'IS_SRVROLEMEMBER':
      return number(session.isAdministrator ? 1 : 0);
    case 'SERVERPROPERTY':
      return serverProperty(session, String(first));
    case 'DATABASEPROPERTYEX':
      return databaseProperty(String(values[1]));
    case 'OBJECTPROPERTY':
    case 'OBJECTPROPERTYEX': {
      const object = everyObject(session).find((candidate) => objectId(candidate.schema, candidate.name) === first);
      return number(object && objectProperty(session, [object.schema, object.name], String(values[1])));
    }
    case 'COL_LENGTH': {
      const column = columnNamed(session, String(first), String(values[1]));
      return number(column && typeShape(column.type).bytes, { name: 'smallint' });
    }
    case 'SESSION_CONTEXT':
      return text(session.context.get(String(first).toLowerCase()), nvarchar(4000));
    case 'CONNECTIONPROPERTY':
      return connectionProperty(String(first));
    case 'SESSIONPROPERTY':
      return number(
        sessionProperties.has(String(first).toUpperCase())
          ? 1
          : String(first).toUpperCase() === 'NUMERIC_ROUNDABORT'
            ? 0
            : null,
      );
    case 'HOST_ID':
      return text(String(session.id));
    case 'SUSER_ID':
      return number(session.isAdministrator ? 1 : principalId(session.login));
    case 'SCOPE_IDENTITY':
      return undefined;
    default:
      return undefined;
  }
}

export function databaseId(session: Session, name: string): number {
  if (name.toLowerCase() === 'master') return 1;
  return 5 + session.services.catalog.names.filter((known) => known !== 'master').indexOf(name);
}

export function principalId(name: string): number {
  const lower = name.toLowerCase();
  if (lower === 'public') return 0;
  if (lower === 'dbo') return 1;
  const fixed = fixedRoles.indexOf(lower);
  return fixed >= 0 ? 16384 + fixed : (objectId('$principal', name) & 0xffff) | 0x40000;
}

function hasPermission(session: Session, values: readonly (string | number | null)[]): number | null {
  const [securable, kind, permission] = values;
  if (typeof permission !== 'string') return null;
  if (session.isAdministrator) {
    if (typeof securable === 'string' && String(kind).toUpperCase() === 'OBJECT')
      return kindOf(session, parseObjectName(securable)) ? 1 : null;
    return 1;
  }
  if (securable === null || String(kind).toUpperCase() === 'DATABASE') return session.may(permission) ? 1 : 0;
  const parts = parseObjectName(String(securable));
  if (String(kind).toUpperCase() === 'SCHEMA')
    return session.database.schema(parts.at(-1)!) ? (session.may(permission, { schema: parts.at(-1)! }) ? 1 : 0) : null;
  const found = kindOf(session, parts);
  if (!found) return null;
  return session.may(permission.toUpperCase() === 'ANY' ? 'SELECT' : permission, found) ? 1 : 0;
}

function isMember(session: Session, role: string, user: string): number | null {
  const known =
    fixedRoles.includes(role.toLowerCase()) ||
    session.database.all('principal').some((principal) => principal.name.toLowerCase() === role.toLowerCase());
  if (!known) return null;
  if (session.isAdministrator && user.toLowerCase() === session.user.toLowerCase())
    return ['db_owner', 'public'].includes(role.toLowerCase())
      ? 1
      : principalsOf(session.database, user).has(role.toLowerCase())
        ? 1
        : 0;
  return principalsOf(session.database, user).has(role.toLowerCase()) ? 1 : 0;
}

const sessionProperties: ReadonlySet<string> = new Set([
  'ANSI_NULLS',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'ARITHABORT',
  'CONCAT_NULL_YIELDS_NULL',
  'QUOTED_IDENTIFIER',
]);

function columnNamed(session: Session, table: string, column: string): TableColumn | undefined {
  const found = kindOf(session, parseObjectName(table));
  if (!found) return undefined;
  const columns =
    session.database.table(found.schema, found.name)?.columns ??
    session.database.find('externalTable', found.schema, found.name)?.columns;
  return columns?.find((candidate) => candidate.name.toLowerCase() === column.toLowerCase());
}

function connectionProperty(property: string): Typed {
  switch (property.toLowerCase()) {
    case 'net_transport':
    case 'physical_net_transport':
      return text('TCP');
    case 'protocol_type':
      return text('TSQL');
    case 'auth_scheme':
      return text('SQL');
    case 'client_net_address':
    case 'local_net_address':
      return text('127.0.0.1');
    default:
      return text(null);
  }
}

function serverProperty(session: Session, property: string): Typed {
  switch (property.toLowerCase()) {
    case 'edition':
      return text('SQL Azure');
    case 'engineedition':
      return number(6);
    case 'productversion':
      return text(`${version[0]}.${version[1]}.${version[2]}.0`);
    case 'productlevel':
      return text('RTM');
    case 'productmajorversion':
      return text(String(version[0]));
    case 'servername':
    case 'machinename':
      return text(session.services.serverName);
    case 'collation':
      return text('SQL_Latin1_General_CP1_CI_AS');
    case 'isintegratedsecurityonly':
    case 'isclustered':
    case 'ishadrenabled':
      return number(0);
    default:
      return text(null);
  }
}

function databaseProperty(property: string): Typed {
  switch (property.toLowerCase()) {
    case 'edition':
      return text('DataWarehouse');
    case 'serviceobjective':
      return text('DW100c');
    case 'collation':
      return text('SQL_Latin1_General_CP1_CI_AS');
    case 'updateability':
      return text('READ_WRITE');
    case 'status':
      return text('ONLINE');
    default:
      return text(null);
  }
}
