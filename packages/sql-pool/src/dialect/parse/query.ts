import { notSupported, SqlError } from '../../errors/sql-error.js';
import type {
  BinaryOperator,
  CommonTable,
  Expression,
  Grouping,
  Query,
  QueryBody,
  SelectCore,
  SelectItem,
  Top,
} from '../ast.js';
import { parseOrderItems } from './call.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expression.js';
import { parseTableSource } from './table-source.js';

/** A whole query: WITH, set operations, ORDER BY, OFFSET, FOR JSON. */
export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const common = cursor.is('WITH') ? parseWith(cursor) : [];
    return parseQueryAfterWith(cursor, common);
  });
}

export function parseWith(cursor: Cursor): readonly CommonTable[] {
  cursor.expect('WITH');
  return cursor.list(() => {
    const name = cursor.identifier();
    const columns = cursor.is('(') ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
    cursor.expect('AS');
    return { name, columns, query: cursor.parenthesised(() => parseQuery(cursor)) };
  });
}

export function parseQueryAfterWith(cursor: Cursor, common: readonly CommonTable[]): Query {
  const body = parseUnion(cursor);
  const orderBy = cursor.accept('ORDER', 'BY') ? parseOrderItems(cursor) : [];
  let offset: Query['offset'];
  let fetch: Query['fetch'];
  if (cursor.accept('OFFSET')) {
    offset = parseExpression(cursor);
    if (!cursor.accept('ROWS')) cursor.expect('ROW');
    if (cursor.accept('FETCH')) {
      if (!cursor.accept('NEXT')) cursor.expect('FIRST');
      fetch = parseExpression(cursor);
      if (!cursor.accept('ROWS')) cursor.expect('ROW');
      cursor.expect('ONLY');
    }
  }
  return { with: common, body, orderBy, offset, fetch, forJson: parseFor(cursor) };
}

function parseFor(cursor: Cursor): Query['forJson'] {
  if (!cursor.is('FOR')) return undefined;
  if (cursor.is('FOR', 'XML'))
    throw notSupported('FOR XML', cursor.line, 'A dedicated SQL pool has no XML; use STRING_AGG or FOR JSON.');
  if (cursor.accept('FOR', 'BROWSE')) return undefined;
  cursor.expect('FOR', 'JSON');
  const mode = cursor.accept('AUTO') ? 'AUTO' : 'PATH';
  if (mode === 'PATH') cursor.expect('PATH');
  let root: string | undefined;
  let withoutArrayWrapper = false;
  let includeNulls = false;
  while (cursor.accept(',')) {
    if (cursor.accept('ROOT')) root = cursor.is('(') ? cursor.parenthesised(() => cursor.stringLiteral()) : 'root';
    else if (cursor.accept('WITHOUT_ARRAY_WRAPPER')) withoutArrayWrapper = true;
    else {
      cursor.expect('INCLUDE_NULL_VALUES');
      includeNulls = true;
    }
  }
  return { mode, root, withoutArrayWrapper, includeNulls };
}

/** UNION and EXCEPT bind from the left; INTERSECT binds tighter. */
function parseUnion(cursor: Cursor): QueryBody {
  let left = parseIntersect(cursor);
  for (;;) {
    if (cursor.accept('UNION')) {
      const operator = cursor.accept('ALL') ? 'UNION ALL' : 'UNION';
      left = { kind: 'set', operator, left, right: parseIntersect(cursor) };
    } else if (cursor.accept('EXCEPT')) left = { kind: 'set', operator: 'EXCEPT', left, right: parseIntersect(cursor) };
    else return left;
  }
}

function parseIntersect(cursor: Cursor): QueryBody {
  let left = parseBody(cursor);
  while (cursor.accept('INTERSECT')) left = { kind: 'set', operator: 'INTERSECT', left, right: parseBody(cursor) };
  return left;
}

function parseBody(cursor: Cursor): QueryBody {
  if (cursor.is('(')) return { kind: 'nested', query: cursor.parenthesised(() => parseQuery(cursor)) };
  return parseSelect(cursor);
}

function parseSelect(cursor: Cursor): SelectCore {
  const line = cursor.line;
  cursor.expect('SELECT');
  const distinct = cursor.accept('DISTINCT');
  if (!distinct) cursor.accept('ALL');
  const top = cursor.is('TOP') ? parseTop(cursor) : undefined;
  const items = cursor.list(() => parseSelectItem(cursor));
  const into = cursor.accept('INTO') ? cursor.name() : undefined;
  const from = cursor.accept('FROM') ? cursor.list(() => parseTableSource(cursor)) : [];
  const where = cursor.accept('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.accept('GROUP', 'BY') ? parseGroupings(cursor) : [];
  const having = cursor.accept('HAVING') ? parseExpression(cursor) : undefined;
  return { kind: 'select', distinct, top, items, into, from, where, groupBy, having, line };
}

export function parseTop(cursor: Cursor): Top {
  cursor.expect('TOP');
  const count = cursor.is('(')
    ? cursor.parenthesised(() => parseExpression(cursor))
    : cursor.current.kind === 'variable'
      ? ({ kind: 'variable', name: cursor.variable(), line: cursor.line } as const)
      : parseTopNumber(cursor);
  const percent = cursor.accept('PERCENT');
  return { count, percent, ties: cursor.accept('WITH', 'TIES') };
}

function parseTopNumber(cursor: Cursor): Expression {
  if (cursor.current.kind !== 'number') throw cursor.unexpected();
  return { kind: 'number', text: cursor.take().text };
}

function parseSelectItem(cursor: Cursor): SelectItem {
  const plain = { assign: undefined, assignOperator: undefined };
  if (cursor.current.kind === 'variable') {
    const operator = cursor.ahead(1).key;
    if (operator === '=' || /^[-+*/%&|^]=$/.test(operator)) {
      const assign = cursor.variable();
      cursor.take();
      const assignOperator = operator === '=' ? undefined : (operator[0] as BinaryOperator);
      return { value: parseExpression(cursor), alias: undefined, assign, assignOperator };
    }
  }
  // `alias = value`
  if ((cursor.isIdentifier() || cursor.isString()) && cursor.ahead(1).key === '=') {
    const alias = cursor.take().text;
    cursor.take();
    return { value: parseExpression(cursor), alias, ...plain };
  }
  const value = parseExpression(cursor);
  if (value.kind === 'star') return { value, alias: undefined, ...plain };
  if (cursor.accept('AS')) return { value, alias: cursor.label(), ...plain };
  if (cursor.isIdentifier() || cursor.isString()) return { value, alias: cursor.label(), ...plain };
  return { value, alias: undefined, ...plain };
}

/** The list of GROUP BY; the older `… WITH ROLLUP` and `… WITH CUBE` are about all of it. */
function parseGroupings(cursor: Cursor): readonly Grouping[] {
  const list = cursor.list(() => parseGrouping(cursor));
  const kind = cursor.is('WITH', 'ROLLUP') ? 'rollup' : cursor.is('WITH', 'CUBE') ? 'cube' : undefined;
  if (!kind) return list;
  const line = cursor.line;
  cursor.take();
  cursor.take();
  const sets = list.map((item) => {
    if (item.kind !== 'plain')
      throw new SqlError(
        10702,
        'The WITH CUBE and WITH ROLLUP options are not permitted with a ROLLUP, CUBE, or GROUPING SETS specification.',
        { severity: 15, line },
      );
    return [item.value];
  });
  return [{ kind, sets }];
}

function parseGrouping(cursor: Cursor): Grouping {
  const kind = cursor.is('ROLLUP', '(') ? 'rollup' : cursor.is('CUBE', '(') ? 'cube' : undefined;
  const set = () => {
    if (!cursor.is('(')) return [parseExpression(cursor)];
    return cursor.parenthesised(() => (cursor.is(')') ? [] : cursor.list(() => parseExpression(cursor))));
  };
  if (kind) {
    cursor.take();
    return { kind, sets: cursor.parenthesised(() => cursor.list(set)) };
  }
  if (cursor.accept('GROUPING', 'SETS')) return { kind: 'sets', sets: cursor.parenthesised(() => cursor.list(set)) };
  const value = parseExpression(cursor);
  return { kind: 'plain', value };
}
