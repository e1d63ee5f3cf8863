import type { BinaryOperator, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expression.js';

/** SET @v = value, SET @v += value, SET OPTION ON, SET TRANSACTION ISOLATION LEVEL … */
export function parseSet(cursor: Cursor): Statement {
  const line = cursor.line;
  cursor.expect('SET');
  if (cursor.current.kind === 'variable') {
    const name = cursor.variable();
    const key = cursor.take().key;
    if (key !== '=' && !/^[-+*/%&|^]=$/.test(key)) throw cursor.unexpected();
    const operator = key === '=' ? undefined : (key[0] as BinaryOperator);
    return { kind: 'setVariable', name, operator, value: parseExpression(cursor), line };
  }
  if (cursor.accept('TRANSACTION', 'ISOLATION', 'LEVEL')) {
    const words = [cursor.label()];
    while (cursor.isOneOf('UNCOMMITTED', 'COMMITTED', 'READ')) words.push(cursor.label());
    return { kind: 'setOption', name: 'TRANSACTION ISOLATION LEVEL', value: words.join(' ').toUpperCase(), line };
  }
  // SET a, b ON; SET IDENTITY_INSERT t ON; SET DATEFIRST 7; SET LANGUAGE us_english
  const names = cursor.list(() => cursor.label().toUpperCase());
  if (names[0] === 'IDENTITY_INSERT') {
    const table = cursor.name().join('.');
    return { kind: 'setOption', name: names[0], value: `${table} ${cursor.label().toUpperCase()}`, line };
  }
  if (names[0] === 'STATISTICS') {
    const value = [cursor.label()];
    while (cursor.accept(',')) value.push(cursor.label());
    return { kind: 'setOption', name: 'STATISTICS', value: `${value.join()} ${cursor.label()}`.toUpperCase(), line };
  }
  cursor.accept('=');
  const negative = cursor.accept('-') ? '-' : '';
  const value = negative + cursor.take().text;
  return { kind: 'setOption', name: names.join(','), value: value.toUpperCase(), line };
}
