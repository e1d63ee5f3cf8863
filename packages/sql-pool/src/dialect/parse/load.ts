import type { CopyColumn, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseAdditive } from './expression.js';
import { parseOptionMap, parseQueryOptions } from './options.js';
import { parseType } from './type.js';

/** COPY INTO table [(column [DEFAULT value] [field], …)] FROM 'url', … [WITH (…)] [OPTION (…)] */
export function parseCopy(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('COPY', 'INTO');
  const table = cursor.name();
  const columns = cursor.is('(')
    ? cursor.parenthesised(() =>
        cursor.list((): CopyColumn => {
          const name = cursor.identifier();
          const value = cursor.accept('DEFAULT') ? parseAdditive(cursor) : undefined;
          const field = cursor.current.kind === 'number' ? cursor.integer() : undefined;
          return { name, default: value, field };
        }),
      )
    : undefined;
  cursor.expect('FROM');
  const locations = cursor.list(() => cursor.stringLiteral());
  const options = cursor.accept('WITH') ? parseOptionMap(cursor) : {};
  return { kind: 'copyInto', table, columns, locations, options, label: parseQueryOptions(cursor), line };
}

/** INSERT BULK table (column type …) [WITH (…)]: announces rows that follow as a bulk load message. */
export function parseInsertBulk(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('INSERT', 'BULK');
  const table = cursor.name();
  const columns = cursor.parenthesised(() =>
    cursor.list(() => {
      const name = cursor.identifier();
      parseType(cursor);
      if (cursor.accept('COLLATE')) cursor.label();
      if (!cursor.accept('NOT', 'NULL')) cursor.accept('NULL');
      return name;
    }),
  );
  if (cursor.accept('WITH')) {
    let depth = 0;
    do {
      const token = cursor.take();
      if (token.kind === 'end') throw cursor.unexpected();
      if (token.key === '(') depth++;
      if (token.key === ')') depth--;
    } while (depth > 0);
  }
  return { kind: 'insertBulk', table, columns, line };
}
