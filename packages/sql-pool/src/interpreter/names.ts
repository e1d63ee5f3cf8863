import type { Database } from '../catalog/database.js';
import type { Name } from '../dialect/ast.js';
import { quoteName } from '../dialect/translate/quote.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { Session } from './session.js';

export interface ResolvedName {
  readonly database: Database;
  readonly schema: string;
  readonly name: string;
  /** A temporary table of the session. */
  readonly temporary: boolean;
  /** DuckDB's name of a temporary table. */
  readonly storedAs?: string;
}

/** Databases that names may mention have to be open before the text is translated. */
export const openDatabases = new WeakMap<Session, Map<string, Database>>();

/** The user's own schema when the object is there, otherwise dbo. */
function defaultSchema(session: Session, database: Database, object: string): string {
  const own = session.isAdministrator ? undefined : database.find('principal', session.user)?.schema;
  if (own === undefined || own.toLowerCase() === 'dbo') return 'dbo';
  const known = (schema: string) =>
    database.table(schema, object) ??
    database.find('view', schema, object) ??
    database.find('externalTable', schema, object) ??
    database.find('routine', schema, object);
  return known(own) || !known('dbo') ? own : 'dbo';
}

/** Takes `[server.][database.][schema.]object` apart; the schema left out is the user's own or `dbo`. @throws SqlError 208 for another server or a database that is not there */
export function resolveName(session: Session, name: Name): ResolvedName {
  const object = name.at(-1)!;
  if (object.startsWith('##'))
    throw notSupported(
      `the global temporary table ${object}`,
      0,
      'A dedicated SQL pool has none either: use #name or a table.',
    );
  if (object.startsWith('#'))
    return {
      database: session.database,
      schema: 'main',
      name: object,
      temporary: true,
      storedAs: session.temporary.storedName(object),
    };
  const databaseName = name.at(-3);
  let database = session.database;
  if (databaseName && databaseName.toLowerCase() !== database.name.toLowerCase()) {
    const other = openDatabases.get(session)?.get(databaseName.toLowerCase());
    if (!other)
      throw new SqlError(208, `Invalid object name '${name.join('.')}'.`, {
        hint: `There is no database '${databaseName}'.`,
      });
    database = other;
  }
  if (name.length > 3 && name[0] !== '')
    throw new SqlError(
      40515,
      `Reference to database and/or server name in '${name.join('.')}' is not supported in this version of SQL Server.`,
    );
  const schema = name.at(-2) || defaultSchema(session, database, object);
  return { database, schema: database.schema(schema) ?? schema, name: object, temporary: false };
}

/** The DuckDB text of a stored table. */
export function storedName(resolved: ResolvedName): string {
  if (resolved.temporary) return `temp.main.${quoteName(resolved.storedAs ?? resolved.name.toLowerCase())}`;
  return `${quoteName(resolved.database.name)}.${quoteName(resolved.schema)}.${quoteName(resolved.name)}`;
}

export function shownName(resolved: ResolvedName): string {
  return resolved.temporary ? resolved.name : `${resolved.schema}.${resolved.name}`;
}
