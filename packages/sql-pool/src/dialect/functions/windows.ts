import type { SqlType } from '../../types/sql-type.js';
import { bigint, float } from '../../types/sql-type.js';
import { unify } from '../translate/expression.js';
import type { Typed } from '../translate/typed.js';

export interface WindowCall {
  readonly values: readonly Typed[];
  /** ` OVER (…)` */
  readonly over: string;
  /** `ORDER BY …` of WITHIN GROUP, or empty. */
  readonly order: string;
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
  PERCENTILE_CONT: ({ values, over, order }) => ({
    sql: `quantile_cont(${order.replace(/^ORDER BY /, '').replace(/ DESC$/, '')}, ${order.endsWith(' DESC') ? `1 - ${values[0]!.sql}` : values[0]!.sql})${over}`,
    type: float,
  }),
  PERCENTILE_DISC: ({ values, over, order }) => ({
    sql: `quantile_disc(${order.replace(/^ORDER BY /, '').replace(/ DESC$/, '')}, ${order.endsWith(' DESC') ? `1 - ${values[0]!.sql}` : values[0]!.sql})${over}`,
    type: undefined,
  }),
};
