import { notSupported } from '../../errors/sql-error.js';
import type { Statement } from '../ast.js';
import { parseCreateExternal, parseCreateExternalTable } from './create-external.js';
import { parseCreateTable, parseTableOptions } from './create-table.js';
import type { Cursor } from './cursor.js';
import { parseRoutine } from './procedure.js';
import { parseQuery } from './query.js';
import { parseCreateLogin, parseCreateUser } from './security.js';
import { parseWorkload } from './workload.js';

/** CREATE …, by what is created. */
export function parseCreate(cursor: Cursor): Statement {
  const line = cursor.line;
  const start = cursor.current.start;
  cursor.expect('CREATE');
  const orAlter = cursor.accept('OR', 'ALTER');
  if (cursor.is('TABLE')) return parseCreateTable(cursor, line);
  if (cursor.is('EXTERNAL', 'TABLE')) return parseCreateExternalTable(cursor, line);
  if (cursor.is('EXTERNAL')) return parseCreateExternal(cursor, line);
  if (cursor.is('WORKLOAD')) return parseWorkload(cursor, line, 'create');
  if (cursor.accept('MATERIALIZED')) return parseView(cursor, line, start, 'create', true);
  if (cursor.is('VIEW')) return parseView(cursor, line, start, orAlter ? 'orAlter' : 'create');
  if (cursor.isOneOf('PROCEDURE', 'PROC', 'FUNCTION'))
    return parseRoutine(cursor, line, start, orAlter ? 'orAlter' : 'create');
  if (cursor.accept('SCHEMA')) {
    const name = cursor.is('AUTHORIZATION') ? cursor.ahead(1).text : cursor.identifier();
    const owner = cursor.accept('AUTHORIZATION') ? cursor.identifier() : undefined;
    return { kind: 'createSchema', name, owner, line };
  }
  if (cursor.accept('DATABASE', 'SCOPED', 'CREDENTIAL')) return parseCredential(cursor, line, 'createCredential');
  if (cursor.accept('DATABASE')) {
    const name = cursor.identifier();
    if (cursor.accept('CONTAINMENT')) {
      cursor.expect('=');
      cursor.take();
    }
    if (cursor.accept('COLLATE')) cursor.label();
    if (cursor.is('(')) skipToEnd(cursor);
    skipToEnd(cursor);
    return { kind: 'createDatabase', name, line };
  }
  if (cursor.accept('MASTER', 'KEY')) {
    if (cursor.accept('ENCRYPTION')) {
      cursor.expect('BY', 'PASSWORD', '=');
      cursor.stringLiteral();
    }
    return { kind: 'createMasterKey', line };
  }
  if (cursor.is('LOGIN')) return parseCreateLogin(cursor, line, 'createLogin');
  if (cursor.is('USER')) return parseCreateUser(cursor, line);
  if (cursor.accept('ROLE')) {
    const name = cursor.identifier();
    if (cursor.accept('AUTHORIZATION')) cursor.identifier();
    return { kind: 'createRole', name, line };
  }
  if (cursor.accept('STATISTICS')) {
    const name = cursor.identifier();
    cursor.expect('ON');
    const table = cursor.name();
    const columns = cursor.parenthesised(() => cursor.list(() => cursor.identifier()));
    skipToEnd(cursor);
    return { kind: 'createStatistics', name, table, columns, line };
  }
  if (cursor.isOneOf('UNIQUE', 'CLUSTERED', 'NONCLUSTERED', 'INDEX', 'COLUMNSTORE')) return parseIndex(cursor, line);
  throw notSupported(`CREATE ${cursor.current.text}`, line);
}

/** Options that only say how the real pool stores things. */
export function skipToEnd(cursor: Cursor): void {
  while (cursor.isOneOf('WITH', 'WHERE', 'ON')) {
    cursor.take();
    let depth = 0;
    while (!cursor.atEnd && !(depth === 0 && (cursor.is(';') || cursor.is(')')))) {
      const key = cursor.take().key;
      if (key === '(') depth++;
      else if (key === ')' && --depth === 0) break;
      else if (depth === 0 && (key === 'FULLSCAN' || key === 'NORECOMPUTE')) break;
    }
  }
  if (cursor.is('(')) {
    let depth = 0;
    do {
      const key = cursor.take().key;
      if (key === '(') depth++;
      else if (key === ')') depth--;
    } while (depth > 0 && !cursor.atEnd);
  }
}

function parseIndex(cursor: Cursor, line: number): Statement {
  while (cursor.isOneOf('UNIQUE', 'CLUSTERED', 'NONCLUSTERED', 'COLUMNSTORE')) cursor.take();
  cursor.expect('INDEX');
  const name = cursor.identifier();
  cursor.expect('ON');
  const table = cursor.name();
  const columns = cursor.is('(')
    ? cursor.parenthesised(() =>
        cursor.list(() => {
          const column = cursor.identifier();
          if (!cursor.accept('DESC')) cursor.accept('ASC');
          return column;
        }),
      )
    : [];
  skipToEnd(cursor);
  return { kind: 'createIndex', name, table, columns, line };
}

export function parseCredential(cursor: Cursor, line: number, kind: 'createCredential' | 'alterCredential'): Statement {
  const name = cursor.identifier();
  cursor.expect('WITH', 'IDENTITY', '=');
  const identity = cursor.stringLiteral();
  let secret: string | undefined;
  if (cursor.accept(',')) {
    cursor.expect('SECRET', '=');
    secret = cursor.stringLiteral();
  }
  return { kind, name, identity, secret, line };
}

export function parseView(
  cursor: Cursor,
  line: number,
  start: number,
  how: 'create' | 'alter' | 'orAlter',
  materialized = false,
): Statement {
  cursor.expect('VIEW');
  const name = cursor.name();
  const columns = cursor.is('(') ? cursor.parenthesised(() => cursor.list(() => cursor.identifier())) : [];
  let distribution: 'HASH' | 'ROUND_ROBIN' | undefined;
  if (materialized) {
    const options = parseTableOptions(cursor);
    if (!options.distribution || options.distribution.kind === 'REPLICATE') throw cursor.unexpected();
    distribution = options.distribution.kind;
  } else if (cursor.accept('WITH'))
    cursor.list(() => {
      if (cursor.label().toUpperCase() === 'SCHEMABINDING')
        throw notSupported('views WITH SCHEMABINDING', line, 'A dedicated SQL pool has none either.');
    });
  cursor.expect('AS');
  const query = parseQuery(cursor);
  if (cursor.accept('WITH')) cursor.expect('CHECK', 'OPTION');
  const text = cursor.text.slice(start, cursor.previous().end).replace(/^ALTER\b/i, 'CREATE');
  while (cursor.accept(';'));
  // A module is a batch of its own.
  if (!cursor.atEnd) throw cursor.unexpected();
  return {
    kind: how === 'alter' ? 'alterView' : 'createView',
    name,
    columns,
    query,
    text,
    orAlter: how === 'orAlter',
    ...(distribution ? { materialized: distribution } : {}),
    line,
  };
}
