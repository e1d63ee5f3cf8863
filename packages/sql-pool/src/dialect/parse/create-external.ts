import type { Statement } from '../ast.js';
import { parseColumnDefinitions } from './create-table.js';
import type { Cursor } from './cursor.js';
import { parseOptionMap, parseQueryOptions } from './options.js';
import { parseQuery } from './query.js';

/** CREATE EXTERNAL DATA SOURCE and FILE FORMAT. */
export function parseCreateExternal(cursor: Cursor, line: number): Statement {
  cursor.expect('EXTERNAL');
  const kind = cursor.accept('DATA', 'SOURCE') ? 'createExternalDataSource' : 'createExternalFileFormat';
  if (kind === 'createExternalFileFormat') cursor.expect('FILE', 'FORMAT');
  const name = cursor.identifier();
  cursor.expect('WITH');
  return { kind, name, options: parseOptionMap(cursor), line };
}

/** CREATE EXTERNAL TABLE with columns, or AS SELECT (CETAS). */
export function parseCreateExternalTable(cursor: Cursor, line: number): Statement {
  cursor.expect('EXTERNAL', 'TABLE');
  const name = cursor.name();
  const columns = cursor.is('(') ? cursor.parenthesised(() => parseColumnDefinitions(cursor)) : [];
  cursor.expect('WITH');
  const options = parseOptionMap(cursor);
  if (columns.length > 0) return { kind: 'createExternalTable', name, columns, options, line };
  cursor.expect('AS');
  const query = parseQuery(cursor);
  return { kind: 'createExternalTableAs', name, options, query, label: parseQueryOptions(cursor), line };
}
