import type { Expression, FrameBound, FunctionCall, Name, OrderItem, Window } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseAdditive, parseExpression } from './expression.js';

/** A plain call, as the grammar makes some of its own. */
export function callOf(name: string, values: readonly Expression[], line: number): FunctionCall {
  return {
    kind: 'call',
    name: [name],
    arguments: values,
    distinct: false,
    over: undefined,
    withinGroup: undefined,
    nulls: undefined,
    line,
  };
}

/** The rest of a function call, from its opening parenthesis. */
export function parseCall(cursor: Cursor, name: Name): FunctionCall {
  const line = cursor.line;
  cursor.expect('(');
  const distinct = cursor.accept('DISTINCT');
  if (!distinct) cursor.accept('ALL');
  const values: Expression[] = cursor.is(')') ? [] : cursor.list(() => parseArgument(cursor));
  let nulls = parseNulls(cursor);
  cursor.expect(')');
  let withinGroup: readonly OrderItem[] | undefined;
  if (cursor.accept('WITHIN', 'GROUP'))
    withinGroup = cursor.parenthesised(() => {
      cursor.expect('ORDER', 'BY');
      return parseOrderItems(cursor);
    });
  nulls ??= parseNulls(cursor);
  const over = cursor.accept('OVER') ? cursor.parenthesised(() => parseWindow(cursor)) : undefined;
  return { kind: 'call', name, arguments: values, distinct, over, withinGroup, nulls, line };
}

function parseArgument(cursor: Cursor): Expression {
  if (cursor.is('*')) {
    cursor.take();
    return { kind: 'star', qualifier: [] };
  }
  return parseExpression(cursor);
}

function parseNulls(cursor: Cursor): 'ignore' | 'respect' | undefined {
  if (cursor.accept('IGNORE', 'NULLS')) return 'ignore';
  if (cursor.accept('RESPECT', 'NULLS')) return 'respect';
  return undefined;
}

export function parseOrderItems(cursor: Cursor): readonly OrderItem[] {
  return cursor.list(() => {
    const value = parseExpression(cursor);
    const descending = cursor.accept('DESC');
    if (!descending) cursor.accept('ASC');
    return { value, descending };
  });
}

function parseWindow(cursor: Cursor): Window {
  const partitionBy = cursor.accept('PARTITION', 'BY') ? cursor.list(() => parseExpression(cursor)) : [];
  const orderBy = cursor.accept('ORDER', 'BY') ? parseOrderItems(cursor) : [];
  let frame: Window['frame'];
  if (cursor.isOneOf('ROWS', 'RANGE')) {
    const unit = cursor.take().key as 'ROWS' | 'RANGE';
    if (cursor.accept('BETWEEN')) {
      const from = parseBound(cursor);
      cursor.expect('AND');
      frame = { unit, from, to: parseBound(cursor) };
    } else frame = { unit, from: parseBound(cursor), to: { kind: 'current', offset: undefined } };
  }
  return { partitionBy, orderBy, frame };
}

function parseBound(cursor: Cursor): FrameBound {
  if (cursor.accept('CURRENT', 'ROW')) return { kind: 'current', offset: undefined };
  if (cursor.accept('UNBOUNDED', 'PRECEDING')) return { kind: 'unboundedPreceding', offset: undefined };
  if (cursor.accept('UNBOUNDED', 'FOLLOWING')) return { kind: 'unboundedFollowing', offset: undefined };
  const offset = parseAdditive(cursor);
  if (cursor.accept('PRECEDING')) return { kind: 'preceding', offset };
  cursor.expect('FOLLOWING');
  return { kind: 'following', offset };
}
