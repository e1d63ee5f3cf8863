import type { Statement } from '../ast.js';
import type { Cursor } from './cursor.js';

/** DBCC command [(argument, …)] [WITH option, …] */
export function parseDbcc(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('DBCC');
  const command = cursor.label().toUpperCase();
  const values: string[] = [];
  if (cursor.accept('(')) {
    while (!cursor.accept(')')) {
      if (cursor.isString()) values.push(cursor.stringLiteral());
      else if (cursor.isIdentifier()) values.push(cursor.name().join('.'));
      else values.push(cursor.take().text);
      if (!cursor.is(')')) cursor.expect(',');
    }
  }
  const options = cursor.accept('WITH') ? cursor.list(() => cursor.label().toUpperCase()) : [];
  return { kind: 'dbcc', command, arguments: values, options, line };
}
