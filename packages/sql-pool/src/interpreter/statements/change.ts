import type { TableColumn, TableDefinition } from '../../catalog/objects.js';
import type { Assignment, Expression, Name, StatementOf, TableSource } from '../../dialect/ast.js';
import { parseValue } from '../../dialect/parse/batch.js';
import { translateArithmetic } from '../../dialect/translate/arithmetic.js';
import { translateCondition } from '../../dialect/translate/condition.js';
import { translateValue } from '../../dialect/translate/expression.js';
import { translateSource } from '../../dialect/translate/from.js';
import { translateCommonTables } from '../../dialect/translate/query.js';
import { quoteName } from '../../dialect/translate/quote.js';
import { Scope, sameName } from '../../dialect/translate/scope.js';
import type { Translation } from '../../dialect/translate/translation.js';
import { changeRows, readRows } from '../../duckdb/run.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { assigned } from '../assignment.js';
import type { Context } from '../context.js';
import { type ResolvedName, shownName, storedName } from '../names.js';
import { tableOf } from '../relations.js';
import { type Handler, next } from './handler.js';

/** The table of FROM that UPDATE and DELETE mean: by alias, or by name. */
function findTarget(sources: readonly TableSource[], name: Name): Extract<TableSource, { kind: 'table' }> | undefined {
  const all: Extract<TableSource, { kind: 'table' }>[] = [];
  const walk = (source: TableSource): void => {
    if (source.kind === 'table') all.push(source);
    else if (source.kind === 'join' || source.kind === 'apply') {
      walk(source.left);
      walk(source.right);
    }
  };
  for (const source of sources) walk(source);
  const wanted = name.at(-1)!;
  return (
    all.find((table) => name.length === 1 && table.alias && sameName(table.alias.name, wanted)) ??
    all.find((table) => sameName(table.name.at(-1)!, wanted))
  );
}

interface Target {
  readonly resolved: ResolvedName;
  readonly table: TableDefinition;
  readonly alias: string;
  /** The rows of FROM with the row ids of the target. */
  readonly from: string;
  readonly scope: Scope;
}

/**
 * Every change by a join is done by row id: `WHERE rowid IN (…)` or from a subquery of row ids and new values, so that the
 * join may be of any shape.
 */
function targetOf(
  context: Context,
  statement: StatementOf<'update'> | StatementOf<'delete'>,
  translation: Translation,
  scope: Scope,
): Target {
  const found = findTarget(statement.from, statement.table);
  const common = (found?.name ?? statement.table).at(-1)!;
  if ((found?.name ?? statement.table).length === 1 && statement.with.some((table) => sameName(table.name, common)))
    throw notSupported(
      `changing the common table ${common}`,
      statement.line,
      'Name its table, and join it with the common table.',
    );
  const { resolved, table } = tableOf(context.session, found ? found.name : statement.table);
  const sources: readonly TableSource[] = found
    ? statement.from
    : [{ kind: 'table', name: statement.table, alias: undefined, line: statement.line }, ...statement.from];
  const from = sources.map((source) => translateSource(source, scope, translation)).join(', ');
  const exposed =
    found?.alias?.name ?? ((found ?? statement.table) ? (found ? found.name : statement.table).at(-1)! : '');
  const alias = scope.tables.find((candidate) => sameName(candidate.exposed, exposed))?.alias;
  if (alias === undefined) throw errors.invalidObject(statement.table.join('.'));
  return { resolved, table, alias, from, scope };
}

function columnOf(columns: readonly TableColumn[], name: Name): TableColumn {
  const column = columns.find((candidate) => sameName(candidate.name, name.at(-1)!));
  if (!column) throw errors.invalidColumn(name.at(-1)!);
  return column;
}

/** What DEFAULT stands for in a column. */
function defaultOf(column: TableColumn): Expression {
  if (column.defaultText === undefined) {
    if (column.hasDefault) throw notSupported(`SET ${column.name} = DEFAULT of a table that an older version made`);
    return { kind: 'null' };
  }
  return parseValue(column.defaultText);
}

export function assignmentText(
  assignment: Assignment,
  table: TableDefinition,
  alias: string,
  shown: string,
  scope: Scope,
  translation: Translation,
): { readonly column: TableColumn; readonly sql: string } {
  const column = columnOf(table.columns, assignment.column);
  if (column.identity) throw new SqlError(8102, `Cannot update identity column '${column.name}'.`);
  const value = translateValue(
    assignment.value.kind === 'default' ? defaultOf(column) : assignment.value,
    scope,
    translation,
  );
  const own = { sql: `${quoteName(alias)}.${quoteName(column.name)}`, type: column.type };
  const result = assignment.operator ? translateArithmetic(assignment.operator, own, value) : value;
  return { column, sql: assigned(result, column, shown) };
}

/** @throws SqlError 264 for a column that is set twice */
function refuseTwice(assignments: readonly Assignment[]): void {
  const seen = new Set<string>();
  for (const { column } of assignments) {
    const name = column.at(-1)!;
    if (seen.has(name.toLowerCase()))
      throw new SqlError(
        264,
        `The column name '${name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once.`,
      );
    seen.add(name.toLowerCase());
  }
}

export const update: Handler<'update'> = async (context, statement) => {
  const { session, output } = context;
  const translation = context.newTranslation();
  const scope = new Scope();
  const prefix = translateCommonTables(statement.with, scope, translation);
  const target = targetOf(context, statement, translation, scope);
  if (!target.resolved.temporary) session.demand('UPDATE', target.resolved);
  const shown = shownName(target.resolved);
  refuseTwice(statement.assignments);
  const values = statement.assignments.map((assignment) =>
    assignmentText(assignment, target.table, target.alias, shown, scope, translation),
  );
  const where = whereText(statement.where, scope, translation);
  context.demandReads(translation);
  const stored = storedName(target.resolved);
  const sets = (sql: (index: number) => string) =>
    values.map(({ column }, index) => `${quoteName(column.name)} = ${sql(index)}`).join(', ');
  const simple = statement.from.length === 0 && statement.with.length === 0 && session.rowLimit === 0;
  const text = simple
    ? `UPDATE ${stored} AS ${quoteName(target.alias)} SET ${sets((index) => values[index]!.sql)}${where}`
    : `UPDATE ${stored} AS "$t" SET ${sets((index) => `"$n".v${index}`)} FROM (${prefix}SELECT "$r".r, ${values.map((_, index) => `"$r".v${index}`).join(', ')} FROM (SELECT ${quoteName(target.alias)}.rowid AS r, ${values.map(({ sql }, index) => `${sql} AS v${index}`).join(', ')}, row_number() OVER (PARTITION BY ${quoteName(target.alias)}.rowid) AS n FROM ${target.from}${where}) AS "$r" WHERE "$r".n = 1${session.limitText}) AS "$n" WHERE "$t".rowid = "$n".r`;
  const rows = await context.withExternals(translation, text, (sql) =>
    changeRows(session.connection, sql, context.bound(translation)),
  );
  session.rowCount = rows;
  output.done('update', rows);
  return next;
};

export const remove: Handler<'delete'> = async (context, statement) => {
  const { session, output } = context;
  const translation = context.newTranslation();
  const scope = new Scope();
  const prefix = translateCommonTables(statement.with, scope, translation);
  const target = targetOf(context, statement, translation, scope);
  if (!target.resolved.temporary) session.demand('DELETE', target.resolved);
  const where = whereText(statement.where, scope, translation);
  context.demandReads(translation);
  const stored = storedName(target.resolved);
  const simple = statement.from.length === 0 && statement.with.length === 0 && session.rowLimit === 0;
  const text = simple
    ? `DELETE FROM ${stored} AS ${quoteName(target.alias)}${where}`
    : `DELETE FROM ${stored} WHERE rowid IN (${prefix}SELECT DISTINCT ${quoteName(target.alias)}.rowid FROM ${target.from}${where}${session.limitText})`;
  const rows = await context.withExternals(translation, text, (sql) =>
    changeRows(session.connection, sql, context.bound(translation)),
  );
  session.rowCount = rows;
  output.done('delete', rows);
  return next;
};

function whereText(where: Expression | undefined, scope: Scope, translation: Translation): string {
  return where ? ` WHERE ${translateCondition(where, scope, translation)}` : '';
}

/** MERGE goes to DuckDB's own, which has the same clauses. */
export const merge: Handler<'merge'> = async (context, statement) => {
  const { session, output } = context;
  session.refuseRowLimit('MERGE', statement.line);
  const { resolved, table } = tableOf(session, statement.table);
  const translation = context.newTranslation();
  const scope = new Scope();
  const target = scope.add(
    statement.alias ?? table.name,
    table.columns.map((column) => ({ ...column, identity: column.identity !== undefined })),
  );
  const source = translateSource(statement.source, scope, translation);
  const on = translateCondition(statement.on, scope, translation);
  const shown = shownName(resolved);
  const clauses = statement.clauses.map((clause) => {
    const condition = clause.condition ? ` AND ${translateCondition(clause.condition, scope, translation)}` : '';
    const when =
      clause.when === 'matched'
        ? 'WHEN MATCHED'
        : clause.when === 'notMatchedByTarget'
          ? 'WHEN NOT MATCHED BY TARGET'
          : 'WHEN NOT MATCHED BY SOURCE';
    const { action } = clause;
    if (!resolved.temporary) session.demand(action.kind.toUpperCase(), resolved);
    if (action.kind === 'delete') return `${when}${condition} THEN DELETE`;
    if (action.kind === 'update') {
      const sets = action.assignments
        .map((assignment) => assignmentText(assignment, table, target.alias, shown, scope, translation))
        .map(({ column, sql }) => `${quoteName(column.name)} = ${sql}`);
      return `${when}${condition} THEN UPDATE SET ${sets.join(', ')}`;
    }
    const columns =
      action.columns.length > 0
        ? action.columns.map((name) => columnOf(table.columns, [name]))
        : table.columns.filter((column) => !column.identity);
    if (columns.length !== action.values.length)
      throw new SqlError(
        109,
        'There are more columns in the INSERT statement than values specified in the VALUES clause.',
        { severity: 15 },
      );
    const values = action.values.map((value, index) =>
      value.kind === 'default'
        ? 'DEFAULT'
        : assigned(translateValue(value, scope, translation), columns[index]!, shown),
    );
    return `${when}${condition} THEN INSERT (${columns.map((column) => quoteName(column.name)).join(', ')}) VALUES (${values.join(', ')})`;
  });
  context.demandReads(translation);
  await refuseManyMatches(
    context,
    statement,
    translation,
    `${storedName(resolved)} AS ${quoteName(target.alias)}`,
    quoteName(target.alias),
    source,
    on,
    scope,
  );
  const text = `MERGE INTO ${storedName(resolved)} AS ${quoteName(target.alias)} USING ${source} ON ${on} ${clauses.join(' ')}`;
  const rows = await context.withExternals(translation, text, (sql) =>
    changeRows(session.connection, sql, context.bound(translation)),
  );
  session.rowCount = rows;
  output.done('merge', rows);
  return next;
};

/** One row of the target may be changed once only. @throws SqlError 8672 */
async function refuseManyMatches(
  context: Context,
  statement: StatementOf<'merge'>,
  translation: Translation,
  target: string,
  alias: string,
  source: string,
  on: string,
  scope: Scope,
): Promise<void> {
  const matched = statement.clauses.filter((clause) => clause.when === 'matched');
  if (matched.length === 0) return;
  const conditions = matched.map((clause) =>
    clause.condition ? translateCondition(clause.condition, scope, translation) : 'true',
  );
  const text = `SELECT 1 FROM ${target} JOIN ${source} ON ${on} WHERE ${conditions.join(' OR ')} GROUP BY ${alias}.rowid HAVING count(*) > 1 LIMIT 1`;
  const twice = await context.withExternals(translation, text, async (sql) =>
    readRows(context.session.connection, sql, context.bound(translation)),
  );
  if (twice.rows.length > 0)
    throw new SqlError(
      8672,
      'The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows.',
    );
}
