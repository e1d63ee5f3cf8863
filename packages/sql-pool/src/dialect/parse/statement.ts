import { notSupported } from '../../errors/sql-error.js';
import type { Statement } from '../ast.js';
import { parseAlter } from './alter.js';
import * as control from './control.js';
import { parseCreate } from './create.js';
import type { Cursor } from './cursor.js';
import * as data from './data.js';
import { parseDbcc } from './dbcc.js';
import { parseDrop, parseRename, parseTruncate } from './drop.js';
import { parseExplain } from './explain.js';
import { parseCopy, parseInsertBulk } from './load.js';
import { parseExecute } from './procedure.js';
import { refuse } from './refused.js';
import { parsePermission } from './security.js';
import { parseSet } from './set.js';

export type StatementParser = (cursor: Cursor) => Statement;

/** By first keyword; a new statement is one line here and one handler in the interpreter. */
const parsers: Readonly<Record<string, StatementParser>> = {
  SELECT: data.parseSelectStatement,
  WITH: data.parseWithStatement,
  '(': data.parseSelectStatement,
  INSERT: (cursor) => (cursor.is('INSERT', 'BULK') ? parseInsertBulk(cursor) : data.parseInsert(cursor)),
  UPDATE: (cursor) =>
    cursor.is('UPDATE', 'STATISTICS') ? control.parseUpdateStatistics(cursor) : data.parseUpdate(cursor, []),
  DELETE: (cursor) => data.parseDelete(cursor, []),
  MERGE: data.parseMerge,
  CREATE: parseCreate,
  ALTER: parseAlter,
  DROP: parseDrop,
  RENAME: parseRename,
  TRUNCATE: parseTruncate,
  COPY: parseCopy,
  DECLARE: control.parseDeclare,
  SET: parseSet,
  IF: control.parseIf,
  WHILE: control.parseWhile,
  BEGIN: control.parseBegin,
  COMMIT: control.parseTransactionEnd,
  ROLLBACK: control.parseTransactionEnd,
  SAVE: (cursor) => {
    throw notSupported('SAVE TRANSACTION', cursor.line, 'A dedicated SQL pool has no savepoints.');
  },
  BREAK: control.parseBare,
  CONTINUE: control.parseBare,
  RETURN: control.parseReturn,
  PRINT: control.parsePrint,
  THROW: control.parseThrow,
  RAISERROR: control.parseRaiseError,
  EXEC: parseExecute,
  EXECUTE: parseExecute,
  USE: control.parseUse,
  GRANT: parsePermission,
  DENY: parsePermission,
  REVOKE: parsePermission,
  DBCC: parseDbcc,
  REVERT: (cursor) => {
    const line = cursor.line;
    cursor.take();
    return { kind: 'revert', line };
  },
  CHECKPOINT: (cursor) => {
    const line = cursor.line;
    cursor.take();
    return { kind: 'nothing', line };
  },
  EXPLAIN: (cursor) => parseExplain(cursor, parseStatement),
  WAITFOR: control.parseWaitFor,
  KILL: control.parseKill,
  GO: (cursor) => {
    throw notSupported(
      'GO inside a batch',
      cursor.line,
      'GO is a word of client tools: send the parts as batches of their own.',
    );
  },
};

export function parseStatement(cursor: Cursor, options: { first?: boolean } = {}): Statement {
  return cursor.nested(() => {
    refuse(cursor);
    const token = cursor.current;
    const parser = token.kind === 'word' || token.kind === 'symbol' ? parsers[token.key] : undefined;
    if (parser && Object.hasOwn(parsers, token.key)) {
      const statement = parser(cursor);
      return statement;
    }
    if (options.first && cursor.isIdentifier()) return parseExecute(cursor);
    throw cursor.unexpected();
  });
}
