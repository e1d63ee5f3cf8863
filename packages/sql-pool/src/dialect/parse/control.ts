import { notSupported } from '../../errors/sql-error.js';
import type { Expression, Statement } from '../ast.js';
import { skipToEnd } from './create.js';
import type { Cursor } from './cursor.js';
import { parseAdditive, parseExpression } from './expression.js';
import { parseStatement } from './statement.js';
import { parseType } from './type.js';

export function parseDeclare(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('DECLARE');
  const variables = cursor.list(() => {
    if (cursor.current.kind !== 'variable' && cursor.ahead(1).key === 'CURSOR')
      throw notSupported(
        'cursors',
        line,
        'A dedicated SQL pool has none either: use a WHILE loop over a temporary table.',
      );
    const name = cursor.variable();
    cursor.accept('AS');
    if (cursor.is('TABLE'))
      throw notSupported('table variables', line, 'A dedicated SQL pool has none either: use a temporary table.');
    const type = parseType(cursor);
    return { name, type, value: cursor.accept('=') ? parseExpression(cursor) : undefined };
  });
  return { kind: 'declare', variables, line };
}

export function parseIf(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('IF');
  const condition = parseExpression(cursor);
  const whenTrue = parseInner(cursor);
  const end = cursor.position;
  while (cursor.accept(';'));
  if (cursor.accept('ELSE')) return { kind: 'if', condition, whenTrue, otherwise: parseInner(cursor), line };
  cursor.back(end);
  return { kind: 'if', condition, whenTrue, otherwise: undefined, line };
}

function parseInner(cursor: Cursor): Statement {
  return parseStatement(cursor);
}

export function parseWhile(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('WHILE');
  const condition = parseExpression(cursor);
  return { kind: 'while', condition, body: parseInner(cursor), line };
}

function parseStatements(cursor: Cursor, end: () => boolean): readonly Statement[] {
  const statements: Statement[] = [];
  while (cursor.accept(';'));
  while (!end()) {
    if (cursor.atEnd) throw cursor.unexpected();
    statements.push(parseStatement(cursor));
    while (cursor.accept(';'));
  }
  return statements;
}

/** BEGIN … END, BEGIN TRY … END TRY BEGIN CATCH … END CATCH, BEGIN TRANSACTION. */
export function parseBegin(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('BEGIN');
  if (cursor.isOneOf('TRAN', 'TRANSACTION')) {
    cursor.take();
    if (cursor.isIdentifier() || cursor.current.kind === 'variable') {
      // Names of transactions are read and left out; nesting is refused when it runs.
      if (!cursor.is('COMMIT')) cursor.take();
    }
    return { kind: 'begin', line };
  }
  if (cursor.accept('TRY')) {
    const attempt = parseStatements(cursor, () => cursor.is('END', 'TRY'));
    cursor.expect('END', 'TRY');
    while (cursor.accept(';'));
    cursor.expect('BEGIN', 'CATCH');
    const rescue = parseStatements(cursor, () => cursor.is('END', 'CATCH'));
    cursor.expect('END', 'CATCH');
    return { kind: 'tryCatch', attempt, rescue, line };
  }
  const statements = parseStatements(cursor, () => cursor.is('END'));
  cursor.expect('END');
  return { kind: 'block', statements, line };
}

export function parseTransactionEnd(cursor: Cursor): Statement {
  const line = cursor.line;
  const kind = cursor.take().key === 'COMMIT' ? 'commit' : 'rollback';
  if (cursor.isOneOf('TRAN', 'TRANSACTION')) {
    cursor.take();
    if (
      (cursor.current.kind === 'variable' || cursor.isIdentifier()) &&
      cursor.current.line === line &&
      !cursor.isOneOf('THROW', 'COPY', 'RENAME')
    )
      cursor.take();
  } else cursor.accept('WORK');
  return { kind, line };
}

export function parseBare(cursor: Cursor): Statement {
  const line = cursor.line;
  return { kind: cursor.take().key === 'BREAK' ? 'break' : 'continue', line };
}

/** Whether a value follows: RETURN may stand alone. */
function startsExpression(cursor: Cursor): boolean {
  const token = cursor.current;
  if (token.kind === 'number' || token.kind === 'variable' || token.kind === 'string' || token.kind === 'national')
    return true;
  if (
    token.kind === 'binary' ||
    cursor.isOneOf('(', '-', '+', '~', 'NULL', 'CASE', 'CONVERT', 'COALESCE', 'NULLIF', 'LEFT', 'RIGHT')
  )
    return true;
  return (
    (token.kind === 'word' || token.kind === 'quoted') && (cursor.ahead(1).key === '(' || cursor.ahead(1).key === '.')
  );
}

export function parseReturn(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('RETURN');
  const value: Expression | undefined = startsExpression(cursor) ? parseExpression(cursor) : undefined;
  return { kind: 'return', value, line };
}

export function parsePrint(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('PRINT');
  return { kind: 'print', value: parseExpression(cursor), line };
}

export function parseThrow(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('THROW');
  if (cursor.current.kind !== 'number' && cursor.current.kind !== 'variable')
    return { kind: 'throw', number: undefined, message: undefined, state: undefined, line };
  const number = parseAdditive(cursor);
  cursor.expect(',');
  const message = parseAdditive(cursor);
  cursor.expect(',');
  return { kind: 'throw', number, message, state: parseAdditive(cursor), line };
}

export function parseRaiseError(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('RAISERROR');
  const [message, severity, state, ...rest] = cursor.parenthesised(() => cursor.list(() => parseExpression(cursor)));
  if (!message || !severity || !state) throw cursor.unexpected();
  if (cursor.accept('WITH')) cursor.list(() => cursor.label());
  return { kind: 'raiseError', message, severity, state, arguments: rest, line };
}

export function parseUse(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('USE');
  return { kind: 'use', database: cursor.identifier(), line };
}

export function parseWaitFor(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('WAITFOR');
  if (cursor.is('TIME')) throw notSupported('WAITFOR TIME', line);
  cursor.expect('DELAY');
  return { kind: 'waitFor', delay: parseExpression(cursor), line };
}

export function parseKill(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('KILL');
  return { kind: 'kill', session: cursor.take().text, line };
}

export function parseUpdateStatistics(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('UPDATE', 'STATISTICS');
  const table = cursor.name();
  const name = cursor.is('(')
    ? cursor.parenthesised(() => cursor.identifier())
    : cursor.isIdentifier()
      ? cursor.identifier()
      : undefined;
  skipToEnd(cursor);
  return { kind: 'updateStatistics', table, name, line };
}
