import { notSupported, SqlError } from '../../errors/sql-error.js';
import type { ColumnDefinition, Expression, KeyConstraint, Statement, TableOptions } from '../ast.js';
import type { Cursor } from './cursor.js';
import { isQueryStart, parseExpression } from './expression.js';
import { parseQueryOptions } from './options.js';
import { parseQuery } from './query.js';
import { parseType } from './type.js';

/** CREATE TABLE and CREATE TABLE AS SELECT. */
export function parseCreateTable(cursor: Cursor, line: number): Statement {
  cursor.expect('TABLE');
  const name = cursor.name();
  if (cursor.is('(') && !onlyNames(cursor)) {
    const keys: KeyConstraint[] = [];
    const columns = cursor.parenthesised(() => parseColumnDefinitions(cursor, keys));
    const options = cursor.is('WITH') ? parseTableOptions(cursor) : noOptions;
    return { kind: 'createTable', name, columns, keys, options, label: parseQueryOptions(cursor), line };
  }
  const columnNames = cursor.is('(') ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
  const options = cursor.is('WITH') ? parseTableOptions(cursor) : noOptions;
  cursor.expect('AS');
  if (!name.at(-1)!.startsWith('#') && !options.distribution)
    throw new SqlError(
      104343,
      `CREATE TABLE AS SELECT needs a DISTRIBUTION option for the table '${name.join('.')}'.`,
      { severity: 15, line, hint: 'Write WITH (DISTRIBUTION = ROUND_ROBIN) or HASH(column).' },
    );
  const query =
    cursor.is('(') && !isQueryStart(cursor) ? cursor.parenthesised(() => parseQuery(cursor)) : parseQuery(cursor);
  return { kind: 'createTableAs', name, columnNames, options, query, label: parseQueryOptions(cursor), line };
}

/** `(a, b)` before AS SELECT, in contrast to column definitions. */
function onlyNames(cursor: Cursor): boolean {
  const next = cursor.ahead(2).key;
  return next === ',' || next === ')';
}

const noOptions: TableOptions = { distribution: undefined, index: undefined, partition: undefined };

export function parseColumnDefinitions(cursor: Cursor, keys: KeyConstraint[] = []): readonly ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  do {
    if (cursor.isOneOf('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')) keys.push(parseKey(cursor));
    else columns.push(parseColumnDefinition(cursor, keys));
  } while (cursor.accept(','));
  return columns;
}

export function parseColumnDefinition(cursor: Cursor, keys: KeyConstraint[] = []): ColumnDefinition {
  const name = cursor.identifier();
  if (cursor.is('AS')) throw notSupported('computed columns', cursor.line, 'A dedicated SQL pool has none either.');
  const type = parseType(cursor);
  let nullable: boolean | undefined;
  let identity: ColumnDefinition['identity'];
  let fallback: Expression | undefined;
  let defaultText: string | undefined;
  let collation: string | undefined;
  for (;;) {
    if (cursor.accept('NOT', 'NULL')) nullable = false;
    else if (cursor.accept('NULL')) nullable = true;
    else if (cursor.accept('COLLATE')) collation = cursor.label();
    else if (cursor.accept('IDENTITY')) {
      identity = { seed: 1n, increment: 1n };
      if (cursor.accept('(')) {
        const seed = signed(cursor);
        cursor.expect(',');
        identity = { seed, increment: signed(cursor) };
        cursor.expect(')');
      }
    } else if (cursor.is('CONSTRAINT') && cursor.ahead(2).key === 'DEFAULT') {
      cursor.take();
      cursor.take();
    } else if (cursor.accept('DEFAULT')) {
      const start = cursor.current.start;
      fallback = parseExpression(cursor);
      defaultText = cursor.text.slice(start, cursor.previous().end);
    } else if (cursor.isOneOf('ROWGUIDCOL', 'FILESTREAM', 'HIDDEN', 'ENCRYPTED', 'GENERATED'))
      throw notSupported(`${cursor.current.key} columns`, cursor.line, 'A dedicated SQL pool has none either.');
    else if (cursor.is('NOT', 'FOR', 'REPLICATION'))
      throw notSupported('NOT FOR REPLICATION', cursor.line, 'A dedicated SQL pool has no replication.');
    else if (cursor.is('SPARSE'))
      throw notSupported('SPARSE columns', cursor.line, 'A dedicated SQL pool has none either.');
    else if (cursor.isOneOf('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'REFERENCES', 'FOREIGN', 'CHECK'))
      keys.push(parseKey(cursor, name));
    else if (cursor.is('MASKED')) throw notSupported('masked columns', cursor.line);
    else break;
  }
  return { name, type, nullable, identity, default: fallback, defaultText, collation };
}

function signed(cursor: Cursor): bigint {
  const negative = cursor.accept('-');
  const value = BigInt(cursor.integer());
  return negative ? -value : value;
}

/** A pool takes PRIMARY KEY and UNIQUE only NOT ENFORCED, so they change nothing; the others it refuses. `column` is that of a key behind it. */
export function parseKey(cursor: Cursor, column?: string): KeyConstraint {
  const line = cursor.line;
  const name = cursor.accept('CONSTRAINT') ? cursor.identifier() : undefined;
  const kind = cursor.is('PRIMARY') ? 'PRIMARY KEY' : 'UNIQUE';
  if (cursor.isOneOf('FOREIGN', 'REFERENCES', 'CHECK'))
    throw notSupported(`${cursor.current.key} constraints`, line, 'A dedicated SQL pool has none either.');
  if (cursor.accept('PRIMARY')) cursor.expect('KEY');
  else cursor.expect('UNIQUE');
  if (!cursor.accept('NONCLUSTERED')) cursor.accept('CLUSTERED');
  const columns = cursor.is('(')
    ? cursor.parenthesised(() =>
        cursor.list(() => {
          const key = cursor.identifier();
          if (!cursor.accept('DESC')) cursor.accept('ASC');
          return key;
        }),
      )
    : column === undefined
      ? []
      : [column];
  if (!cursor.accept('NOT', 'ENFORCED'))
    throw new SqlError(
      104467,
      'Enforced unique constraints are not supported. To create an unenforced unique constraint you must include the NOT ENFORCED syntax as part of your statement.',
      { line },
    );
  return { name, kind, columns };
}

export function parseTableOptions(cursor: Cursor): TableOptions {
  cursor.expect('WITH');
  let distribution: TableOptions['distribution'];
  let index: TableOptions['index'];
  let partition: TableOptions['partition'];
  cursor.parenthesised(() =>
    cursor.list(() => {
      if (cursor.accept('DISTRIBUTION')) {
        cursor.expect('=');
        const kind = cursor.label().toUpperCase();
        if (kind !== 'HASH' && kind !== 'ROUND_ROBIN' && kind !== 'REPLICATE') throw cursor.unexpected();
        const columns = kind === 'HASH' ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
        distribution = { kind, columns };
      } else if (cursor.accept('HEAP')) index = 'HEAP';
      else if (cursor.accept('CLUSTERED', 'COLUMNSTORE', 'INDEX')) {
        index = 'CLUSTERED COLUMNSTORE INDEX';
        if (cursor.accept('ORDER')) cursor.parenthesised(() => cursor.list(() => cursor.identifier()));
      } else if (cursor.accept('CLUSTERED', 'INDEX')) {
        index = 'CLUSTERED INDEX';
        cursor.parenthesised(() =>
          cursor.list(() => {
            cursor.identifier();
            if (!cursor.accept('DESC')) cursor.accept('ASC');
          }),
        );
      } else if (cursor.accept('FOR_APPEND')) {
        // How the view is kept fresh: here it always is.
      } else if (cursor.accept('PARTITION')) partition = parsePartition(cursor);
      else if (cursor.accept('LOCATION')) {
        cursor.expect('=');
        cursor.label();
      } else throw cursor.unexpected();
    }),
  );
  return { distribution, index, partition };
}

function parsePartition(cursor: Cursor): TableOptions['partition'] {
  return cursor.parenthesised(() => {
    const column = cursor.identifier();
    cursor.expect('RANGE');
    const range = cursor.accept('LEFT') ? 'LEFT' : cursor.accept('RIGHT') ? 'RIGHT' : 'LEFT';
    cursor.expect('FOR', 'VALUES');
    const texts: string[] = [];
    const values = cursor.parenthesised(() =>
      cursor.is(')')
        ? []
        : cursor.list(() => {
            const start = cursor.current.start;
            const value = parseExpression(cursor);
            texts.push(cursor.text.slice(start, cursor.previous().end));
            return value;
          }),
    );
    return { column, range, values, texts };
  });
}
