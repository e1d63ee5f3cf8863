import { notSupported } from '../../errors/sql-error.js';
import type { Name, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';

export function parseCreateLogin(cursor: Cursor, line: number, kind: 'createLogin' | 'alterLogin'): Statement {
  cursor.expect('LOGIN');
  const name = cursor.identifier();
  if (cursor.accept('FROM')) throw notSupported('CREATE LOGIN … FROM', line, 'Create a login WITH PASSWORD.');
  let password: string | undefined;
  if (cursor.accept('WITH')) {
    cursor.expect('PASSWORD', '=');
    password = cursor.stringLiteral();
    while (cursor.accept(',')) {
      cursor.label();
      cursor.expect('=');
      cursor.take();
    }
  } else if (cursor.isOneOf('ENABLE', 'DISABLE')) throw notSupported(`ALTER LOGIN … ${cursor.current.text}`, line);
  return { kind, name, password, line };
}

/** CREATE USER name [FOR LOGIN login | FROM EXTERNAL PROVIDER | WITHOUT LOGIN] [WITH DEFAULT_SCHEMA = schema] */
export function parseCreateUser(cursor: Cursor, line: number): Statement {
  cursor.expect('USER');
  const name = cursor.identifier();
  let login: string | undefined;
  let external = false;
  let schema: string | undefined;
  if (cursor.accept('FROM', 'EXTERNAL', 'PROVIDER')) external = true;
  else if (cursor.accept('FOR', 'LOGIN') || cursor.accept('FROM', 'LOGIN')) login = cursor.identifier();
  else if (!cursor.accept('WITHOUT', 'LOGIN')) login = name;
  if (cursor.accept('WITH')) {
    if (cursor.is('PASSWORD'))
      throw notSupported('contained users', line, 'Create a LOGIN in master and a USER for it.');
    cursor.expect('DEFAULT_SCHEMA', '=');
    schema = cursor.identifier();
  }
  return { kind: 'createUser', name, login, external, schema, line };
}

/** `(a, b)` behind SELECT or behind the object. */
function parseColumns(cursor: Cursor, line: number, permission: string, columns: string[]): void {
  if (permission !== 'SELECT')
    throw notSupported(`${permission} on columns`, line, 'SELECT on columns is there; for the others use a procedure.');
  columns.push(...cursor.parenthesised(() => cursor.list(() => cursor.identifier())));
}

/** GRANT, DENY, REVOKE permissions [ON [class::]name] TO principals */
export function parsePermission(cursor: Cursor): Statement {
  const line = cursor.line;
  const action = cursor.take().key as 'GRANT' | 'DENY' | 'REVOKE';
  if (action === 'REVOKE') cursor.accept('GRANT', 'OPTION', 'FOR');
  const columns: string[] = [];
  const permissions = cursor.list(() => {
    const words: string[] = [];
    while (!cursor.isOneOf('ON', 'TO', 'FROM', ',', '(') && !cursor.atEnd) words.push(cursor.take().text.toUpperCase());
    if (words.length === 0) throw cursor.unexpected();
    if (cursor.is('(')) parseColumns(cursor, line, words.join(' '), columns);
    return words.join(' ');
  });
  let on: { class: string; name: Name } | undefined;
  if (cursor.accept('ON')) {
    const start = cursor.position;
    const words = [cursor.label()];
    while (cursor.current.kind === 'word' && !cursor.isOneOf('TO', 'FROM')) words.push(cursor.take().text);
    if (cursor.accept('::')) on = { class: words.join(' ').toUpperCase(), name: cursor.name() };
    else {
      cursor.back(start);
      on = { class: 'OBJECT', name: cursor.name() };
    }
    if (cursor.is('(')) parseColumns(cursor, line, permissions.join(', '), columns);
  }
  if (!cursor.accept('TO')) {
    if (action !== 'REVOKE') cursor.expect('TO');
    cursor.expect('FROM');
  }
  const principals = cursor.list(() => cursor.identifier());
  if (cursor.accept('WITH')) cursor.expect('GRANT', 'OPTION');
  cursor.accept('CASCADE');
  return { kind: 'permission', action, permissions, columns, on, principals, line };
}
