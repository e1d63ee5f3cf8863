import { notSupported } from '../../errors/sql-error.js';
import type { ExecuteArgument, Expression, ProcedureParameter, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseAdditive, parseExpression } from './expression.js';
import { parseQueryOptions } from './options.js';
import { parseType } from './type.js';

/** `@a int = 1 OUTPUT, …` */
export function parseProcedureParameters(cursor: Cursor): readonly ProcedureParameter[] {
  return cursor.list(() => {
    const name = cursor.variable();
    cursor.accept('AS');
    const type = parseType(cursor);
    if (!cursor.accept('NOT', 'NULL')) cursor.accept('NULL');
    const fallback = cursor.accept('=') ? parseAdditive(cursor) : undefined;
    const output = cursor.accept('OUTPUT') || cursor.accept('OUT');
    if (cursor.is('READONLY')) throw notSupported('table-valued parameters', cursor.line);
    return { name, type, default: fallback, output };
  });
}

/** PROCEDURE or FUNCTION with its text to the end of the batch, from the keyword on. */
export function parseRoutine(
  cursor: Cursor,
  line: number,
  start: number,
  how: 'create' | 'alter' | 'orAlter',
): Statement {
  const isFunction = cursor.take().key === 'FUNCTION';
  const name = cursor.name();
  if (name.at(-1)!.startsWith('#'))
    throw notSupported('temporary procedures', line, 'A dedicated SQL pool has none either.');
  let parameters: readonly ProcedureParameter[] = [];
  if (cursor.accept('(')) {
    if (!cursor.is(')')) parameters = parseProcedureParameters(cursor);
    cursor.expect(')');
  } else if (cursor.current.kind === 'variable') parameters = parseProcedureParameters(cursor);
  const orAlter = how === 'orAlter';
  if (isFunction) {
    cursor.expect('RETURNS');
    if (cursor.current.kind === 'variable')
      throw notSupported(
        'table-valued functions of several statements',
        cursor.line,
        'A dedicated SQL pool has none either: use RETURNS TABLE AS RETURN (SELECT …).',
      );
    const returns = cursor.accept('TABLE') ? 'table' : parseType(cursor);
    skipWith(cursor);
    cursor.accept('AS');
    const body = restOfBatch(cursor);
    return {
      kind: how === 'alter' ? 'alterFunction' : 'createFunction',
      name,
      parameters,
      returns,
      body,
      text: cursor.text.slice(start).replace(/^ALTER\b/i, 'CREATE'),
      orAlter,
      line,
    };
  }
  skipWith(cursor);
  cursor.expect('AS');
  restOfBatch(cursor);
  return {
    kind: how === 'alter' ? 'alterProcedure' : 'createProcedure',
    name,
    parameters,
    text: cursor.text.slice(start).replace(/^ALTER\b/i, 'CREATE'),
    orAlter,
    line,
  };
}

function skipWith(cursor: Cursor): void {
  if (!cursor.accept('WITH')) return;
  cursor.list(() => {
    const word = cursor.label();
    if (word.toUpperCase() === 'ENCRYPTION')
      throw notSupported('WITH ENCRYPTION', cursor.line, 'A dedicated SQL pool has it neither.');
    if (word.toUpperCase() === 'EXECUTE') {
      cursor.expect('AS');
      cursor.label();
    }
  });
}

/** A routine's body is everything up to the end of the batch; it is parsed when it is created and each time it is first run. */
function restOfBatch(cursor: Cursor): string {
  const from = cursor.current.start;
  while (!cursor.atEnd) cursor.take();
  return cursor.text.slice(from);
}

/** EXEC [@result =] name [arguments], EXEC ('text'), and a procedure name that starts a batch. */
export function parseExecute(cursor: Cursor): Statement {
  const line = cursor.line;
  if (cursor.isOneOf('EXEC', 'EXECUTE')) cursor.take();
  if (cursor.accept('AS')) {
    if (cursor.isOneOf('CALLER', 'SELF', 'OWNER', 'LOGIN'))
      throw notSupported(`EXECUTE AS ${cursor.current.key}`, line, 'EXECUTE AS USER is there.');
    cursor.expect('USER', '=');
    const user = parseAdditive(cursor);
    if (cursor.accept('WITH')) cursor.expect('NO', 'REVERT');
    return { kind: 'executeAs', user, line };
  }
  if (cursor.is('(')) {
    const text = cursor.parenthesised(() => parseExpression(cursor));
    return { kind: 'executeText', text, line };
  }
  let result: string | undefined;
  // EXEC @name: the variable holds the procedure's name.
  let named: string | undefined;
  if (cursor.current.kind === 'variable') {
    result = cursor.variable();
    if (!cursor.accept('=')) {
      named = result;
      result = undefined;
    } else if (cursor.current.kind === 'variable') named = cursor.variable();
  }
  const procedure = named === undefined ? cursor.name() : [];
  const values: ExecuteArgument[] = [];
  if (!endsArguments(cursor)) {
    do {
      let name: string | undefined;
      if (cursor.current.kind === 'variable' && cursor.ahead(1).key === '=') {
        name = cursor.variable();
        cursor.take();
      }
      const value = parseArgument(cursor);
      const output = cursor.accept('OUTPUT') || cursor.accept('OUT');
      values.push({ name, value, output });
    } while (cursor.accept(','));
  }
  if (cursor.accept('WITH')) {
    cursor.expect('RECOMPILE');
  }
  return { kind: 'execute', procedure, named, arguments: values, result, label: parseQueryOptions(cursor), line };
}

const statementStarts: ReadonlySet<string> = new Set(
  'SELECT WITH INSERT UPDATE DELETE MERGE CREATE ALTER DROP RENAME TRUNCATE COPY DECLARE SET IF ELSE WHILE BEGIN END COMMIT ROLLBACK BREAK CONTINUE RETURN PRINT THROW RAISERROR EXEC EXECUTE USE GRANT DENY REVOKE WAITFOR KILL OPTION'.split(
    ' ',
  ),
);

function endsArguments(cursor: Cursor): boolean {
  return cursor.atEnd || cursor.is(';') || statementStarts.has(cursor.current.key);
}

/** An argument is a constant, a variable, DEFAULT, or a bare word that means its own text (EXEC sp_help Orders). */
function parseArgument(cursor: Cursor): Expression {
  if (cursor.isIdentifier() && cursor.ahead(1).key !== '(') {
    const parts = cursor.name();
    return { kind: 'string', text: parts.join('.'), national: true };
  }
  return parseAdditive(cursor);
}
