import type { Database } from '../../catalog/database.js';
import type { RoutineDefinition } from '../../catalog/objects.js';
import { fixedRoles } from '../../catalog/security.js';
import type { DroppedKind, Name } from '../../dialect/ast.js';
import { quoteName } from '../../dialect/translate/quote.js';
import { errors } from '../../errors/catalogue.js';
import { SqlError } from '../../errors/sql-error.js';
import type { Context } from '../context.js';
import { resolveName, storedName } from '../names.js';
import { type Handler, next } from './handler.js';

type Dropper = (context: Context, name: Name) => Promise<boolean>;

async function forgetPermissions(database: Database, on: string): Promise<void> {
  const place = on.toLowerCase();
  for (const entry of database
    .all('permission')
    .filter((permission) => permission.on === place || permission.on.startsWith(`${place}.`)))
    await database.remove('permission', entry.state, entry.permission, entry.class, entry.on, entry.principal);
}

const dropTable: Dropper = async (context, name) => {
  const { session } = context;
  const resolved = resolveName(session, name);
  if (resolved.temporary) {
    if (!session.temporary.delete(resolved.name.toLowerCase())) return false;
    await session.connection.run(`DROP TABLE ${storedName(resolved)}`);
    return true;
  }
  const table = resolved.database.table(resolved.schema, resolved.name);
  if (!table) {
    if (resolved.database.find('externalTable', resolved.schema, resolved.name))
      throw new SqlError(46525, `'${name.join('.')}' is an external table: use DROP EXTERNAL TABLE.`);
    return false;
  }
  if (!session.may('ALTER', { schema: table.schema }) && !session.may('CONTROL', table)) return false;
  await resolved.database.change(session.connection, [
    `DROP TABLE ${storedName({ ...resolved, schema: table.schema, name: table.name })}`,
  ]);
  await forgetPermissions(resolved.database, `${table.schema}.${table.name}`);
  return true;
};

function stored(
  kind: 'view' | 'routine' | 'externalTable',
  ...routines: readonly RoutineDefinition['kind'][]
): Dropper {
  return async (context, name) => {
    const resolved = resolveName(context.session, name);
    const found = resolved.database.find(kind, resolved.schema, resolved.name);
    if (!found || ('kind' in found && !routines.includes(found.kind))) return false;
    if (!context.session.may('ALTER', { schema: resolved.schema })) return false;
    await resolved.database.remove(kind, resolved.schema, resolved.name);
    await forgetPermissions(resolved.database, `${resolved.schema}.${resolved.name}`);
    return true;
  };
}

function named(kind: 'dataSource' | 'fileFormat' | 'credential', permission: string): Dropper {
  return async ({ session }, name) => {
    if (!session.may(permission)) return false;
    const found = name.at(-1)!;
    if (
      kind === 'credential' &&
      session.database.all('dataSource').some((source) => source.credential?.toLowerCase() === found.toLowerCase())
    )
      throw new SqlError(
        46520,
        `The credential '${found}' cannot be dropped because it is used by an external data source.`,
      );
    if (kind !== 'credential') {
      const used = session.database
        .all('externalTable')
        .find(
          (table) =>
            (kind === 'dataSource' ? table.dataSource : table.fileFormat).toLowerCase() === found.toLowerCase(),
        );
      if (used)
        throw new SqlError(
          46519,
          `'${found}' cannot be dropped because it is used by the external table '${used.schema}.${used.name}'.`,
        );
    }
    return session.database.remove(kind, found);
  };
}

const dropPrincipal: Dropper = async ({ session }, name) => {
  session.demand('ALTER ANY USER');
  const found = name.at(-1)!;
  if (fixedRoles.includes(found.toLowerCase())) throw new SqlError(15150, `Cannot drop the role '${found}'.`);
  for (const entry of session.database.all('membership'))
    if ([entry.member, entry.role].some((part) => part.toLowerCase() === found.toLowerCase()))
      await session.database.remove('membership', entry.role, entry.member);
  for (const entry of session.database.all('permission'))
    if (entry.principal.toLowerCase() === found.toLowerCase())
      await session.database.remove(
        'permission',
        entry.state,
        entry.permission,
        entry.class,
        entry.on,
        entry.principal,
      );
  return session.database.remove('principal', found);
};

const droppers: Record<DroppedKind, Dropper> = {
  TABLE: dropTable,
  VIEW: stored('view'),
  PROCEDURE: stored('routine', 'procedure'),
  FUNCTION: stored('routine', 'function', 'tableFunction'),
  'EXTERNAL TABLE': stored('externalTable'),
  'EXTERNAL DATA SOURCE': named('dataSource', 'ALTER ANY EXTERNAL DATA SOURCE'),
  'EXTERNAL FILE FORMAT': named('fileFormat', 'ALTER ANY EXTERNAL FILE FORMAT'),
  'DATABASE SCOPED CREDENTIAL': named('credential', 'CONTROL'),
  SCHEMA: async (context, name) => {
    const { database } = context.session;
    const schema = database.schema(name.at(-1)!);
    if (!schema || schema.toLowerCase() === 'dbo') return false;
    if (!context.session.may('ALTER', { schema })) return false;
    const inside = [
      ...database.tables,
      ...database.all('view'),
      ...database.all('externalTable'),
      ...database.all('routine'),
    ].find((object) => object.schema.toLowerCase() === schema.toLowerCase());
    if (inside)
      throw new SqlError(
        3729,
        `Cannot drop schema '${schema}' because it is being referenced by object '${inside.name}'.`,
      );
    await database.change(context.session.connection, [
      `DROP SCHEMA ${quoteName(database.name)}.${quoteName(schema)} CASCADE`,
    ]);
    return true;
  },
  DATABASE: async ({ session }, name) => {
    if (!session.isAdministrator) throw errors.deniedInDatabase('DROP DATABASE', 'master');
    const wanted = name.at(-1)!;
    if (session.services.catalog.nameOf(wanted) === undefined) return false;
    if (session.isInUse(wanted))
      throw new SqlError(3702, `Cannot drop database "${wanted}" because it is currently in use.`, { state: 3 });
    await session.services.catalog.drop(wanted);
    return true;
  },
  LOGIN: async ({ session }, name) => {
    if (!session.isAdministrator) throw errors.deniedInDatabase('ALTER ANY LOGIN', 'master');
    return session.services.catalog.master.remove('login', name.at(-1)!);
  },
  USER: dropPrincipal,
  ROLE: dropPrincipal,
  STATISTICS: async ({ session }, name) => {
    const schema = name.length > 2 ? name.at(-3)! : 'dbo';
    return session.database.remove('statistics', schema, name.at(-2) ?? '', name.at(-1)!);
  },
  INDEX: async () => true,
  'MASTER KEY': async ({ session }) => {
    session.demand('CONTROL');
    return session.database.remove('masterKey', 'masterKey');
  },
};

const shownKinds: Partial<Record<DroppedKind, string>> = {
  DATABASE: 'database',
  SCHEMA: 'schema',
  TABLE: 'table',
  VIEW: 'view',
  PROCEDURE: 'procedure',
  FUNCTION: 'function',
};

export const drop: Handler<'drop'> = async (context, statement) => {
  const temporary = statement.names.every((name) => name.at(-1)?.startsWith('#'));
  if (context.session.transaction !== 'none' && !temporary)
    throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  for (const name of statement.names) {
    const dropped = await droppers[statement.what](context, name);
    if (dropped || statement.ifExists) continue;
    const kind = shownKinds[statement.what];
    throw kind
      ? errors.cannotDrop(kind, name.join('.'))
      : errors.notFound(statement.what.toLowerCase(), name.join('.'));
  }
  context.output.done('none', undefined);
  return next;
};
