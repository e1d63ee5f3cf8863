import { familyOf, max, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
import { castTo } from '../translate/cast.js';
import type { Scope } from '../translate/scope.js';
import type { Translation } from '../translate/translation.js';
import type { Typed } from '../translate/typed.js';

/** One call of a built-in scalar function. */
export interface ScalarCall {
  /** Upper case. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** The translated argument. @throws SqlError 174 when it is not there */
  value(index: number): Typed;
  readonly scope: Scope;
  readonly translation: Translation;
}

export type ScalarFunction = (call: ScalarCall) => Typed;

/** The argument as text of any length; its own type when it is text already. */
export function textOf(value: Typed): { readonly sql: string; readonly type: SqlType } {
  if (value.type && familyOf(value.type) === 'string')
    return { sql: value.constant === null ? 'CAST(NULL AS VARCHAR)' : value.sql, type: value.type };
  const type: SqlType = { name: 'varchar', length: max };
  const converted = castTo(value, type);
  return { sql: converted.sql, type: { name: 'varchar', length: 8000 } };
}

export function intOf(value: Typed): string {
  return castTo(value, { name: 'int' }).sql;
}

export function floatOf(value: Typed): string {
  return castTo(value, { name: 'float' }).sql;
}
