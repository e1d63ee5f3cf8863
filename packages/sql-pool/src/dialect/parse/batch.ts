import { SqlError, syntaxError } from '../../errors/sql-error.js';
import type { Expression, ProcedureParameter, Statement } from '../ast.js';
import { tokenize } from '../lexer.js';
import { Cursor } from './cursor.js';
import { parseExpression } from './expression.js';
import { parseProcedureParameters } from './procedure.js';
import { parseStatement } from './statement.js';

/** The statements of a batch. @throws SqlError with the line of the fault; nothing of a batch with a syntax error runs. */
export function parseBatch(text: string): readonly Statement[] {
  const cursor = new Cursor(tokenize(text), text);
  const statements: Statement[] = [];
  try {
    while (cursor.accept(';'));
    while (!cursor.atEnd) {
      const before = cursor.position;
      // The first word of a batch may name a procedure without EXEC.
      statements.push(parseStatement(cursor, { first: statements.length === 0 }));
      while (cursor.accept(';'));
      if (cursor.position === before) throw cursor.unexpected();
    }
  } catch (error) {
    if (error instanceof RangeError && /call stack/i.test(error.message))
      throw new SqlError(
        191,
        'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
        { severity: 15 },
      );
    if (error instanceof SqlError && error.line === 0) error.line = cursor.line;
    throw error;
  }
  return statements;
}

/** A text that is one expression. @throws SqlError for anything behind it */
export function parseValue(text: string): Expression {
  const cursor = new Cursor(tokenize(text), text);
  const value = parseExpression(cursor);
  if (!cursor.atEnd) throw cursor.unexpected();
  return value;
}

/** `@a int, @b nvarchar(20) OUTPUT`, as sp_executesql and sp_prepare get it. */
export function parseParameterList(text: string): readonly ProcedureParameter[] {
  const cursor = new Cursor(tokenize(text), text);
  if (cursor.atEnd) return [];
  const parameters = parseProcedureParameters(cursor);
  if (!cursor.atEnd) throw syntaxError(cursor.current.text, cursor.line);
  return parameters;
}
