import { SqlError } from '../../errors/sql-error.js';
import type { SqlType } from '../../types/sql-type.js';
import { bigint, float } from '../../types/sql-type.js';
import { unify } from '../translate/expression.js';
import type { Typed } from '../translate/typed.js';

export interface WindowCall {
  readonly values: readonly Typed[];
  /** ` OVER (…)` */
  readonly over: string;
  /** What WITHIN GROUP orders by. */
  readonly within: readonly (Typed & { readonly descending: boolean })[];
  readonly ignoreNulls: boolean;
}

type WindowFunction = (call: WindowCall) => Typed;

function ranking(name: string, type: SqlType = bigint): WindowFunction {
  return (call) => ({ sql: `${name}(${call.values.map((value) => value.sql).join(', ')})${call.over}`, type });
}

function offset(name: 'lag' | 'lead'): WindowFunction {
  return ({ values, over, ignoreNulls }) => {
    const [value, distance, fallback] = values;
    const nulls = ignoreNulls ? ' IGNORE NULLS' : '';
    if (!fallback) return { sql: `${name}(${value!.sql}, ${distance?.sql ?? '1'}${nulls})${over}`, type: value!.type };
    const { type, sql } = unify([value!, fallback]);
    return { sql: `${name}(${sql[0]}, ${distance!.sql}, ${sql[1]}${nulls})${over}`, type };
  };
}

function edge(name: 'first_value' | 'last_value'): WindowFunction {
  return ({ values, over, ignoreNulls }) => ({
    sql: `${name}(${values[0]!.sql}${ignoreNulls ? ' IGNORE NULLS' : ''})${over}`,
    type: values[0]!.type,
  });
}

/** `WITHIN GROUP (ORDER BY value [DESC])`; DuckDB counts a negative share from the other end. */
function percentile(name: string, type: SqlType | undefined): WindowFunction {
  return ({ values, over, within }) => {
    const [item] = within;
    if (!item || !values[0])
      throw new SqlError(10754, `The function '${name}' must have a WITHIN GROUP clause.`, { severity: 15 });
    return {
      sql: `${name}(${item.sql}, CAST(${item.descending ? '-' : ''}${values[0]!.sql} AS DOUBLE))${over}`,
      type: type ?? item.type,
    };
  };
}

/** Functions that need OVER, by upper-case name. */
export const windowFunctions: Readonly<Record<string, WindowFunction>> = {
  ROW_NUMBER: ranking('row_number'),
  RANK: ranking('rank'),
  DENSE_RANK: ranking('dense_rank'),
  NTILE: ranking('ntile'),
  PERCENT_RANK: ranking('percent_rank', float),
  CUME_DIST: ranking('cume_dist', float),
  LAG: offset('lag'),
  LEAD: offset('lead'),
  FIRST_VALUE: edge('first_value'),
  LAST_VALUE: edge('last_value'),
  PERCENTILE_CONT: percentile('quantile_cont', float),
  PERCENTILE_DISC: percentile('quantile_disc', undefined),
};
