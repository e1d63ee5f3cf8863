import { notSupported, SqlError } from '../../errors/sql-error.js';
import { combine } from '../../types/combine.js';
import type { CommonTable, Expression, Grouping, OrderItem, Query, QueryBody, SelectCore } from '../ast.js';
import { translateCondition } from './condition.js';
import { translateValue } from './expression.js';
import { readAll, translateSources } from './from.js';
import { translateForJson } from './json.js';
import { keyText, needsKey, orderKey } from './key.js';
import { quoteName } from './quote.js';
import { Scope, sameName } from './scope.js';
import { converted, outputName, setText } from './set-operation.js';
import type { Translation } from './translation.js';
import type { OutputColumn, Typed } from './typed.js';

export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** A query with everything around it. `outer` is the scope that correlated references may reach. */
export function translateQuery(query: Query, outer: Scope | undefined, translation: Translation): TranslatedQuery {
  const scope = new Scope(outer);
  const prefix = translateCommonTables(query.with, scope, translation);
  let body = translateBody(query.body, scope, translation, query);
  if (query.forJson) body = translateForJson(query, body, translation);
  return { sql: prefix + body.sql, columns: body.columns };
}

/** WITH …: each table sees those before it. A pool has no recursion: a table that names itself is refused. */
export function translateCommonTables(tables: readonly CommonTable[], scope: Scope, translation: Translation): string {
  if (tables.length === 0) return '';
  const parts = tables.map((table) => {
    const inner = new Scope(scope);
    const { body } = table.query;
    if (body.kind === 'set' && mentions(body.right, table.name) && !scope.findCommon(table.name))
      throw notSupported(
        `the recursive common table expression '${table.name}'`,
        0,
        'A dedicated SQL pool has none either: use a WHILE loop over a temporary table.',
      );
    refuseOrder(table.query);
    const sqlName = `${table.name}${translation.freshName()}`;
    const translated = translateQuery(table.query, inner, translation);
    const columns = renamed(translated.columns, table.columns, table.name);
    scope.common.push({ name: table.name, sqlName, columns });
    return `${quoteName(sqlName)}(${columns.map((column) => quoteName(column.name)).join(', ')}) AS (${translated.sql})`;
  });
  return `WITH ${parts.join(', ')} `;
}

/** Inside of another query an order means something only with TOP, OFFSET or FOR. @throws SqlError 1033 */
export function refuseOrder(query: Query): void {
  if (query.orderBy.length === 0 || query.offset || query.forJson) return;
  if (query.body.kind === 'select' && query.body.top) return;
  throw new SqlError(
    1033,
    'The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.',
    { severity: 15 },
  );
}

/** Whether a table of that name is read in a part of a query. */
function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((item) => mentions(item, name));
  if (typeof node !== 'object' || node === null) return false;
  const record = node as { readonly kind?: string; readonly name?: unknown };
  if (
    record.kind === 'table' &&
    Array.isArray(record.name) &&
    record.name.length === 1 &&
    sameName(String(record.name[0]), name)
  )
    return true;
  return Object.values(node).some((item) => mentions(item, name));
}

/** Names of a derived table's columns. @throws SqlError 8155 for a column without a name, 8159 for too few names */
export function renamed(
  columns: readonly OutputColumn[],
  names: readonly string[],
  table: string,
): readonly OutputColumn[] {
  if (names.length > 0 && names.length !== columns.length)
    throw new SqlError(
      names.length < columns.length ? 8158 : 8159,
      `'${table}' has ${names.length < columns.length ? 'more' : 'fewer'} columns than were specified in the column list.`,
    );
  return columns.map((column, index) => {
    const name = names[index] ?? column.name;
    if (name === '') throw new SqlError(8155, `No column name was specified for column ${index + 1} of '${table}'.`);
    return { ...column, name };
  });
}

function translateBody(
  body: QueryBody,
  scope: Scope,
  translation: Translation,
  tail: Query | undefined,
): TranslatedQuery {
  switch (body.kind) {
    case 'select':
      return translateSelect(body, scope, translation, tail);
    case 'nested': {
      const inner = translateQuery(body.query, scope, translation);
      return withTail({ sql: `(${inner.sql})`, columns: inner.columns }, scope, translation, tail);
    }
    case 'set': {
      const left = translateBody(body.left, new Scope(scope), translation, undefined);
      const right = translateBody(body.right, new Scope(scope), translation, undefined);
      if (left.columns.length !== right.columns.length)
        throw new SqlError(
          205,
          'All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.',
        );
      const columns = left.columns.map(
        (column, index): OutputColumn => ({
          name: column.name,
          nullable: true,
          ...commonType(column, right.columns[index]!),
        }),
      );
      const sql = setText(
        body.operator,
        converted(left, columns, translation),
        converted(right, columns, translation),
        columns,
        translation,
      );
      return withTail({ sql, columns }, scope, translation, tail);
    }
  }
}

function commonType(left: OutputColumn, right: OutputColumn): Pick<OutputColumn, 'type' | 'untyped'> {
  if (left.untyped) return { type: right.type, untyped: right.untyped === true };
  return { type: right.untyped ? left.type : combine(left.type, right.type) };
}

/** ORDER BY, OFFSET and FETCH of a set operation: only output names and positions may stand there. */
function withTail(
  body: TranslatedQuery,
  scope: Scope,
  translation: Translation,
  tail: Query | undefined,
): TranslatedQuery {
  if (!tail || (tail.orderBy.length === 0 && !tail.offset)) return body;
  const name = translation.freshName();
  const inner = new Scope(scope);
  inner.outputs = body.columns;
  const around = wrapped(body.sql, body.columns, name);
  const order = orderText(byPosition(tail), inner, translation, around.items);
  return { sql: `${around.sql}${order}${limitText(tail, inner, translation)}`, columns: body.columns };
}

/** Rows that are made before they are sorted. */
function wrapped(
  sql: string,
  columns: readonly OutputColumn[],
  name: string,
): { readonly sql: string; readonly items: readonly Shown[] } {
  const items = columns.map((column, index) => ({ sql: `${quoteName(name)}.c${index}`, column }));
  const list = items.map((item, index) => `${item.sql} AS ${outputName(item.column, index)}`);
  const names = columns.map((_, index) => `c${index}`);
  return { sql: `SELECT ${list.join(', ')} FROM (${sql}) AS ${quoteName(name)}(${names.join(', ')})`, items };
}

/** `ORDER BY t.c` behind a set operation means the item `t.c` of the first query. */
function byPosition(query: Query): readonly OrderItem[] {
  let first = query.body;
  while (first.kind !== 'select') first = first.kind === 'set' ? first.left : first.query.body;
  const { items } = first;
  const stars = items.some((item) => item.value.kind === 'star');
  return query.orderBy.map((order) => {
    const { value } = order;
    if (stars || value.kind !== 'column' || value.name.length < 2) return order;
    const index = items.findIndex(
      (item) =>
        item.value.kind === 'column' &&
        item.value.name.length === value.name.length &&
        item.value.name.every((part, at) => sameName(part, value.name[at]!)),
    );
    return index < 0 ? order : { ...order, value: { kind: 'number', text: String(index + 1) } };
  });
}

function limitText(tail: Query, scope: Scope, translation: Translation): string {
  if (!tail.offset) return '';
  if (tail.orderBy.length === 0)
    throw new SqlError(102, "Incorrect syntax near 'OFFSET': it needs ORDER BY.", { severity: 15 });
  const fetch = tail.fetch ? ` LIMIT ${translateValue(tail.fetch, scope, translation).sql}` : '';
  return `${fetch} OFFSET ${translateValue(tail.offset, scope, translation).sql}`;
}

/** ` ORDER BY …`; an output name comes before a column of that name. */
function orderText(
  items: readonly OrderItem[],
  scope: Scope,
  translation: Translation,
  shown: readonly Shown[],
): string {
  if (items.length === 0) return '';
  const texts = items.map((item) => {
    const value = orderValue(item.value, scope, translation);
    return `${sortKey(value, shown)}${item.descending ? ' DESC' : ''}`;
  });
  return ` ORDER BY ${texts.join(', ')}`;
}

/** Texts that differ in trailing blanks are equal when rows are sorted, so that the next key decides. */
function sortKey(value: Typed, shown: readonly Shown[]): string {
  const item = value.type === undefined && /^\d+$/.test(value.sql) ? shown[Number(value.sql) - 1] : undefined;
  if (!item) return orderKey(value);
  return needsKey(item.column.type) ? orderKey({ sql: item.sql, type: item.column.type }) : value.sql;
}

function orderValue(value: Expression, scope: Scope, translation: Translation): Typed {
  if (value.kind === 'number' && /^\d+$/.test(value.text)) {
    const position = Number(value.text);
    if (position < 1 || position > scope.outputs.length)
      throw new SqlError(
        108,
        `The ORDER BY position number ${position} is out of range of the number of items in the select list.`,
        { severity: 15 },
      );
    return { sql: value.text, type: undefined };
  }
  if (value.kind === 'column' && value.name.length === 1) {
    const index = scope.outputs.findIndex((column) => sameName(column.name, value.name[0]!));
    if (index >= 0) return { sql: String(index + 1), type: undefined };
  }
  if (value.kind === 'null' || value.kind === 'string')
    throw new SqlError(408, 'A constant expression was encountered in the ORDER BY list, position 1.');
  return translateValue(value, scope, translation);
}

/** An item of a SELECT, or what stands for it outside of that. */
interface Shown {
  readonly sql: string;
  readonly column: OutputColumn;
}

type Item = Shown;

function translateItems(core: SelectCore, scope: Scope, translation: Translation): readonly Item[] {
  return core.items.flatMap((item): Item[] => {
    if (item.assign !== undefined)
      throw new SqlError(
        141,
        'A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.',
        { severity: 15 },
      );
    if (item.value.kind === 'star') {
      const { qualifier } = item.value;
      const tables = qualifier.length > 0 ? scope.matching(qualifier) : scope.tables;
      if (tables.length === 0)
        throw qualifier.length > 0
          ? new SqlError(
              107,
              `The column prefix '${qualifier.join('.')}' does not match with a table name or alias name used in the query.`,
              { severity: 15 },
            )
          : new SqlError(263, 'Must specify table to select from.', { severity: 16 });
      for (const table of tables) readAll(table);
      return tables.flatMap((table) =>
        table.columns.map((column) => ({ sql: `${quoteName(table.alias)}.${quoteName(column.name)}`, column })),
      );
    }
    const value = translateValue(item.value, scope, translation);
    const name = item.alias ?? (item.value.kind === 'column' ? item.value.name.at(-1)! : '');
    const stored = item.value.kind === 'column';
    const known = stored && item.value.kind === 'column' ? knownColumn(item.value.name, scope) : undefined;
    return [
      {
        sql: value.sql,
        column: {
          name,
          type: value.type,
          nullable: known?.nullable ?? !neverNull(item.value, scope),
          stored,
          untyped: value.constant === null,
        },
      },
    ];
  });
}

/** Literals, ISNULL with a last resort and COUNT are never NULL, so that CREATE TABLE AS makes NOT NULL columns of them. */
function neverNull(value: Expression, scope: Scope): boolean {
  if (value.kind === 'number' || value.kind === 'string' || value.kind === 'binary') return true;
  if (value.kind === 'column') return knownColumn(value.name, scope)?.nullable === false;
  if (value.kind !== 'call' || value.name.length > 1 || value.over) return false;
  const name = value.name[0]!.toUpperCase();
  if (name === 'ISNULL') return value.arguments[1] !== undefined && neverNull(value.arguments[1], scope);
  return name === 'COUNT' || name === 'COUNT_BIG' || name === 'GETDATE';
}

function knownColumn(name: readonly string[], scope: Scope): OutputColumn | undefined {
  const tables = name.length > 1 ? scope.matching(name.slice(0, -1)) : scope.tables;
  return tables.flatMap((table) => table.columns).find((column) => sameName(column.name, name.at(-1)!));
}

function translateSelect(
  core: SelectCore,
  outer: Scope,
  translation: Translation,
  tail: Query | undefined,
): TranslatedQuery {
  const scope = new Scope(outer);
  const from = translateSources(core.from, scope, translation);
  scope.clause = 'where';
  const where = core.where ? ` WHERE ${translateCondition(core.where, scope, translation)}` : '';
  const groupBy = groupByText(core, scope, translation);
  scope.clause = 'select';
  const items = translateItems(core, scope, translation);
  scope.outputs = items.map((item) => item.column);
  scope.clause = 'having';
  const having = core.having ? ` HAVING ${translateCondition(core.having, scope, translation)}` : '';
  scope.clause = 'select';
  const list = items.map((item, index) => `${item.sql} AS ${outputName(item.column, index)}`).join(', ');
  const order = tail?.orderBy ?? [];
  let sql = `SELECT ${distinctText(core, items)}${list}${from}${where}${groupBy}${having}`;
  let orderBy: string;
  if (core.distinct && order.length > 0) {
    // What makes rows one is not what sorts them.
    const around = wrapped(sql, scope.outputs, translation.freshName());
    const keys = positionsOf(order, items, scope, translation).map(
      (position, index) =>
        `${sortKey({ sql: String(position), type: undefined }, around.items)}${order[index]!.descending ? ' DESC' : ''}`,
    );
    sql = around.sql;
    orderBy = ` ORDER BY ${keys.join(', ')}`;
  } else orderBy = orderText(order, scope, translation, items);
  const columns = items.map((item) => item.column);
  if (core.top) {
    if (tail?.offset)
      throw new SqlError(10741, 'A TOP can not be used in the same query or sub-query as a OFFSET.', { severity: 15 });
    return { sql: withTop(core, sql, order, orderBy, scope, translation), columns };
  }
  return { sql: sql + orderBy + (tail ? limitText(tail, scope, translation) : ''), columns };
}

/** Which items DISTINCT is ordered by, counted from 1. @throws SqlError 145 when one is not shown */
function positionsOf(
  order: readonly OrderItem[],
  items: readonly Item[],
  scope: Scope,
  translation: Translation,
): readonly number[] {
  return order.map(({ value }) => {
    const text = orderValue(value, scope, translation).sql;
    if (/^\d+$/.test(text)) return Number(text);
    const position = items.findIndex((item) => item.sql === text) + 1;
    if (position > 0) return position;
    throw new SqlError(145, 'ORDER BY items must appear in the select list if SELECT DISTINCT is specified.', {
      severity: 15,
    });
  });
}

/** DISTINCT; where text is among the columns, by keys without trailing blanks. */
function distinctText(core: SelectCore, items: readonly Item[]): string {
  if (!core.distinct) return '';
  if (!items.some((item) => needsKey(item.column.type))) return 'DISTINCT ';
  return `DISTINCT ON (${items.map((item) => keyText({ sql: item.sql, type: item.column.type })).join(', ')}) `;
}

/** ` GROUP BY …`; notes in the scope what stands for grouped text, which is grouped without its trailing blanks. */
function groupByText(core: SelectCore, scope: Scope, translation: Translation): string {
  if (core.groupBy.length === 0) return '';
  const keys = new Map<string, string>();
  const plain = core.groupBy.every((grouping) => grouping.kind === 'plain');
  const note = (expression: Expression): string => {
    const value = groupedValue(expression, scope, translation);
    const key = keyText(value);
    // In a row over all groups there is no value.
    if (key !== value.sql)
      keys.set(
        value.sql,
        plain ? `any_value(${value.sql})` : `CASE WHEN grouping(${key}) = 0 THEN any_value(${value.sql}) END`,
      );
    return key;
  };
  const texts = core.groupBy.map((grouping) => groupingText(grouping, note));
  scope.groupKeys = keys;
  return ` GROUP BY ${texts.join(', ')}`;
}

function groupedValue(expression: Expression, scope: Scope, translation: Translation): Typed {
  if (expression.kind === 'number' || expression.kind === 'string')
    throw new SqlError(
      164,
      'Each GROUP BY expression must contain at least one column that is not an outer reference.',
      { severity: 15 },
    );
  return translateValue(expression, scope, translation);
}

function withTop(
  core: SelectCore,
  sql: string,
  order: readonly OrderItem[],
  orderBy: string,
  scope: Scope,
  translation: Translation,
): string {
  const top = core.top!;
  const count = translateValue(top.count, scope, translation).sql;
  if (!top.percent && !top.ties) return `${sql}${orderBy} LIMIT ${count}`;
  if (top.ties && order.length === 0)
    throw new SqlError(1062, 'The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.', {
      severity: 15,
    });
  if (core.distinct) throw notSupported('TOP PERCENT and WITH TIES together with DISTINCT', core.line);
  const keys =
    order.length > 0
      ? `ORDER BY ${order.map((item) => `${windowOrderValue(item.value, core, scope, translation)}${item.descending ? ' DESC' : ''}`).join(', ')}`
      : '';
  const rank = top.ties ? `rank() OVER (${keys})` : `row_number() OVER (${keys})`;
  const limit = top.percent ? `ceil(count(*) OVER () * CAST(${count} AS DOUBLE) / 100)` : count;
  return `${sql} QUALIFY ${rank} <= ${limit}${orderBy}`;
}

/** In a window an output name has to be its expression. */
function windowOrderValue(value: Expression, core: SelectCore, scope: Scope, translation: Translation): string {
  if (value.kind === 'number')
    return orderKey(translateValue(core.items[Number(value.text) - 1]!.value, scope, translation));
  if (value.kind === 'column' && value.name.length === 1) {
    const item = core.items.find(
      (candidate) => candidate.alias !== undefined && sameName(candidate.alias, value.name[0]!),
    );
    if (item) return orderKey(translateValue(item.value, scope, translation));
  }
  return orderKey(translateValue(value, scope, translation));
}

function groupingText(grouping: Grouping, note: (expression: Expression) => string): string {
  if (grouping.kind === 'plain') return note(grouping.value);
  const sets = grouping.sets.map((set) => `(${set.map(note).join(', ')})`).join(', ');
  if (grouping.kind === 'rollup') return `ROLLUP (${sets})`;
  if (grouping.kind === 'cube') return `CUBE (${sets})`;
  return `GROUPING SETS (${sets})`;
}

/** A query in parentheses as a value: one column, at most one row. */
export function subqueryValue(query: Query, scope: Scope, translation: Translation): Typed {
  refuseOrder(query);
  const translated = translateQuery(query, scope, translation);
  if (translated.columns.length !== 1)
    throw new SqlError(
      116,
      'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
    );
  return { sql: `(${translated.sql})`, type: translated.columns[0]!.type };
}
