import { notSupported } from '../../errors/sql-error.js';
import type { AlterTableAction, Statement } from '../ast.js';
import { parseCredential, parseView } from './create.js';
import { parseColumnDefinition, skipConstraint } from './create-table.js';
import type { Cursor } from './cursor.js';
import { parseRoutine } from './procedure.js';
import { parseCreateLogin } from './security.js';

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
  if (cursor.accept('INDEX')) {
    // ALTER INDEX … REBUILD or REORGANIZE only arranges storage.
    while (!cursor.atEnd && !cursor.is(';')) cursor.take();
    return { kind: 'nothing', line };
  }
  throw notSupported(`ALTER ${cursor.current.text}`, line);
}

function parseAlterTable(cursor: Cursor, line: number): Statement {
  const name = cursor.name();
  return { kind: 'alterTable', name, action: parseAction(cursor), line };
}

function parseAction(cursor: Cursor): AlterTableAction {
  if (cursor.accept('ADD')) {
    if (cursor.isOneOf('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')) {
      skipConstraint(cursor);
      return { kind: 'constraint' };
    }
    return { kind: 'addColumns', columns: cursor.list(() => parseColumnDefinition(cursor)) };
  }
  if (cursor.accept('DROP')) {
    if (cursor.accept('CONSTRAINT')) {
      cursor.list(() => cursor.identifier());
      return { kind: 'constraint' };
    }
    cursor.accept('COLUMN');
    return { kind: 'dropColumns', columns: cursor.list(() => cursor.identifier()) };
  }
  if (cursor.accept('ALTER', 'COLUMN')) return { kind: 'alterColumn', column: parseColumnDefinition(cursor) };
  if (cursor.accept('REBUILD')) {
    while (!cursor.atEnd && !cursor.is(';')) cursor.take();
    return { kind: 'rebuild' };
  }
  if (cursor.accept('SWITCH')) {
    const partition = cursor.accept('PARTITION') ? cursor.take().text : undefined;
    cursor.expect('TO');
    const to = cursor.name();
    if (cursor.accept('PARTITION')) cursor.take();
    let truncateTarget = false;
    if (cursor.accept('WITH'))
      cursor.parenthesised(() => {
        cursor.expect('TRUNCATE_TARGET', '=');
        truncateTarget = cursor.label().toUpperCase() === 'ON';
      });
    return { kind: 'switch', partition, to, truncateTarget };
  }
  throw notSupported(`ALTER TABLE … ${cursor.current.text}`, cursor.line);
}
