import type { Statement } from '../ast.js';
import type { Cursor } from './cursor.js';

/** EXPLAIN [WITH_RECOMMENDATIONS] statement */
export function parseExplain(cursor: Cursor, parse: (cursor: Cursor) => Statement): Statement {
  const line = cursor.line;
  cursor.expect('EXPLAIN');
  cursor.accept('WITH_RECOMMENDATIONS');
  const { start } = cursor.current;
  const statement = parse(cursor);
  return { kind: 'explain', statement, text: cursor.text.slice(start, cursor.previous().end), line };
}
