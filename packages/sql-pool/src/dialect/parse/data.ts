import { notSupported, SqlError } from '../../errors/sql-error.js';
import type {
  Assignment,
  BinaryOperator,
  CommonTable,
  Expression,
  InsertSource,
  MergeAction,
  MergeClause,
  Statement,
  TableSource,
} from '../ast.js';
import type { Cursor } from './cursor.js';
import { isQueryStart, parseExpression } from './expression.js';
import { parseQueryOptions } from './options.js';
import { parseExecute } from './procedure.js';
import { parseQuery, parseQueryAfterWith, parseTop, parseWith } from './query.js';
import { parseAlias, parseTableSource, skipHints } from './table-source.js';

export function parseSelectStatement(cursor: Cursor): Statement {
  const line = cursor.line;
  const query = parseQuery(cursor);
  return { kind: 'select', query, label: parseQueryOptions(cursor), line };
}

/** WITH before SELECT, UPDATE or DELETE. */
export function parseWithStatement(cursor: Cursor): Statement {
  const line = cursor.line;
  const common = parseWith(cursor);
  if (cursor.is('UPDATE')) return parseUpdate(cursor, common);
  if (cursor.is('DELETE')) return parseDelete(cursor, common);
  if (cursor.is('INSERT')) {
    const insert = parseInsert(cursor);
    if (insert.kind !== 'insert' || insert.source.kind !== 'query') throw cursor.unexpected();
    const { query } = insert.source;
    return { ...insert, source: { kind: 'query', query: { ...query, with: [...common, ...query.with] } } };
  }
  const query = parseQueryAfterWith(cursor, common);
  return { kind: 'select', query, label: parseQueryOptions(cursor), line };
}

export function parseInsert(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('INSERT');
  const top = cursor.is('TOP') ? parseTop(cursor) : undefined;
  cursor.accept('INTO');
  const table = cursor.name();
  skipHints(cursor);
  const columns =
    cursor.is('(') && !isQueryStart(afterParenthesis(cursor))
      ? cursor.parenthesised(() => cursor.list(() => cursor.name().at(-1)!))
      : [];
  if (cursor.is('OUTPUT'))
    throw notSupported('the OUTPUT clause', cursor.line, 'A dedicated SQL pool has none either.');
  return {
    kind: 'insert',
    table,
    columns,
    top,
    source: parseInsertSource(cursor),
    label: parseQueryOptions(cursor),
    line,
  };
}

/** A look behind the parenthesis: `INSERT t (SELECT …)` has no column list. */
function afterParenthesis(cursor: Cursor): Cursor {
  const start = cursor.position;
  cursor.take();
  const ahead = Object.create(cursor) as Cursor;
  const position = cursor.position;
  cursor.back(start);
  Object.defineProperty(ahead, 'ahead', { value: (count: number) => cursor.ahead(position - start + count) });
  return ahead;
}

function parseInsertSource(cursor: Cursor): InsertSource {
  if (cursor.accept('DEFAULT', 'VALUES')) return { kind: 'defaults' };
  if (cursor.accept('VALUES'))
    return {
      kind: 'values',
      rows: cursor.list(() => cursor.parenthesised(() => cursor.list(() => parseExpression(cursor)))),
    };
  if (cursor.isOneOf('EXEC', 'EXECUTE')) return { kind: 'execute', statement: parseExecute(cursor) };
  return { kind: 'query', query: parseQuery(cursor) };
}

function parseAssignments(cursor: Cursor): readonly Assignment[] {
  return cursor.list(() => {
    if (cursor.current.kind === 'variable') throw notSupported('assigning a variable in UPDATE', cursor.line);
    const column = cursor.name();
    const key = cursor.take().key;
    if (key !== '=' && !/^[-+*/%&|^]=$/.test(key)) throw cursor.unexpected();
    return { column, operator: key === '=' ? undefined : (key[0] as BinaryOperator), value: parseExpression(cursor) };
  });
}

function parseFrom(cursor: Cursor): readonly TableSource[] {
  return cursor.accept('FROM') ? cursor.list(() => parseTableSource(cursor)) : [];
}

function parseWhere(cursor: Cursor): Expression | undefined {
  return cursor.accept('WHERE') ? parseExpression(cursor) : undefined;
}

export function parseUpdate(cursor: Cursor, common: readonly CommonTable[]): Statement {
  const line = cursor.line;
  cursor.expect('UPDATE');
  if (cursor.is('TOP')) throw notSupported('UPDATE TOP', line, 'A dedicated SQL pool has none either.');
  const table = cursor.name();
  skipHints(cursor);
  cursor.expect('SET');
  const assignments = parseAssignments(cursor);
  if (cursor.is('OUTPUT')) throw notSupported('the OUTPUT clause', cursor.line);
  const from = parseFrom(cursor);
  const where = parseWhere(cursor);
  return { kind: 'update', with: common, table, assignments, from, where, label: parseQueryOptions(cursor), line };
}

export function parseDelete(cursor: Cursor, common: readonly CommonTable[]): Statement {
  const line = cursor.line;
  cursor.expect('DELETE');
  if (cursor.is('TOP')) throw notSupported('DELETE TOP', line, 'A dedicated SQL pool has none either.');
  cursor.accept('FROM');
  const table = cursor.name();
  skipHints(cursor);
  if (cursor.is('OUTPUT')) throw notSupported('the OUTPUT clause', cursor.line);
  const from = parseFrom(cursor);
  const where = parseWhere(cursor);
  return { kind: 'delete', with: common, table, from, where, label: parseQueryOptions(cursor), line };
}

export function parseMerge(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('MERGE');
  cursor.accept('INTO');
  const table = cursor.name();
  skipHints(cursor);
  const alias = cursor.is('USING') ? undefined : parseAlias(cursor)?.name;
  cursor.expect('USING');
  const source = parseTableSource(cursor);
  cursor.expect('ON');
  const on = parseExpression(cursor);
  const clauses: MergeClause[] = [];
  while (cursor.accept('WHEN')) {
    const negated = cursor.accept('NOT');
    cursor.expect('MATCHED');
    let when: MergeClause['when'] = negated ? 'notMatchedByTarget' : 'matched';
    if (negated && cursor.accept('BY')) {
      if (cursor.accept('SOURCE')) when = 'notMatchedBySource';
      else cursor.expect('TARGET');
    }
    const condition = cursor.accept('AND') ? parseExpression(cursor) : undefined;
    cursor.expect('THEN');
    clauses.push({ when, condition, action: parseMergeAction(cursor) });
  }
  if (clauses.length === 0) throw cursor.unexpected();
  if (cursor.is('OUTPUT')) throw notSupported('the OUTPUT clause', cursor.line);
  const label = parseQueryOptions(cursor);
  if (!cursor.is(';'))
    throw new SqlError(10713, 'A MERGE statement must be terminated by a semi-colon (;).', { severity: 15, line });
  return { kind: 'merge', table, alias, source, on, clauses, label, line };
}

function parseMergeAction(cursor: Cursor): MergeAction {
  if (cursor.accept('DELETE')) return { kind: 'delete' };
  if (cursor.accept('UPDATE', 'SET')) return { kind: 'update', assignments: parseAssignments(cursor) };
  cursor.expect('INSERT');
  const columns = cursor.is('(') ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
  if (cursor.accept('DEFAULT', 'VALUES')) return { kind: 'insert', columns: [], values: [] };
  cursor.expect('VALUES');
  return { kind: 'insert', columns, values: cursor.parenthesised(() => cursor.list(() => parseExpression(cursor))) };
}
