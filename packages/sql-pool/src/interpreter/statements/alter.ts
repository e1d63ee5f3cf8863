import { type KeyDefinition, type TableDefinition, toTableColumn } from '../../catalog/objects.js';
import { castTo } from '../../dialect/translate/cast.js';
import { translateValue } from '../../dialect/translate/expression.js';
import { quoteName, quoteText } from '../../dialect/translate/quote.js';
import { Scope } from '../../dialect/translate/scope.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { storageType } from '../../types/sql-type.js';
import type { Context } from '../context.js';
import { kindOf } from '../facts.js';
import { type ResolvedName, shownName, storedName } from '../names.js';
import { tableOf } from '../relations.js';
import { type Handler, next } from './handler.js';
import { changeRange, tableOptions } from './partition.js';
import { switchTable } from './switch-table.js';
import { columnComment, columnText, keysOf, tableComment } from './table.js';

function outsideTransaction(context: Context): void {
  if (context.session.transaction !== 'none')
    throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
}

/** ALTER TABLE and TRUNCATE have numbers of their own for a table that is not there. */
function orMissing<T>(name: readonly string[], number: number, find: () => T): T {
  try {
    return find();
  } catch (thrown) {
    if (!(thrown instanceof SqlError) || thrown.number !== 208) throw thrown;
    throw new SqlError(
      number,
      `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
    );
  }
}

export const alterTable: Handler<'alterTable'> = async (context, statement) => {
  const { session } = context;
  outsideTransaction(context);
  const { resolved, table } = orMissing(statement.name, 4902, () => tableOf(session, statement.name));
  if (resolved.temporary) throw notSupported('ALTER TABLE of a temporary table');
  session.demand('ALTER', resolved);
  const { database } = resolved;
  const stored = storedName(resolved);
  const { action } = statement;
  switch (action.kind) {
    case 'addColumns':
      for (const definition of action.columns) {
        const column = toTableColumn(definition);
        if (table.columns.some((known) => known.name.toLowerCase() === column.name.toLowerCase()))
          throw new SqlError(
            2705,
            `Column names in each table must be unique. Column name '${column.name}' in table '${shownName(resolved)}' is specified more than once.`,
          );
        const schema = `${quoteName(database.name)}.${quoteName(resolved.schema)}`;
        const { sql, before } = columnText(context, definition, schema);
        if (before.length > 0) throw notSupported('adding an identity column');
        const notNull = sql.endsWith(' NOT NULL');
        await database.change(session.connection, [
          `ALTER TABLE ${stored} ADD COLUMN ${notNull ? sql.slice(0, -' NOT NULL'.length) : sql}`,
          ...(notNull ? [`ALTER TABLE ${stored} ALTER COLUMN ${quoteName(column.name)} SET NOT NULL`] : []),
          `COMMENT ON COLUMN ${stored}.${quoteName(column.name)} IS ${quoteText(columnComment(column))}`,
        ]);
      }
      break;
    case 'dropColumns':
      for (const name of action.columns) {
        if (!table.columns.some((known) => known.name.toLowerCase() === name.toLowerCase()))
          throw new SqlError(
            4924,
            `ALTER TABLE DROP COLUMN failed because column '${name}' does not exist in table '${table.name}'.`,
          );
        await database.change(session.connection, [`ALTER TABLE ${stored} DROP COLUMN ${quoteName(name)}`]);
      }
      break;
    case 'alterColumn': {
      const column = toTableColumn(action.column);
      const known = table.columns.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
      if (!known)
        throw new SqlError(
          4924,
          `ALTER TABLE ALTER COLUMN failed because column '${column.name}' does not exist in table '${table.name}'.`,
        );
      if (known.identity) throw notSupported('changing an identity column');
      const own = { sql: quoteName(known.name), type: known.type };
      const retyped =
        storageType(known.type) === storageType(column.type)
          ? []
          : [
              `ALTER TABLE ${stored} ALTER COLUMN ${quoteName(known.name)} TYPE ${storageType(column.type)} USING ${castTo(own, column.type).sql}`,
            ];
      const { length } = column.type;
      const check =
        length !== undefined && length > 0
          ? [
              `SELECT CASE WHEN max(memory.main.utf16_length(${quoteName(known.name)})) > ${length} THEN error('§2628§String or binary data would be truncated in table ''${shownName(resolved)}'', column ''${known.name}''.') END FROM ${stored}`,
            ]
          : [];
      await database.change(session.connection, [
        ...retyped,
        ...(storageType(column.type) === 'VARCHAR' ? check : []),
        `ALTER TABLE ${stored} ALTER COLUMN ${quoteName(known.name)} ${column.nullable ? 'DROP' : 'SET'} NOT NULL`,
        `COMMENT ON COLUMN ${stored}.${quoteName(known.name)} IS ${quoteText(columnComment({ ...known, type: column.type, nullable: column.nullable }))}`,
      ]);
      break;
    }
    case 'switch':
      await switchTable(context, statement.name, action);
      break;
    case 'renameColumn': {
      const known = table.columns.find((column) => column.name.toLowerCase() === action.column.toLowerCase());
      if (!known)
        throw new SqlError(
          15248,
          `Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong.`,
          { severity: 11 },
        );
      await database.change(session.connection, [
        `ALTER TABLE ${stored} RENAME COLUMN ${quoteName(known.name)} TO ${quoteName(action.to)}`,
      ]);
      break;
    }
    case 'splitRange':
    case 'mergeRange':
      await changeRange(context, resolved, table, action);
      break;
    case 'addDefault': {
      const known = table.columns.find((column) => column.name.toLowerCase() === action.column.toLowerCase());
      if (!known) throw errors.invalidColumn(action.column);
      if (known.identity || known.hasDefault) throw new SqlError(1781, 'Column already has a DEFAULT bound to it.');
      const value = castTo(translateValue(action.value, new Scope(), context.newTranslation()), known.type);
      await database.change(session.connection, [
        `ALTER TABLE ${stored} ALTER COLUMN ${quoteName(known.name)} SET DEFAULT ${value.sql}`,
        `COMMENT ON COLUMN ${stored}.${quoteName(known.name)} IS ${quoteText(columnComment({ ...known, hasDefault: true, defaultText: action.text }))}`,
      ]);
      break;
    }
    case 'addKey': {
      const { keys } = keysOf([action.key], table.name, table.columns);
      await changeKeys(context, resolved, table, [...(table.keys ?? []), ...(keys ?? [])]);
      break;
    }
    case 'dropConstraints':
      for (const name of action.names)
        if (!action.ifExists && !table.keys?.some((key) => key.name.toLowerCase() === name.toLowerCase()))
          throw new SqlError(3728, `'${name}' is not a constraint.`);
      await changeKeys(
        context,
        resolved,
        table,
        (table.keys ?? []).filter((key) => !action.names.some((name) => name.toLowerCase() === key.name.toLowerCase())),
      );
      break;
    case 'rebuild':
      break;
  }
  context.output.done('none', undefined);
  return next;
};

async function changeKeys(
  context: Context,
  resolved: ResolvedName,
  table: TableDefinition,
  keys: readonly KeyDefinition[],
): Promise<void> {
  const options = tableOptions({ ...table, keys });
  await resolved.database.change(context.session.connection, [tableComment(storedName(resolved), options)]);
}

export const alterDatabase: Handler<'alterDatabase'> = async (context, { database, settings }) => {
  const { session } = context;
  const { catalog } = session.services;
  outsideTransaction(context);
  const wanted = database ?? session.database.name;
  const name = catalog.nameOf(wanted);
  if (name === undefined || !session.isAdministrator)
    throw new SqlError(
      5011,
      `User does not have permission to alter database '${wanted}', the database does not exist, or the database is not in a state that allows access checks.`,
      { severity: 14 },
    );
  await catalog.set(name, settings);
  context.output.done('none', undefined);
  return next;
};

export const renameObject: Handler<'renameObject'> = async (context, statement) => {
  const { session } = context;
  outsideTransaction(context);
  if (statement.class === 'DATABASE') {
    if (!session.isAdministrator) throw errors.deniedInDatabase('RENAME DATABASE', 'master');
    const from = statement.from.at(-1) ?? session.database.name;
    if (session.isInUse(from))
      throw new SqlError(5030, 'The database could not be exclusively locked to perform the operation.', {
        hint: `Rename ${from} from master, when no session uses it.`,
      });
    await session.services.catalog.rename(from, statement.to);
    context.output.done('none', undefined);
    return next;
  }
  if (await renameModule(context, statement.from, statement.to)) return next;
  const { resolved } = tableOf(session, statement.from);
  session.demand('ALTER', resolved);
  const newName = [...statement.from.slice(0, -1), statement.to];
  const taken = kindOf(session, newName);
  if (taken && statement.to.toLowerCase() !== resolved.name.toLowerCase()) throw nameTaken(statement.to);
  const database = resolved.database;
  await database.change(session.connection, [
    `ALTER TABLE ${storedName(resolved)} RENAME TO ${quoteName(statement.to)}`,
  ]);
  const old = `${resolved.schema}.${resolved.name}`.toLowerCase();
  for (const entry of database
    .all('permission')
    .filter((permission) => permission.on === old || permission.on.startsWith(`${old}.`))) {
    await database.remove('permission', entry.state, entry.permission, entry.class, entry.on, entry.principal);
    const moved = { ...entry, on: `${resolved.schema}.${statement.to}`.toLowerCase() + entry.on.slice(old.length) };
    await database.put('permission', [moved.state, moved.permission, moved.class, moved.on, moved.principal], moved);
  }
  context.output.done('none', undefined);
  return next;
};

/** Views and procedures are renamed by sp_rename; their text keeps the old name, as SQL Server's does. @returns whether it was one */
async function renameModule(context: Context, from: readonly string[], to: string): Promise<boolean> {
  const { session } = context;
  const found = kindOf(session, from);
  const kind =
    found?.kind === 'view'
      ? 'view'
      : found && found.kind !== 'table' && found.kind !== 'externalTable'
        ? 'routine'
        : undefined;
  if (!found || !kind) return false;
  session.demand('ALTER', { schema: found.schema });
  if (kindOf(session, [...from.slice(0, -1), to])) throw nameTaken(to);
  const { database } = session;
  const object = database.find(kind, found.schema, found.name)!;
  await database.put(kind, [found.schema, to], { ...object, name: to } as never);
  await database.remove(kind, found.schema, found.name);
  context.output.done('none', undefined);
  return true;
}

function nameTaken(name: string): SqlError {
  return new SqlError(
    15335,
    `Error: The new name '${name}' is already in use as a OBJECT name and would cause a duplicate that is not permitted.`,
    { severity: 11 },
  );
}

export const truncate: Handler<'truncate'> = async (context, statement) => {
  const { session } = context;
  if (session.transaction !== 'none') throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  const { resolved } = orMissing(statement.name, 4701, () => tableOf(session, statement.name));
  if (!resolved.temporary) session.demand('ALTER', resolved);
  await session.connection.run(`DELETE FROM ${storedName(resolved)}`);
  context.output.done('none', undefined);
  return next;
};
