import { notSupported } from '../../errors/sql-error.js';
import type { ColumnShape, Expression, TableAlias, TableSource } from '../ast.js';
import type { Cursor } from './cursor.js';
import { isQueryStart, parseExpression } from './expression.js';
import { parseQuery } from './query.js';
import { parseType } from './type.js';

/** One item of FROM with the joins that hang on it. */
export function parseTableSource(cursor: Cursor): TableSource {
  return cursor.nested(() => {
    let left = parsePrimarySource(cursor);
    for (;;) {
      const next = parseJoin(cursor, left);
      if (!next) return left;
      left = next;
    }
  });
}

const joinHints: readonly string[] = ['HASH', 'LOOP', 'MERGE', 'REDUCE', 'REPLICATE', 'REDISTRIBUTE', 'REMOTE'];

function parseJoin(cursor: Cursor, left: TableSource): TableSource | undefined {
  if (cursor.accept('CROSS', 'JOIN'))
    return { kind: 'join', type: 'cross', left, right: parsePrimarySource(cursor), on: undefined };
  if (cursor.accept('CROSS', 'APPLY')) return { kind: 'apply', outer: false, left, right: parsePrimarySource(cursor) };
  if (cursor.accept('OUTER', 'APPLY')) return { kind: 'apply', outer: true, left, right: parsePrimarySource(cursor) };
  const start = cursor.position;
  let type: 'inner' | 'left' | 'right' | 'full' = 'inner';
  if (cursor.accept('INNER')) type = 'inner';
  else if (cursor.isOneOf('LEFT', 'RIGHT', 'FULL')) {
    type = cursor.take().key.toLowerCase() as 'left' | 'right' | 'full';
    cursor.accept('OUTER');
  }
  if (cursor.isOneOf(...joinHints) && cursor.ahead(1).key === 'JOIN') cursor.take();
  if (!cursor.accept('JOIN')) {
    cursor.back(start);
    if (cursor.is('PIVOT', '(')) return parsePivot(cursor, left);
    if (cursor.is('UNPIVOT', '(')) return parseUnpivot(cursor, left);
    return undefined;
  }
  // A join inside the right side binds first when its ON comes first: a JOIN b JOIN c ON … ON ….
  let right = parsePrimarySource(cursor);
  while (!cursor.is('ON')) {
    const nested = parseJoin(cursor, right);
    if (!nested) throw cursor.unexpected();
    right = nested;
  }
  cursor.expect('ON');
  return { kind: 'join', type, left, right, on: parseExpression(cursor) };
}

function parsePrimarySource(cursor: Cursor): TableSource {
  if (cursor.is('OPENROWSET', '(')) return parseOpenRowset(cursor);
  if (cursor.accept('(')) {
    if (cursor.is('VALUES')) {
      cursor.take();
      const rows = cursor.list(() => cursor.parenthesised(() => cursor.list(() => parseExpression(cursor))));
      cursor.expect(')');
      return { kind: 'values', rows, alias: parseAlias(cursor) };
    }
    if (isQueryStart(cursor)) {
      const start = cursor.position;
      try {
        const query = parseQuery(cursor);
        cursor.expect(')');
        return { kind: 'derived', query, alias: parseAlias(cursor) };
      } catch (error) {
        cursor.back(start);
        // `((SELECT …) AS a JOIN b ON …)` starts like a query and is a join.
        if (!cursor.is('(')) throw error;
      }
    }
    const source = parseTableSource(cursor);
    cursor.expect(')');
    return source;
  }
  const line = cursor.line;
  if (cursor.current.kind === 'variable')
    throw notSupported(
      `the table variable ${cursor.current.text}`,
      line,
      'Use a temporary table: CREATE TABLE #name (…).',
    );
  for (const word of ['OPENQUERY', 'OPENDATASOURCE', 'OPENXML', 'PREDICT', 'CONTAINSTABLE', 'FREETEXTTABLE'])
    if (cursor.is(word, '('))
      throw notSupported(
        word,
        line,
        word === 'PREDICT' ? 'Score with a notebook.' : 'A dedicated SQL pool has none either.',
      );
  const name = cursor.name();
  if (cursor.is('(') && !isHint(cursor)) {
    const values: Expression[] = cursor.parenthesised(() =>
      cursor.is(')') ? [] : cursor.list(() => parseExpression(cursor)),
    );
    const columns = cursor.is('WITH', '(') && !isWithHint(cursor) ? parseShape(cursor) : undefined;
    return { kind: 'tableFunction', name, arguments: values, columns, alias: parseAlias(cursor), line };
  }
  let alias = parseAlias(cursor);
  const sample = parseSample(cursor);
  skipHints(cursor);
  alias ??= parseAlias(cursor);
  return { kind: 'table', name, alias, line, ...(sample ? { sample } : {}) };
}

/** TABLESAMPLE [SYSTEM] (n [PERCENT | ROWS]) [REPEATABLE (seed)] */
function parseSample(cursor: Cursor): { readonly count: number; readonly percent: boolean } | undefined {
  if (!cursor.accept('TABLESAMPLE')) return undefined;
  cursor.accept('SYSTEM');
  const sample = cursor.parenthesised(() => {
    const count = Number(cursor.take().text);
    if (!(count >= 0)) throw cursor.unexpected();
    const rows = cursor.accept('ROWS');
    if (!rows) cursor.accept('PERCENT');
    return { count, percent: !rows };
  });
  if (cursor.accept('REPEATABLE')) cursor.parenthesised(() => cursor.take());
  return sample;
}

const hints: readonly string[] = [
  'NOLOCK',
  'READUNCOMMITTED',
  'READCOMMITTED',
  'REPEATABLEREAD',
  'SERIALIZABLE',
  'TABLOCK',
  'TABLOCKX',
  'HOLDLOCK',
  'UPDLOCK',
  'ROWLOCK',
  'PAGLOCK',
  'XLOCK',
  'READPAST',
  'NOEXPAND',
  'FORCESEEK',
  'FORCESCAN',
  'NOWAIT',
  'INDEX',
  'SNAPSHOT',
];

function isHint(cursor: Cursor): boolean {
  return cursor.is('(') && hints.includes(cursor.ahead(1).key) && cursor.ahead(2).key === ')';
}
function isWithHint(cursor: Cursor): boolean {
  return cursor.is('WITH', '(') && hints.includes(cursor.ahead(2).key);
}

/** Locking hints say nothing to a snapshot: they are read and left out. */
export function skipHints(cursor: Cursor): void {
  if (isWithHint(cursor)) cursor.take();
  else if (!isHint(cursor)) return;
  let depth = 0;
  do {
    const token = cursor.take();
    if (token.key === '(') depth++;
    else if (token.key === ')') depth--;
    else if (token.kind === 'end') throw cursor.unexpected();
  } while (depth > 0);
}

/** `[AS] name [(column, …)]` */
export function parseAlias(cursor: Cursor): TableAlias | undefined {
  const said = cursor.accept('AS');
  if (!said && !cursor.isIdentifier()) return undefined;
  if (!said && (cursor.isOneOf('OFFSET', 'APPLY', 'GO') || cursor.is('OPTION'))) return undefined;
  if (!said && cursor.isOneOf(...joinHints) && cursor.ahead(1).key === 'JOIN') return undefined;
  const name = cursor.identifier();
  const columns =
    cursor.is('(') && !isHint(cursor) ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
  return { name, columns };
}

function parseShape(cursor: Cursor): readonly ColumnShape[] {
  cursor.expect('WITH');
  return cursor.parenthesised(() =>
    cursor.list(() => {
      const name = cursor.identifier();
      const type = parseType(cursor);
      if (cursor.accept('COLLATE')) cursor.label();
      const path = cursor.isString()
        ? cursor.stringLiteral()
        : cursor.current.kind === 'number'
          ? String(cursor.integer())
          : undefined;
      const asJson = cursor.accept('AS', 'JSON');
      return { name, type, ...(path === undefined ? {} : { path }), ...(asJson ? { asJson } : {}) };
    }),
  );
}

function parseOpenRowset(cursor: Cursor): TableSource {
  cursor.take();
  cursor.expect('(', 'BULK');
  const locations = cursor.is('(')
    ? cursor.parenthesised(() => cursor.list(() => cursor.stringLiteral()))
    : [cursor.stringLiteral()];
  const options = new Map<string, string>();
  while (cursor.accept(',')) {
    const key = cursor.label().toUpperCase();
    cursor.expect('=');
    options.set(key, cursor.take().text);
  }
  cursor.expect(')');
  const columns = cursor.is('WITH', '(') ? parseShape(cursor) : undefined;
  return { kind: 'openRowset', locations, options, columns, alias: parseAlias(cursor) };
}

function parsePivot(cursor: Cursor, source: TableSource): TableSource {
  cursor.expect('PIVOT', '(');
  const aggregate = cursor.label();
  const value = cursor.parenthesised(() => parseExpression(cursor));
  cursor.expect('FOR');
  const column = cursor.name();
  cursor.expect('IN');
  const values = cursor.parenthesised(() => cursor.list(() => cursor.identifier()));
  cursor.expect(')');
  return { kind: 'pivot', source, aggregate, value, column, values, alias: parseAlias(cursor) };
}

function parseUnpivot(cursor: Cursor, source: TableSource): TableSource {
  cursor.expect('UNPIVOT', '(');
  const value = cursor.identifier();
  cursor.expect('FOR');
  const column = cursor.identifier();
  cursor.expect('IN');
  const columns = cursor.parenthesised(() => cursor.list(() => cursor.name().at(-1)!));
  cursor.expect(')');
  return { kind: 'unpivot', source, value, column, columns, alias: parseAlias(cursor) };
}
