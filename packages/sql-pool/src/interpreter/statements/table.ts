import { randomUUID } from 'node:crypto';
import { type TableColumn, type TableDefinition, toTableColumn } from '../../catalog/objects.js';
import type { ColumnDefinition, KeyConstraint, Name, Query, TableOptions } from '../../dialect/ast.js';
import { castTo } from '../../dialect/translate/cast.js';
import { translateValue } from '../../dialect/translate/expression.js';
import { translateQuery } from '../../dialect/translate/query.js';
import { quoteName, quoteText } from '../../dialect/translate/quote.js';
import { Scope } from '../../dialect/translate/scope.js';
import { type Bound, changeRows, readRows } from '../../duckdb/run.js';
import { errors } from '../../errors/catalogue.js';
import { SqlError } from '../../errors/sql-error.js';
import { type SqlType, storageType } from '../../types/sql-type.js';
import type { Context } from '../context.js';
import { kindOf } from '../facts.js';
import { type ResolvedName, resolveName, storedName } from '../names.js';
import { type Handler, next } from './handler.js';

/** Demands what CREATE TABLE needs, and that the name is free. Makes the schema where the pool makes schemas on first use. */
export async function claimName(context: Context, name: Name): Promise<ResolvedName> {
  const { session } = context;
  let resolved = resolveName(session, name);
  if (resolved.temporary) {
    if (session.temporary.isTaken(resolved.name)) throw errors.alreadyThere(resolved.name);
    return { ...resolved, storedAs: session.temporary.freshName(resolved.name) };
  }
  if (session.transaction !== 'none') throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  if (resolved.name.length > 128)
    throw new SqlError(
      103,
      `The identifier that starts with '${resolved.name.slice(0, 128)}' is too long. Maximum length is 128.`,
      { severity: 15 },
    );
  const { database } = resolved;
  if (!database.schema(resolved.schema)) {
    if (!session.services.catalog.createDatabases || !session.may('CREATE SCHEMA'))
      throw errors.noSchema(resolved.schema);
    await database.createSchema(resolved.schema);
    resolved = { ...resolved, schema: database.schema(resolved.schema)! };
  }
  session.demand('CREATE TABLE');
  if (!session.may('ALTER', { schema: resolved.schema })) throw errors.noSchema(resolved.schema);
  if (kindOf(session, name)) throw errors.alreadyThere(resolved.name);
  return resolved;
}

function distributionOf(
  options: TableOptions,
  columns: readonly TableColumn[],
): Pick<TableDefinition, 'distribution' | 'distributionColumns' | 'index' | 'partition'> {
  const distribution = options.distribution ?? { kind: 'ROUND_ROBIN' as const, columns: [] };
  for (const name of distribution.columns)
    if (!columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      throw new SqlError(104308, `Invalid column name '${name}' in the DISTRIBUTION option.`);
  return {
    distribution: distribution.kind,
    distributionColumns: distribution.columns,
    index: options.index ?? 'CLUSTERED COLUMNSTORE INDEX',
    ...(options.partition
      ? {
          partition: {
            column: options.partition.column,
            range: options.partition.range,
            values: options.partition.texts,
          },
        }
      : {}),
  };
}

/** Keys with names; those without one get a made one, as SQL Server does. @throws SqlError 1911 */
export function keysOf(
  keys: readonly KeyConstraint[],
  table: string,
  columns: readonly TableColumn[],
): Pick<TableDefinition, 'keys'> {
  if (keys.length === 0) return {};
  return {
    keys: keys.map((key) => {
      for (const name of key.columns)
        if (!columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
          throw new SqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
      const made = `${key.kind === 'UNIQUE' ? 'UQ' : 'PK'}__${table.slice(0, 9)}__${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
      return { name: key.name ?? made, kind: key.kind, columns: key.columns };
    }),
  };
}

function duplicates(columns: readonly { readonly name: string }[], table: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name.toLowerCase()))
      throw new SqlError(
        2705,
        `Column names in each table must be unique. Column name '${name}' in table '${table}' is specified more than once.`,
      );
    seen.add(name.toLowerCase());
  }
}

/** What a table's comment keeps of it. */
export type TableFacts = Omit<TableDefinition, 'schema' | 'name' | 'columns'>;

/** Keeps what DuckDB does not know of a table, with the time of the change. */
export function tableComment(stored: string, options: TableFacts): string {
  const modified = new Date().toISOString();
  const dated = { ...options, created: options.created ?? modified, modified };
  return `COMMENT ON TABLE ${stored} IS ${quoteText(JSON.stringify(dated))}`;
}

/** COMMENT statements that keep what DuckDB does not know of a table. */
export function commentStatements(
  stored: string,
  columns: readonly TableColumn[],
  options: TableFacts,
): readonly string[] {
  return [
    tableComment(stored, options),
    ...columns.map(
      (column) => `COMMENT ON COLUMN ${stored}.${quoteName(column.name)} IS ${quoteText(columnComment(column))}`,
    ),
  ];
}

export function columnComment(column: TableColumn): string {
  const { type, identity, collation, hasDefault, defaultText } = column;
  return JSON.stringify({ type, identity, collation, hasDefault, defaultText });
}

/** `"c" VARCHAR NOT NULL DEFAULT …`, and the sequence of an identity column. */
export function columnText(
  context: Context,
  definition: ColumnDefinition,
  schema: string,
): { readonly sql: string; readonly before: readonly string[] } {
  const column = toTableColumn(definition);
  let sql = `${quoteName(column.name)} ${storageType(column.type)}`;
  const before: string[] = [];
  if (definition.identity) {
    const sequence = `${schema}.${quoteName(`$identity_${randomUUID()}`)}`;
    before.push(
      `CREATE SEQUENCE ${sequence} START ${definition.identity.seed} INCREMENT ${definition.identity.increment}`,
    );
    sql += ` DEFAULT CAST(nextval(${quoteText(sequence)}) AS ${storageType(column.type)})`;
  } else if (definition.default) {
    const value = castTo(translateValue(definition.default, new Scope(), context.newTranslation()), column.type);
    sql += ` DEFAULT ${value.sql}`;
  }
  if (!column.nullable) sql += ' NOT NULL';
  return { sql, before };
}

export const createTable: Handler<'createTable'> = async (context, statement) => {
  const { session, output } = context;
  duplicates(statement.columns, statement.name.join('.'));
  if (statement.columns.length > 1024)
    throw new SqlError(
      1702,
      `CREATE TABLE failed because column '${statement.columns[1024]!.name}' in table '${statement.name.at(-1)}' exceeds the maximum of 1024 columns.`,
    );
  const resolved = await claimName(context, statement.name);
  const columns = statement.columns.map(toTableColumn);
  const options = { ...distributionOf(statement.options, columns), ...keysOf(statement.keys, resolved.name, columns) };
  const stored = storedName(resolved);
  const schema = resolved.temporary
    ? 'temp.main'
    : `${quoteName(resolved.database.name)}.${quoteName(resolved.schema)}`;
  const parts = statement.columns.map((column) => columnText(context, column, schema));
  const create = [
    ...parts.flatMap((part) =>
      part.before.map((text) => (resolved.temporary ? text.replace('CREATE SEQUENCE', 'CREATE TEMP SEQUENCE') : text)),
    ),
    `CREATE ${resolved.temporary ? 'TEMP ' : ''}TABLE ${stored} (${parts.map((part) => part.sql).join(', ')})`,
  ];
  if (resolved.temporary) {
    for (const sql of create) await session.connection.run(sql);
    session.temporary.set(resolved.name.toLowerCase(), { schema: 'main', name: resolved.name, columns, ...options });
  } else
    await resolved.database.change(session.connection, [...create, ...commentStatements(stored, columns, options)]);
  output.done('none', undefined);
  return next;
};

/** CREATE TABLE AS SELECT and SELECT INTO. Types and nullability follow the query. @returns rows */
export async function createTableAs(
  context: Context,
  name: Name,
  names: readonly string[],
  tableOptions: TableOptions,
  query: Query,
): Promise<number> {
  const { session } = context;
  const resolved = await claimName(context, name);
  const translation = context.newTranslation();
  const translated = translateQuery(query, undefined, translation);
  context.demandReads(translation);
  if (names.length > 0 && names.length !== translated.columns.length)
    throw new SqlError(
      8158,
      `'${name.at(-1)}' has a different number of columns than were specified in the column list.`,
    );
  const outputs = translated.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  outputs.forEach((column, index) => {
    if (column.name === '')
      throw new SqlError(
        1038,
        `An object or column name is missing or empty. For SELECT INTO and CREATE TABLE AS statements, verify each column has a name: column ${index + 1} has none.`,
        { severity: 15 },
      );
  });
  duplicates(outputs, name.join('.'));
  return context.withExternals(translation, translated.sql, async (sql) => {
    const types = await resultTypes(context, sql, translation.parameters.length > 0 ? context.bound(translation) : []);
    const columns = outputs.map((column, index): TableColumn => {
      const type: SqlType = column.type ?? types[index]!;
      return { name: column.name, type, nullable: column.nullable !== false };
    });
    const options = distributionOf(tableOptions, columns);
    const stored = storedName(resolved);
    const definition = columns
      .map((column) => `${quoteName(column.name)} ${storageType(column.type)}${column.nullable ? '' : ' NOT NULL'}`)
      .join(', ');
    const items = columns.map((column, index) => `CAST(q.c${index} AS ${storageType(column.type)})`).join(', ');
    const fill = `INSERT INTO ${stored} SELECT ${items} FROM (${sql}) AS q(${columns.map((_, index) => `c${index}`).join(', ')})`;
    const { connection } = session;
    const own = session.transaction === 'none';
    if (own) await connection.run('BEGIN TRANSACTION');
    try {
      await connection.run(`CREATE ${resolved.temporary ? 'TEMP ' : ''}TABLE ${stored} (${definition})`);
      const rows = await changeRows(connection, fill, context.bound(translation));
      if (!resolved.temporary)
        for (const text of commentStatements(stored, columns, options)) await connection.run(text);
      if (own) await connection.run('COMMIT');
      if (resolved.temporary)
        session.temporary.set(resolved.name.toLowerCase(), {
          schema: 'main',
          name: resolved.name,
          columns,
          ...options,
        });
      return rows;
    } catch (error) {
      if (own) await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      if (!resolved.temporary) await resolved.database.refresh();
    }
  });
}

async function resultTypes(context: Context, sql: string, values: readonly Bound[]): Promise<readonly SqlType[]> {
  const { types } = await readRows(context.session.connection, `SELECT * FROM (${sql}) LIMIT 0`, values);
  return types;
}

export const createTableAsSelect: Handler<'createTableAs'> = async (context, statement) => {
  context.session.refuseRowLimit('CREATE TABLE AS SELECT', statement.line);
  const rows = await createTableAs(context, statement.name, statement.columnNames, statement.options, statement.query);
  context.session.rowCount = rows;
  context.output.done('select', rows);
  return next;
};
