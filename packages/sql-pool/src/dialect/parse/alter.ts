import { notSupported } from '../../errors/sql-error.js';
import type { AlterTableAction, Statement } from '../ast.js';
import { parseAlterDatabase } from './alter-database.js';
import { parseCredential, parseView } from './create.js';
import { parseColumnDefinition, parseKey } from './create-table.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expression.js';
import { parseRoutine } from './procedure.js';
import { parseCreateLogin } from './security.js';
import { parseWorkload } from './workload.js';

export function parseAlter(cursor: Cursor): Statement {
  const line = cursor.line;
  const start = cursor.current.start;
  cursor.expect('ALTER');
  if (cursor.accept('TABLE')) return parseAlterTable(cursor, line);
  if (cursor.is('VIEW')) return parseView(cursor, line, start, 'alter');
  if (cursor.isOneOf('PROCEDURE', 'PROC', 'FUNCTION')) return parseRoutine(cursor, line, start, 'alter');
  if (cursor.accept('DATABASE', 'SCOPED', 'CREDENTIAL')) return parseCredential(cursor, line, 'alterCredential');
  if (cursor.is('LOGIN')) return parseCreateLogin(cursor, line, 'alterLogin');
  if (cursor.accept('ROLE')) {
    const name = cursor.identifier();
    const action = cursor.accept('ADD') ? 'add' : 'drop';
    if (action === 'drop') cursor.expect('DROP');
    cursor.expect('MEMBER');
    return { kind: 'alterRole', name, action, member: cursor.identifier(), line };
  }
  if (cursor.is('WORKLOAD')) return parseWorkload(cursor, line, 'alter');
  if (cursor.accept('USER')) return parseAlterUser(cursor, line);
  if (cursor.accept('SCHEMA')) {
    const schema = cursor.identifier();
    cursor.expect('TRANSFER');
    if (cursor.accept('OBJECT')) cursor.expect('::');
    return { kind: 'transferObject', schema, name: cursor.name(), line };
  }
  if (cursor.accept('MATERIALIZED', 'VIEW')) {
    const name = cursor.name();
    if (!cursor.accept('REBUILD')) cursor.expect('DISABLE');
    return { kind: 'updateStatistics', table: name, name: undefined, line };
  }
  if (cursor.is('DATABASE', 'SCOPED') || cursor.is('AUTHORIZATION')) {
    // How the service optimizes, and owners, which grants here do not ask for.
    skipStatement(cursor);
    return { kind: 'nothing', line };
  }
  if (cursor.is('DATABASE')) return parseAlterDatabase(cursor, line);
  if (cursor.accept('INDEX')) {
    // ALTER INDEX … REBUILD or REORGANIZE only arranges storage.
    skipStatement(cursor);
    return { kind: 'nothing', line };
  }
  throw notSupported(`ALTER ${cursor.current.text}`, line);
}

function skipStatement(cursor: Cursor): void {
  while (!cursor.atEnd && !cursor.is(';')) cursor.take();
}

/** ALTER USER name WITH NAME = …, LOGIN = …, DEFAULT_SCHEMA = … */
function parseAlterUser(cursor: Cursor, line: number): Statement {
  const name = cursor.identifier();
  cursor.expect('WITH');
  const options = new Map<string, string>();
  do {
    const key = cursor.label().toUpperCase();
    if (!['NAME', 'LOGIN', 'DEFAULT_SCHEMA'].includes(key)) throw notSupported(`ALTER USER … ${key}`, line);
    cursor.expect('=');
    options.set(key, cursor.identifier());
  } while (cursor.accept(','));
  return {
    kind: 'alterUser',
    name,
    newName: options.get('NAME'),
    login: options.get('LOGIN'),
    schema: options.get('DEFAULT_SCHEMA'),
    line,
  };
}

function parseAlterTable(cursor: Cursor, line: number): Statement {
  const name = cursor.name();
  return { kind: 'alterTable', name, action: parseAction(cursor), line };
}

function parseAction(cursor: Cursor): AlterTableAction {
  if (cursor.accept('ADD')) {
    const named = cursor.is('CONSTRAINT') && cursor.ahead(2).key === 'DEFAULT';
    if (named || cursor.is('DEFAULT')) {
      if (named) {
        cursor.take();
        cursor.take();
      }
      cursor.expect('DEFAULT');
      const start = cursor.current.start;
      const value = parseExpression(cursor);
      const text = cursor.text.slice(start, cursor.previous().end);
      cursor.expect('FOR');
      return { kind: 'addDefault', column: cursor.identifier(), value, text };
    }
    if (cursor.isOneOf('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')) {
      return { kind: 'addKey', key: parseKey(cursor) };
    }
    return { kind: 'addColumns', columns: cursor.list(() => parseColumnDefinition(cursor)) };
  }
  if (cursor.accept('DROP')) {
    if (cursor.accept('CONSTRAINT')) {
      const ifExists = cursor.accept('IF', 'EXISTS');
      return { kind: 'dropConstraints', names: cursor.list(() => cursor.identifier()), ifExists };
    }
    cursor.accept('COLUMN');
    return { kind: 'dropColumns', columns: cursor.list(() => cursor.identifier()) };
  }
  if (cursor.is('ALTER', 'COLUMN') && ['ADD', 'DROP'].includes(cursor.ahead(3).key) && cursor.ahead(4).key === 'MASKED')
    throw notSupported('masked columns', cursor.line, 'Grant on a view that masks the column.');
  if (cursor.accept('ALTER', 'COLUMN')) return { kind: 'alterColumn', column: parseColumnDefinition(cursor) };
  if (cursor.accept('REBUILD')) {
    while (!cursor.atEnd && !cursor.is(';')) cursor.take();
    return { kind: 'rebuild' };
  }
  if (cursor.isOneOf('SPLIT', 'MERGE') && cursor.ahead(1).key === 'RANGE') {
    const kind = cursor.take().key === 'SPLIT' ? 'splitRange' : 'mergeRange';
    cursor.take();
    const value = cursor.parenthesised(() => {
      const start = cursor.current.start;
      parseExpression(cursor);
      return cursor.text.slice(start, cursor.previous().end);
    });
    return { kind, value };
  }
  if (cursor.accept('SWITCH')) {
    const partition = cursor.accept('PARTITION') ? cursor.take().text : undefined;
    cursor.expect('TO');
    const to = cursor.name();
    const toPartition = cursor.accept('PARTITION') ? cursor.take().text : undefined;
    let truncateTarget = false;
    if (cursor.accept('WITH'))
      cursor.parenthesised(() => {
        cursor.expect('TRUNCATE_TARGET', '=');
        truncateTarget = cursor.label().toUpperCase() === 'ON';
      });
    return { kind: 'switch', partition, to, toPartition, truncateTarget };
  }
  throw notSupported(`ALTER TABLE … ${cursor.current.text}`, cursor.line);
}
