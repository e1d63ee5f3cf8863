import { notSupported } from '../../errors/sql-error.js';
import type { DroppedKind, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseWorkload } from './workload.js';

const kinds: readonly (readonly [readonly string[], DroppedKind])[] = [
  [['EXTERNAL', 'TABLE'], 'EXTERNAL TABLE'],
  [['EXTERNAL', 'DATA', 'SOURCE'], 'EXTERNAL DATA SOURCE'],
  [['EXTERNAL', 'FILE', 'FORMAT'], 'EXTERNAL FILE FORMAT'],
  [['DATABASE', 'SCOPED', 'CREDENTIAL'], 'DATABASE SCOPED CREDENTIAL'],
  [['MASTER', 'KEY'], 'MASTER KEY'],
  [['TABLE'], 'TABLE'],
  [['VIEW'], 'VIEW'],
  [['PROCEDURE'], 'PROCEDURE'],
  [['PROC'], 'PROCEDURE'],
  [['FUNCTION'], 'FUNCTION'],
  [['SCHEMA'], 'SCHEMA'],
  [['DATABASE'], 'DATABASE'],
  [['LOGIN'], 'LOGIN'],
  [['USER'], 'USER'],
  [['ROLE'], 'ROLE'],
  [['STATISTICS'], 'STATISTICS'],
  [['INDEX'], 'INDEX'],
];

export function parseDrop(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('DROP');
  if (cursor.is('WORKLOAD')) return parseWorkload(cursor, line, 'drop');
  const found = kinds.find(([words]) => cursor.accept(...words));
  if (!found) throw notSupported(`DROP ${cursor.current.text}`, line);
  const what = found[1];
  const ifExists = cursor.accept('IF', 'EXISTS');
  if (what === 'MASTER KEY') return { kind: 'drop', what, names: [[]], ifExists, line };
  const names = cursor.list(() => {
    const name = cursor.name();
    // DROP INDEX name ON table
    return what === 'INDEX' && cursor.accept('ON') ? [...cursor.name(), name.at(-1)!] : name;
  });
  return { kind: 'drop', what, names, ifExists, line };
}

/** RENAME OBJECT [::] [schema.]table TO name; RENAME DATABASE a TO b. */
export function parseRename(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('RENAME');
  const kind = cursor.accept('DATABASE') ? 'DATABASE' : 'OBJECT';
  if (kind === 'OBJECT') cursor.expect('OBJECT');
  cursor.accept('::');
  const from = cursor.name();
  if (cursor.is('COLUMN'))
    throw notSupported('RENAME OBJECT … COLUMN', line, "Use sp_rename 'table.column', 'name', 'COLUMN'.");
  cursor.expect('TO');
  const to = cursor.identifier();
  return { kind: 'renameObject', class: kind, from, to, line };
}

export function parseTruncate(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('TRUNCATE', 'TABLE');
  return { kind: 'truncate', name: cursor.name(), line };
}
