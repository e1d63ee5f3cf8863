import { SqlError } from '../../errors/sql-error.js';
import { familyOf, guid, int, isString, type SqlType } from '../../types/sql-type.js';
import { castTo } from '../translate/cast.js';
import { compare, translateCondition } from '../translate/condition.js';
import { convertIfNeeded, translateValue, unify } from '../translate/expression.js';
import { orderKey } from '../translate/key.js';
import { macro } from '../translate/quote.js';
import type { ScalarFunction } from './function.js';
import { intOf, textOf } from './function.js';

/** The first or the last of texts in the collation's order; NULLs do not count. */
function outermost(texts: readonly string[], type: SqlType, operator: '>=' | '<='): string {
  const key = (sql: string) => orderKey({ sql, type });
  return texts.reduce(
    (a, b) =>
      `CASE WHEN ${b} IS NULL THEN ${a} WHEN ${a} IS NULL OR NOT (${key(a)} ${operator} ${key(b)}) THEN ${b} ELSE ${a} END`,
  );
}

/** Conditional and conversion-like functions by upper-case name. */
export const conditional: Readonly<Record<string, ScalarFunction>> = {
  ISNULL: ({ value }) => {
    const first = value(0);
    const second = value(1);
    // The type is that of the first value, so text is cut to its length.
    if (first.sql === 'NULL') return second;
    const cut = first.type && familyOf(first.type) === 'string' && second.constant !== null;
    const other = !first.type
      ? second
      : cut
        ? castTo(second, first.type, { explicit: true })
        : convertIfNeeded(second, first.type);
    return { sql: `coalesce(${first.sql}, ${other.sql})`, type: first.type };
  },
  COALESCE: ({ arguments: list, value }) => {
    const { type, sql } = unify(list.map((_, index) => value(index)));
    return { sql: `coalesce(${sql.join(', ')})`, type };
  },
  NULLIF: ({ value }) => {
    const first = value(0);
    return { sql: `CASE WHEN ${compare('=', first, value(1))} THEN NULL ELSE ${first.sql} END`, type: first.type };
  },
  IIF: ({ arguments: list, scope, translation }) => {
    const [condition, yes, no] = list;
    if (!condition || !yes || !no)
      throw new SqlError(174, 'The iif function requires 3 argument(s).', { severity: 15 });
    const { type, sql } = unify([translateValue(yes, scope, translation), translateValue(no, scope, translation)]);
    return {
      sql: `CASE WHEN ${translateCondition(condition, scope, translation)} THEN ${sql[0]} ELSE ${sql[1]} END`,
      type,
    };
  },
  CHOOSE: ({ arguments: list, value }) => {
    const { type, sql } = unify(list.slice(1).map((_, index) => value(index + 1)));
    const branches = sql.map((text, index) => `WHEN ${index + 1} THEN ${text}`);
    return { sql: `CASE ${intOf(value(0))} ${branches.join(' ')} END`, type };
  },
  GREATEST: ({ arguments: list, value }) => {
    const { type, sql } = unify(list.map((_, index) => value(index)));
    return { sql: isString(type) ? outermost(sql, type!, '>=') : `greatest(${sql.join(', ')})`, type };
  },
  LEAST: ({ arguments: list, value }) => {
    const { type, sql } = unify(list.map((_, index) => value(index)));
    return { sql: isString(type) ? outermost(sql, type!, '<=') : `least(${sql.join(', ')})`, type };
  },
  ISNUMERIC: ({ value }) => ({
    sql: macro('is_numeric', textOf(value(0)).sql),
    type: int,
  }),
  NEWID: () => ({ sql: 'uuid()', type: guid }),
};
