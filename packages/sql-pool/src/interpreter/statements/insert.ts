import type { TableColumn } from '../../catalog/objects.js';
import type { Expression, StatementOf } from '../../dialect/ast.js';
import { translateValue } from '../../dialect/translate/expression.js';
import { type TranslatedQuery, translateQuery } from '../../dialect/translate/query.js';
import { quoteName } from '../../dialect/translate/quote.js';
import { Scope } from '../../dialect/translate/scope.js';
import { changeRows } from '../../duckdb/run.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { assigned } from '../assignment.js';
import type { Context } from '../context.js';
import { shownName, storedName } from '../names.js';
import { tableOf } from '../relations.js';
import { type Handler, next } from './handler.js';

/** The columns that an INSERT names, or all that it may fill. */
function targetColumns(
  context: Context,
  statement: StatementOf<'insert'>,
  columns: readonly TableColumn[],
  shown: string,
): readonly TableColumn[] {
  const open = context.session.identityInsert?.toLowerCase() === shown.toLowerCase();
  if (statement.columns.length === 0) return columns.filter((column) => !column.identity || open);
  const seen = new Set<string>();
  return statement.columns.map((name) => {
    const column = columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!column) throw errors.invalidColumn(name, statement.line);
    if (seen.has(column.name))
      throw new SqlError(
        264,
        `The column name '${name}' is specified more than once in the SET clause or column list of an INSERT.`,
      );
    seen.add(column.name);
    if (column.identity && !open)
      throw new SqlError(
        544,
        `Cannot insert explicit value for identity column in table '${statement.table.at(-1)}' when IDENTITY_INSERT is set to OFF.`,
      );
    return column;
  });
}

function countMismatch(values: number, columns: number, fromSelect: boolean): SqlError {
  if (fromSelect)
    return values < columns
      ? new SqlError(
          120,
          'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
          { severity: 15 },
        )
      : new SqlError(
          121,
          'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
          { severity: 15 },
        );
  return values < columns
    ? new SqlError(
        109,
        'There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
        { severity: 15 },
      )
    : new SqlError(
        110,
        'There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.',
        { severity: 15 },
      );
}

function noMatch(): SqlError {
  return new SqlError(213, 'Column name or number of supplied values does not match table definition.');
}

export const insert: Handler<'insert'> = async (context, statement) => {
  const { session, output } = context;
  const { resolved, table } = tableOf(session, statement.table);
  if (!resolved.temporary) session.demand('INSERT', resolved);
  const shown = shownName(resolved);
  const columns = targetColumns(context, statement, table.columns, shown);
  const translation = context.newTranslation();
  const { source } = statement;
  const list = columns.length > 0 ? ` (${columns.map((column) => quoteName(column.name)).join(', ')})` : '';
  let text: string;
  switch (source.kind) {
    case 'defaults':
      text = ' DEFAULT VALUES';
      break;
    case 'execute':
      throw notSupported('INSERT … EXEC', statement.line, 'A dedicated SQL pool has none either.');
    case 'values': {
      const scope = new Scope();
      const value = (expression: Expression, index: number) =>
        expression.kind === 'default'
          ? 'DEFAULT'
          : assigned(translateValue(expression, scope, translation), columns[index]!, shown);
      const rows = source.rows.map((row) => {
        if (row.length !== columns.length)
          throw statement.columns.length === 0 ? noMatch() : countMismatch(row.length, columns.length, false);
        return `(${row.map(value).join(', ')})`;
      });
      text = `${list} VALUES ${(session.rowLimit > 0 ? rows.slice(0, session.rowLimit) : rows).join(', ')}`;
      break;
    }
    case 'query': {
      const body =
        statement.top && source.query.body.kind === 'select'
          ? { ...source.query, body: { ...source.query.body, top: statement.top } }
          : source.query;
      const query: TranslatedQuery = translateQuery(body, undefined, translation);
      if (query.columns.length !== columns.length)
        throw statement.columns.length === 0 ? noMatch() : countMismatch(query.columns.length, columns.length, true);
      const items = columns.map((column, index) => {
        const { type, untyped } = query.columns[index]!;
        return assigned({ sql: `q.c${index}`, type, ...(untyped ? { constant: null } : {}) }, column, shown);
      });
      text = `${list} SELECT ${items.join(', ')} FROM (${query.sql}) AS q(${columns.map((_, index) => `c${index}`).join(', ')})${session.limitText}`;
    }
  }
  context.demandReads(translation);
  const rows = await context.withExternals(translation, `INSERT INTO ${storedName(resolved)}${text}`, (sql) =>
    changeRows(session.connection, sql, context.bound(translation)),
  );
  session.rowCount = rows;
  output.done('insert', rows);
  return next;
};
