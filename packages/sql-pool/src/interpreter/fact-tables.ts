import { objectId } from '../catalog/objects.js';
import { systemViewNames } from '../catalog/views/index.js';
import { clusteredName, keysOf } from '../catalog/views/sys-constraints.js';
import { systemTypes } from '../catalog/views/types.js';
import { datetime, int, nvarchar, type SqlType, sysname } from '../types/sql-type.js';
import { databaseId, principalId, schemaId } from './facts.js';
import { columnProperty, objectProperty } from './properties.js';
import type { Session } from './session.js';

/** What a function of the catalog answers for every key there is: `id`, `name`, `id/number` or `id/name`, lower case. */
export interface FactTable {
  readonly type: SqlType;
  readonly entries: readonly (readonly [key: string, value: string | number])[];
}

type Maker = (session: Session, constants: readonly (string | number | null)[]) => FactTable;

function objects(session: Session) {
  const { database } = session;
  return [
    ...database.tables.map(({ schema, name }) => ({ schema, name, text: undefined })),
    ...database.all('externalTable').map(({ schema, name }) => ({ schema, name, text: undefined })),
    ...database.all('view').map(({ schema, name, text }) => ({ schema, name, text })),
    ...database.all('routine').map(({ schema, name, text }) => ({ schema, name, text })),
  ].map((object) => ({ ...object, id: objectId(object.schema, object.name) }));
}

function columnsOf(session: Session) {
  const { database } = session;
  return [...database.tables, ...database.all('externalTable')].flatMap((table) =>
    table.columns.map((column, index) => ({ id: objectId(table.schema, table.name), column, number: index + 1 })),
  );
}

function indexIds(session: Session): FactTable['entries'] {
  const clustered = session.database.tables
    .filter((table) => table.index !== 'HEAP')
    .map((table) => [`${objectId(table.schema, table.name)}/${clusteredName(table).toLowerCase()}`, 1] as const);
  const keys = keysOf(session).map(
    ({ table, key, indexId }) => [`${objectId(table.schema, table.name)}/${key.name.toLowerCase()}`, indexId] as const,
  );
  return [...clustered, ...keys];
}

/** Functions of the catalog that may stand over columns, by upper-case name. */
export const factTables: Readonly<Record<string, Maker>> = {
  OBJECT_NAME: (session) => ({
    type: sysname,
    entries: [...objects(session), ...systemViewNames()].map(({ id, name }) => [String(id), name]),
  }),
  OBJECT_SCHEMA_NAME: (session) => ({
    type: sysname,
    entries: [...objects(session), ...systemViewNames()].map(({ id, schema }) => [String(id), schema]),
  }),
  OBJECT_DEFINITION: (session) => ({
    type: nvarchar(9999),
    entries: objects(session).flatMap(({ id, text }) => (text === undefined ? [] : [[String(id), text] as const])),
  }),
  OBJECT_ID: (session) => ({
    type: int,
    entries: objects(session).flatMap(({ id, schema, name }) => [
      [`${schema}.${name}`.toLowerCase(), id] as const,
      [`${session.database.name}.${schema}.${name}`.toLowerCase(), id] as const,
      ...(schema.toLowerCase() === 'dbo' ? [[name.toLowerCase(), id] as const] : []),
    ]),
  }),
  SCHEMA_NAME: (session) => ({
    type: sysname,
    entries: [...session.database.schemas, 'sys', 'INFORMATION_SCHEMA'].map((name) => [String(schemaId(name)), name]),
  }),
  SCHEMA_ID: (session) => ({
    type: int,
    entries: [...session.database.schemas, 'sys', 'INFORMATION_SCHEMA'].map((name) => [
      name.toLowerCase(),
      schemaId(name),
    ]),
  }),
  DB_NAME: (session) => ({
    type: sysname,
    entries: session.services.catalog.names.map((name) => [String(databaseId(session, name)), name]),
  }),
  HAS_DBACCESS: (session) => ({
    type: int,
    entries: session.services.catalog.names.map((name) => [name.toLowerCase(), 1]),
  }),
  DB_ID: (session) => ({
    type: int,
    entries: session.services.catalog.names.map((name) => [name.toLowerCase(), databaseId(session, name)]),
  }),
  TYPE_NAME: () => ({ type: sysname, entries: systemTypes.map(({ name, userNumber }) => [String(userNumber), name]) }),
  TYPE_ID: () => ({ type: int, entries: systemTypes.map(({ name, userNumber }) => [name, userNumber]) }),
  USER_NAME: (session) => ({
    type: sysname,
    entries: [...session.database.all('principal').map(({ name }) => name), 'dbo', 'public'].map((name) => [
      String(principalId(name)),
      name,
    ]),
  }),
  COL_NAME: (session) => ({
    type: sysname,
    entries: columnsOf(session).map(({ id, column, number }) => [`${id}/${number}`, column.name]),
  }),
  COLUMNPROPERTY: (session, [property]) => ({
    type: int,
    entries: columnsOf(session).flatMap(({ id, column, number }) => {
      const value = columnProperty(column, number, String(property));
      return value === undefined ? [] : [[`${id}/${column.name.toLowerCase()}`, value] as const];
    }),
  }),
  // When statistics were made is not kept; that they are there is.
  STATS_DATE: () => ({ type: datetime, entries: [] }),
  INDEXPROPERTY: (session, [property]) => ({
    type: int,
    entries: String(property).toLowerCase() === 'indexid' ? indexIds(session) : [],
  }),
  OBJECTPROPERTY: (session, [property]) => ({
    type: int,
    entries: objects(session).flatMap(({ id, schema, name }) => {
      const value = objectProperty(session, [schema, name], String(property));
      return value === undefined ? [] : [[String(id), value] as const];
    }),
  }),
};
