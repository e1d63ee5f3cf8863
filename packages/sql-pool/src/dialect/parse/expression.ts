import { familyOf } from '../../types/sql-type.js';
import type { BinaryOperator, CaseBranch, ComparisonOperator, Expression } from '../ast.js';
import { reserved } from '../reserved.js';
import { callOf, parseCall } from './call.js';
import type { Cursor } from './cursor.js';
import { odbcFunction } from './odbc.js';
import { parseQuery } from './query.js';
import { parseType } from './type.js';

/**
 * An expression or a search condition; Transact-SQL's operators by precedence, loosest first:
 * OR, AND, NOT, comparison, `+ - & ^ |`, `* / %`, unary, primary.
 */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseOr(cursor));
}

function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.accept('OR')) left = { kind: 'or', left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.accept('AND')) left = { kind: 'and', left, right: parseNot(cursor) };
  return left;
}

function parseNot(cursor: Cursor): Expression {
  if (cursor.accept('NOT')) return { kind: 'not', operand: cursor.nested(() => parseNot(cursor)) };
  return parsePredicate(cursor);
}

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};

function parsePredicate(cursor: Cursor): Expression {
  if (cursor.is('EXISTS', '(')) {
    cursor.take();
    return { kind: 'exists', query: cursor.parenthesised(() => parseQuery(cursor)) };
  }
  const left = parseAdditive(cursor);
  const operator = comparisons[cursor.current.key];
  if (operator) {
    cursor.take();
    if (cursor.isOneOf('ANY', 'SOME', 'ALL')) {
      const quantifier = cursor.take().key === 'ALL' ? 'all' : 'any';
      return { kind: 'quantified', operator, left, quantifier, query: cursor.parenthesised(() => parseQuery(cursor)) };
    }
    return { kind: 'comparison', operator, left, right: parseAdditive(cursor) };
  }
  if (cursor.accept('IS')) {
    const negated = cursor.accept('NOT');
    if (cursor.accept('DISTINCT', 'FROM')) return { kind: 'distinctFrom', left, right: parseAdditive(cursor), negated };
    cursor.expect('NULL');
    return { kind: 'isNull', value: left, negated };
  }
  const negated = cursor.accept('NOT');
  if (cursor.accept('BETWEEN')) {
    const low = parseAdditive(cursor);
    cursor.expect('AND');
    return { kind: 'between', value: left, low, high: parseAdditive(cursor), negated };
  }
  if (cursor.accept('LIKE')) {
    const pattern = parseAdditive(cursor);
    const escapeBy = cursor.accept('ESCAPE') ? parseAdditive(cursor) : undefined;
    return { kind: 'like', value: left, pattern, escape: escapeBy, negated };
  }
  if (cursor.accept('IN')) {
    return cursor.parenthesised((): Expression => {
      if (isQueryStart(cursor)) return { kind: 'inQuery', value: left, query: parseQuery(cursor), negated };
      return { kind: 'inList', value: left, items: cursor.list(() => parseExpression(cursor)), negated };
    });
  }
  if (negated) throw cursor.unexpected();
  return left;
}

/** Whether a parenthesis that was just opened holds a query. */
export function isQueryStart(cursor: Cursor): boolean {
  let depth = 0;
  while (cursor.ahead(depth).key === '(') depth++;
  const key = cursor.ahead(depth).key;
  if (key === 'SELECT') return true;
  return depth === 0 && key === 'WITH';
}

const additive: readonly string[] = ['+', '-', '&', '|', '^'];

export function parseAdditive(cursor: Cursor): Expression {
  let left = parseMultiplicative(cursor);
  while (additive.includes(cursor.current.key) && cursor.current.kind === 'symbol') {
    const operator = cursor.take().key as BinaryOperator;
    left = { kind: 'binaryOperation', operator, left, right: parseMultiplicative(cursor) };
  }
  return left;
}

function parseMultiplicative(cursor: Cursor): Expression {
  let left = parseUnary(cursor);
  while (cursor.isOneOf('*', '/', '%')) {
    const operator = cursor.take().key as BinaryOperator;
    left = { kind: 'binaryOperation', operator, left, right: parseUnary(cursor) };
  }
  return left;
}

function parseUnary(cursor: Cursor): Expression {
  const kind = cursor.is('-') ? 'negate' : cursor.is('+') ? 'plus' : cursor.is('~') ? 'complement' : undefined;
  if (!kind) return parsePostfix(cursor);
  cursor.take();
  return { kind, operand: cursor.nested(() => parseUnary(cursor)) };
}

function parsePostfix(cursor: Cursor): Expression {
  let value = parsePrimary(cursor);
  for (;;) {
    if (cursor.accept('COLLATE')) value = { kind: 'collate', value, collation: cursor.label() };
    else if (cursor.accept('AT', 'TIME', 'ZONE')) value = { kind: 'atTimeZone', value, zone: parsePrimary(cursor) };
    else return value;
  }
}

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.current;
  switch (token.kind) {
    case 'number':
      cursor.take();
      return { kind: 'number', text: token.text };
    case 'string':
    case 'national':
      cursor.take();
      return { kind: 'string', text: token.text, national: token.kind === 'national' };
    case 'binary':
      cursor.take();
      return { kind: 'binary', hex: token.text };
    case 'variable':
      cursor.take();
      return { kind: 'variable', name: token.text, line: token.line };
    case 'symbol':
      return parseParenthesis(cursor);
    case 'word':
    case 'quoted':
      return parseWord(cursor);
    case 'end':
      throw cursor.unexpected();
  }
}

function parseParenthesis(cursor: Cursor): Expression {
  if (cursor.is('*')) {
    cursor.take();
    return { kind: 'star', qualifier: [] };
  }
  // The escape clause of ODBC: {fn NAME(...)}, {d '…'}, {ts '…'}, {t '…'}.
  if (cursor.accept('{')) {
    const word = cursor.label().toLowerCase();
    const value: Expression =
      word === 'fn'
        ? odbcFunction(parseExpression(cursor))
        : {
            kind: 'cast',
            value: parseExpression(cursor),
            type: { name: word === 'd' ? 'date' : word === 't' ? 'time' : 'datetime' },
            attempt: false,
          };
    cursor.expect('}');
    return value;
  }
  return cursor.parenthesised((): Expression => {
    if (isQueryStart(cursor)) {
      const start = cursor.position;
      try {
        return { kind: 'subquery', query: parseQuery(cursor) };
      } catch (error) {
        // `((SELECT 1) + 1)` starts like a query and is an expression.
        if (!cursor.atEnd && cursor.position > start) {
          cursor.back(start);
          if (cursor.is('(')) return parseExpression(cursor);
        }
        throw error;
      }
    }
    return parseExpression(cursor);
  });
}

const withoutParentheses: ReadonlySet<string> = new Set([
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'SESSION_USER',
  'SYSTEM_USER',
  'USER',
  'CURRENT_DATE',
]);

function parseWord(cursor: Cursor): Expression {
  const token = cursor.current;
  if (token.kind === 'word') {
    switch (token.key) {
      case 'NULL':
        cursor.take();
        return { kind: 'null' };
      case 'DEFAULT':
        cursor.take();
        return { kind: 'default' };
      case 'CASE':
        return parseCase(cursor);
      case 'CAST':
      case 'TRY_CAST':
        if (cursor.ahead(1).key === '(') return parseCast(cursor);
        break;
      case 'PARSE':
      case 'TRY_PARSE':
        if (cursor.ahead(1).key === '(') return parseParse(cursor);
        break;
      case 'TRIM':
        if (cursor.ahead(1).key === '(') return parseTrim(cursor);
        break;
      case 'CONVERT':
      case 'TRY_CONVERT':
        if (cursor.ahead(1).key === '(') return parseConvert(cursor);
        break;
      default:
        if (withoutParentheses.has(token.key)) {
          cursor.take();
          return callOf(token.key, [], token.line);
        }
    }
    if (cursor.ahead(1).key === '(') return parseCall(cursor, [cursor.take().text]);
    if (reserved.has(token.key)) throw cursor.unexpected();
  }
  const line = cursor.line;
  const parts: string[] = [cursor.identifier()];
  while (cursor.is('.')) {
    cursor.take();
    if (cursor.accept('*')) return { kind: 'star', qualifier: parts };
    if (cursor.is('.')) parts.push('');
    else parts.push(cursor.current.kind === 'word' ? cursor.take().text : cursor.identifier());
  }
  if (cursor.is('(')) return parseCall(cursor, parts);
  return { kind: 'column', name: parts, line };
}

function parseCase(cursor: Cursor): Expression {
  cursor.expect('CASE');
  const operand = cursor.is('WHEN') ? undefined : parseExpression(cursor);
  const branches: CaseBranch[] = [];
  while (cursor.accept('WHEN')) {
    const when = parseExpression(cursor);
    cursor.expect('THEN');
    branches.push({ when, result: parseExpression(cursor) });
  }
  if (branches.length === 0) throw cursor.unexpected();
  const otherwise = cursor.accept('ELSE') ? parseExpression(cursor) : undefined;
  cursor.expect('END');
  return { kind: 'case', operand, branches, otherwise };
}

function parseCast(cursor: Cursor): Expression {
  const attempt = cursor.take().key === 'TRY_CAST';
  return cursor.parenthesised((): Expression => {
    const value = parseExpression(cursor);
    cursor.expect('AS');
    return { kind: 'cast', value, type: parseType(cursor, { inCast: true }), attempt };
  });
}

/** PARSE(text AS type [USING culture]) is a call of PARSE(text, culture) that is cast. */
function parseParse(cursor: Cursor): Expression {
  const line = cursor.line;
  const attempt = cursor.take().key === 'TRY_PARSE';
  return cursor.parenthesised((): Expression => {
    const value = parseExpression(cursor);
    cursor.expect('AS');
    const type = parseType(cursor, { inCast: true });
    const culture: Expression = cursor.accept('USING')
      ? parseExpression(cursor)
      : { kind: 'string', text: 'en-US', national: false };
    const number = familyOf(type) === 'integer' || familyOf(type) === 'decimal' || familyOf(type) === 'float';
    return { kind: 'cast', value: number ? callOf('$PARSE_NUMBER', [value, culture], line) : value, type, attempt };
  });
}

/** TRIM([LEADING|TRAILING|BOTH] [characters FROM] text) */
function parseTrim(cursor: Cursor): Expression {
  const line = cursor.line;
  cursor.take();
  return cursor.parenthesised((): Expression => {
    const side =
      cursor.isOneOf('LEADING', 'TRAILING', 'BOTH') && cursor.ahead(1).key !== ')' ? cursor.take().key : 'BOTH';
    const first = parseExpression(cursor);
    const name = side === 'LEADING' ? 'LTRIM' : side === 'TRAILING' ? 'RTRIM' : 'TRIM';
    if (!cursor.accept('FROM')) return callOf(name, [first], line);
    return callOf(name, [parseExpression(cursor), first], line);
  });
}

function parseConvert(cursor: Cursor): Expression {
  const attempt = cursor.take().key === 'TRY_CONVERT';
  return cursor.parenthesised((): Expression => {
    const type = parseType(cursor, { inCast: true });
    cursor.expect(',');
    const value = parseExpression(cursor);
    const style = cursor.accept(',') ? parseExpression(cursor) : undefined;
    return { kind: 'convert', value, type, style, attempt };
  });
}
