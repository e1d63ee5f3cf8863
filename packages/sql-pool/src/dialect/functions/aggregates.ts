import { SqlError } from '../../errors/sql-error.js';
import {
  bigint,
  decimal,
  decimalShape,
  familyOf,
  float,
  int,
  isNational,
  max,
  type SqlType,
  storageType,
} from '../../types/sql-type.js';
import { castTo } from '../translate/cast.js';
import { keyText, needsKey, orderKey } from '../translate/key.js';
import { macro } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';

export interface AggregateCall {
  readonly values: readonly Typed[];
  readonly star: boolean;
  readonly distinct: boolean;
  /** ` OVER (…)` or empty. */
  readonly over: string;
  /** `ORDER BY …` of WITHIN GROUP, or empty. */
  readonly order: string;
}

type Aggregate = (call: AggregateCall) => Typed;

function only(call: AggregateCall, name: string): Typed {
  const value = call.values[0];
  if (!value || call.values.length > 1)
    throw new SqlError(174, `The ${name} function requires 1 argument(s).`, { severity: 15 });
  if (value.type && familyOf(value.type) === 'bit' && name !== 'count')
    throw new SqlError(8117, `Operand data type bit is invalid for ${name} operator.`);
  return value;
}

/** Text that differs only in trailing blanks is one value. */
function distinctText(call: AggregateCall, value: Typed): string {
  if (!call.distinct) return value.sql;
  return `DISTINCT ${value.type && familyOf(value.type) === 'string' ? `lower(${macro('unpadded', value.sql)})` : keyText(value)}`;
}

function count(type: SqlType): Aggregate {
  return (call) => {
    const argument = call.star ? '*' : distinctText(call, only(call, 'count'));
    return { sql: `CAST(count(${argument})${call.over} AS ${storageType(type)})`, type };
  };
}

/** Result types of SUM and AVG (Transact-SQL "SUM", "AVG"). */
function sumType(type: SqlType): SqlType {
  switch (familyOf(type)) {
    case 'integer':
      return type.name === 'bigint' ? bigint : int;
    case 'decimal':
      return type.name === 'money' || type.name === 'smallmoney'
        ? { name: 'money' }
        : decimal(38, decimalShape(type).scale);
    case 'float':
      return float;
    default:
      throw new SqlError(8117, `Operand data type ${type.name} is invalid for sum operator.`);
  }
}

const sum: Aggregate = (call) => {
  const value = only(call, 'sum');
  const inner = `sum(${distinctText(call, value)})${call.over}`;
  if (!value.type) return { sql: inner, type: undefined };
  const type = sumType(value.type);
  return { sql: `CAST(${inner} AS ${storageType(type)})`, type };
};

const average: Aggregate = (call) => {
  const value = only(call, 'avg');
  const argument = distinctText(call, value);
  if (!value.type) return { sql: `avg(${argument})${call.over}`, type: undefined };
  const family = familyOf(value.type);
  if (family === 'float') return { sql: `avg(${argument})${call.over}`, type: float };
  const total = `sum(${argument})${call.over}`;
  const rows = `count(${argument})${call.over}`;
  if (family === 'integer') {
    const type = sumType(value.type);
    return { sql: `CAST(${total} // nullif(${rows}, 0) AS ${storageType(type)})`, type };
  }
  if (family !== 'decimal')
    throw new SqlError(8117, `Operand data type ${value.type.name} is invalid for avg operator.`);
  const scale = decimalShape(value.type).scale;
  const type: SqlType =
    value.type.name === 'money' || value.type.name === 'smallmoney'
      ? { name: 'money' }
      : decimal(38, Math.max(6, scale));
  const digits = type.scale ?? 4;
  const unscaled = `CAST(${total} * CAST(1e${scale} AS DECIMAL(${scale + 1},0)) AS HUGEINT) * CAST(1e${digits - scale} AS HUGEINT)`;
  const unit = `CAST('1e-${digits}' AS DECIMAL(38,${digits}))`;
  return {
    sql: `CAST(CAST(${unscaled} // nullif(${rows}, 0) AS DECIMAL(38,0)) * ${unit} AS ${storageType(type)})`,
    type,
  };
};

function extreme(name: 'min' | 'max'): Aggregate {
  return (call) => {
    const value = only(call, name);
    const sql = needsKey(value.type)
      ? `arg_${name}(${value.sql}, ${orderKey(value)})${call.over}`
      : `${name}(${value.sql})${call.over}`;
    return { sql, type: value.type };
  };
}

function deviation(name: string): Aggregate {
  return (call) => {
    const value = castTo(only(call, name), float);
    return { sql: `${name}(${call.distinct ? 'DISTINCT ' : ''}${value.sql})${call.over}`, type: float };
  };
}

const stringAgg: Aggregate = (call) => {
  const [value, separator] = call.values;
  if (!value || !separator)
    throw new SqlError(174, 'The string_agg function requires 2 argument(s).', { severity: 15 });
  const national = value.type ? isNational(value.type) : true;
  const type: SqlType = {
    name: national ? 'nvarchar' : 'varchar',
    length: value.type?.length === max ? max : national ? 4000 : 8000,
  };
  const text = castTo(value, { name: national ? 'nvarchar' : 'varchar', length: max });
  const sql = `string_agg(${text.sql}, ${separator.sql}${call.order ? ` ${call.order}` : ''})${call.over}`;
  return { sql: type.length === max ? sql : macro('aggregated_text', sql, String(type.length)), type };
};

const grouping: Aggregate = (call) => ({
  sql: `CAST(grouping(${call.values.map(keyText).join(', ')}) AS INTEGER)`,
  type: int,
});

/** Aggregate functions by upper-case name. */
export const aggregates: Readonly<Record<string, Aggregate>> = {
  COUNT: count(int),
  COUNT_BIG: count(bigint),
  APPROX_COUNT_DISTINCT: (call) => ({
    sql: `CAST(count(${distinctText({ ...call, distinct: true }, only(call, 'count'))})${call.over} AS BIGINT)`,
    type: bigint,
  }),
  CHECKSUM_AGG: (call) => ({
    sql: `CAST(bit_xor(${call.distinct ? 'DISTINCT ' : ''}${castTo(only(call, 'checksum_agg'), int).sql})${call.over} AS INTEGER)`,
    type: int,
  }),
  SUM: sum,
  AVG: average,
  MIN: extreme('min'),
  MAX: extreme('max'),
  STDEV: deviation('stddev_samp'),
  STDEVP: deviation('stddev_pop'),
  VAR: deviation('var_samp'),
  VARP: deviation('var_pop'),
  STRING_AGG: stringAgg,
  GROUPING: grouping,
  GROUPING_ID: grouping,
};
