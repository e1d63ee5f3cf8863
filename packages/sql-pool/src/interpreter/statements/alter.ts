import { toTableColumn } from '../../catalog/objects.js';
import { quoteName, quoteText } from '../../dialect/translate/quote.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { printType, storageType } from '../../types/sql-type.js';
import type { Context } from '../context.js';
import { kindOf } from '../facts.js';
import { shownName, storedName } from '../names.js';
import { tableOf } from '../relations.js';
import { type Handler, next } from './handler.js';
import { columnComment, columnText } from './table.js';

function outsideTransaction(context: Context): void {
  if (context.session.transaction !== 'none')
    throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
}

export const alterTable: Handler<'alterTable'> = async (context, statement) => {
  const { session } = context;
  outsideTransaction(context);
  const { resolved, table } = tableOf(session, statement.name);
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
      if (storageType(known.type) !== storageType(column.type))
        throw notSupported(
          `changing a column from ${printType(known.type)} to ${printType(column.type)}`,
          0,
          'Copy the table with CREATE TABLE AS SELECT.',
        );
      const { length } = column.type;
      const check =
        length !== undefined && length > 0
          ? [
              `SELECT CASE WHEN max(memory.main.utf16_length(${quoteName(known.name)})) > ${length} THEN error('§2628§String or binary data would be truncated in table ''${shownName(resolved)}'', column ''${known.name}''.') END FROM ${stored}`,
            ]
          : [];
      await database.change(session.connection, [
        ...(storageType(column.type) === 'VARCHAR' ? check : []),
        `ALTER TABLE ${stored} ALTER COLUMN ${quoteName(known.name)} ${column.nullable ? 'DROP' : 'SET'} NOT NULL`,
        `COMMENT ON COLUMN ${stored}.${quoteName(known.name)} IS ${quoteText(columnComment({ ...column, name: known.name }))}`,
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
    case 'constraint':
    case 'rebuild':
      break;
  }
  context.output.done('none', undefined);
  return next;
};

/** Moves all rows into a table of the same shape; one transaction. Single partitions are not kept apart here. */
async function switchTable(
  context: Context,
  name: readonly string[],
  action: { readonly partition: string | undefined; readonly to: readonly string[]; readonly truncateTarget: boolean },
): Promise<void> {
  const { session } = context;
  const from = tableOf(session, name);
  const to = tableOf(session, action.to);
  session.demand('ALTER', to.resolved);
  if (action.partition !== undefined && from.table.partition)
    throw notSupported('ALTER TABLE … SWITCH PARTITION of a partitioned table', 0, 'Switch whole tables.');
  const shape = (table: typeof from.table) =>
    JSON.stringify(table.columns.map((column) => [column.name.toLowerCase(), printType(column.type), column.nullable]));
  if (shape(from.table) !== shape(to.table))
    throw new SqlError(
      4943,
      `ALTER TABLE SWITCH statement failed because table '${shownName(from.resolved)}' has different columns than table '${shownName(to.resolved)}'.`,
    );
  if (from.table.distribution !== to.table.distribution || from.table.index !== to.table.index)
    throw new SqlError(
      4947,
      `ALTER TABLE SWITCH statement failed. The tables '${shownName(from.resolved)}' and '${shownName(to.resolved)}' differ in distribution or index.`,
    );
  const target = storedName(to.resolved);
  const source = storedName(from.resolved);
  const count = await session.connection.runAndReadAll(`SELECT count(*) FROM (SELECT 1 FROM ${target} LIMIT 1)`);
  if (!action.truncateTarget && Number(count.getRows()[0]![0]) > 0)
    throw new SqlError(
      4904,
      `ALTER TABLE SWITCH statement failed. The specified target table '${shownName(to.resolved)}' must be empty.`,
    );
  await to.resolved.database.change(session.connection, [
    `DELETE FROM ${target}`,
    `INSERT INTO ${target} SELECT * FROM ${source}`,
    `DELETE FROM ${source}`,
  ]);
}

export const renameObject: Handler<'renameObject'> = async (context, statement) => {
  const { session } = context;
  outsideTransaction(context);
  if (statement.class === 'DATABASE') {
    if (!session.isAdministrator) throw errors.deniedInDatabase('RENAME DATABASE', 'master');
    await session.services.catalog.rename(statement.from.at(-1)!, statement.to);
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
  for (const entry of database.all('permission').filter((permission) => permission.on === old)) {
    await database.remove('permission', entry.state, entry.permission, entry.class, entry.on, entry.principal);
    const moved = { ...entry, on: `${resolved.schema}.${statement.to}`.toLowerCase() };
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
  const { resolved } = tableOf(session, statement.name);
  if (!resolved.temporary) session.demand('ALTER', resolved);
  await session.connection.run(`DELETE FROM ${storedName(resolved)}`);
  context.output.done('none', undefined);
  return next;
};
