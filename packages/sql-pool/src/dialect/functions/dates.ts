import { notSupported, SqlError } from '../../errors/sql-error.js';
import { bigint, date, datetime, datetime2, familyOf, int, nvarchar, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
import { castTo } from '../translate/cast.js';
import { macro } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import type { ScalarCall, ScalarFunction } from './function.js';
import { intOf } from './function.js';

type Part =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'isoweek'
  | 'tzoffset';

/** datepart names and their abbreviations (Transact-SQL "DATEPART"). */
const parts: Readonly<Record<string, Part>> = {
  year: 'year',
  yy: 'year',
  yyyy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'weekday',
  dw: 'weekday',
  w: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
  nanosecond: 'nanosecond',
  ns: 'nanosecond',
  isoweek: 'isoweek',
  isowk: 'isoweek',
  isoww: 'isoweek',
  tzoffset: 'tzoffset',
  tz: 'tzoffset',
};

function partOf(call: ScalarCall): Part {
  const first: Expression | undefined = call.arguments[0];
  const name = first?.kind === 'column' && first.name.length === 1 ? first.name[0]! : '';
  const part = parts[name.toLowerCase()];
  if (!part)
    throw new SqlError(155, `'${name}' is not a recognized ${call.name.toLowerCase()} option.`, { severity: 15 });
  return part;
}

/** The argument as a moment; text is read, and keeps datetime2 precision. */
function moment(value: Typed): { readonly sql: string; readonly type: SqlType } {
  if (!value.type) return { sql: `CAST(${value.sql} AS TIMESTAMP)`, type: datetime2 };
  const family = familyOf(value.type);
  if (family === 'string') return { sql: castTo(value, datetime2).sql, type: datetime2 };
  if (family === 'date') return { sql: `CAST(${value.sql} AS TIMESTAMP)`, type: value.type };
  if (family === 'time') return { sql: `(DATE '1900-01-01' + ${value.sql})`, type: value.type };
  if (value.type.name === 'datetimeoffset') return { sql: `(${value.sql} AT TIME ZONE 'UTC')`, type: value.type };
  if (family === 'moment') return { sql: value.sql, type: value.type };
  return { sql: castTo(value, datetime).sql, type: datetime };
}

const intervals: Partial<Record<Part, string>> = {
  year: 'to_years',
  quarter: 'to_quarters',
  month: 'to_months',
  dayofyear: 'to_days',
  day: 'to_days',
  week: 'to_weeks',
  weekday: 'to_days',
  hour: 'to_hours',
  minute: 'to_minutes',
  second: 'to_seconds',
  millisecond: 'to_milliseconds',
  microsecond: 'to_microseconds',
};

const dateAdd: ScalarFunction = (call) => {
  const part = partOf(call);
  const interval = intervals[part];
  if (!interval) throw notSupported(`DATEADD(${part}, …)`);
  const source = call.value(2);
  const at = moment(source);
  const sql = `(${at.sql} + ${interval}(${intOf(call.value(1))}))`;
  const family = source.type && familyOf(source.type);
  if (family === 'date') return { sql: `CAST(${sql} AS DATE)`, type: date };
  if (family === 'time') return { sql: `CAST(${sql} AS TIME)`, type: source.type };
  if (source.type?.name === 'datetimeoffset') return { sql: `(${sql} AT TIME ZONE 'UTC')`, type: source.type };
  return { sql, type: family === 'moment' ? source.type : datetime };
};

const boundaries: Partial<Record<Part, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  dayofyear: 'day',
  day: 'day',
  weekday: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  millisecond: 'millisecond',
  microsecond: 'microsecond',
};

function dateDiff(type: SqlType): ScalarFunction {
  return (call) => {
    const part = partOf(call);
    const from = moment(call.value(1)).sql;
    const to = moment(call.value(2)).sql;
    const storage = type === int ? 'INTEGER' : 'BIGINT';
    // Weeks begin on Sunday for DATEDIFF, whatever DATEFIRST says.
    if (part === 'week') return { sql: `CAST(${macro('week_difference', from, to)} AS ${storage})`, type };
    if (part === 'nanosecond')
      return { sql: `CAST(date_diff('microsecond', ${from}, ${to}) * 1000 AS ${storage})`, type };
    const unit = boundaries[part];
    if (!unit) throw notSupported(`DATEDIFF(${part}, …)`);
    return { sql: `CAST(date_diff('${unit}', ${from}, ${to}) AS ${storage})`, type };
  };
}

const datePart: ScalarFunction = (call) => {
  const part = partOf(call);
  const at = moment(call.value(1)).sql;
  return { sql: `CAST(${partText(part, at)} AS INTEGER)`, type: int };
};

function partText(part: Part, at: string): string {
  switch (part) {
    case 'dayofyear':
      return `dayofyear(${at})`;
    case 'week':
      return macro('week_of_year', at);
    case 'weekday':
      return `(dayofweek(${at}) + 1)`;
    case 'isoweek':
      return `week(${at})`;
    case 'millisecond':
      return `(millisecond(${at}) % 1000)`;
    case 'microsecond':
      return `(microsecond(${at}) % 1000000)`;
    case 'nanosecond':
      return `((microsecond(${at}) % 1000000) * 1000)`;
    case 'tzoffset':
      return '0';
    default:
      return `${part}(${at})`;
  }
}

const dateName: ScalarFunction = (call) => {
  const part = partOf(call);
  const at = moment(call.value(1)).sql;
  const type = nvarchar(30);
  if (part === 'month') return { sql: `monthname(${at})`, type };
  if (part === 'weekday') return { sql: `dayname(${at})`, type };
  return { sql: `CAST(${partText(part, at)} AS VARCHAR)`, type };
};

function simplePart(name: 'year' | 'month' | 'day'): ScalarFunction {
  return (call) => ({ sql: `CAST(${name}(${moment(call.value(0)).sql}) AS INTEGER)`, type: int });
}

const utcNow = "(current_timestamp AT TIME ZONE 'UTC')";

function now(type: SqlType): ScalarFunction {
  return () => {
    const sql = type.name === 'datetime' ? macro('to_datetime', utcNow) : utcNow;
    return { sql, type };
  };
}

const dateTrunc: ScalarFunction = (call) => {
  const part = partOf(call);
  const source = call.value(1);
  const at = moment(source);
  const unit = part === 'isoweek' ? 'week' : boundaries[part];
  const type = at.type.name === 'datetime' ? datetime2 : at.type;
  if (part === 'week')
    return { sql: `(date_trunc('day', ${at.sql}) - to_days(CAST(dayofweek(${at.sql}) AS INTEGER)))`, type };
  if (!unit) throw notSupported(`DATETRUNC(${part}, …)`);
  const sql = `date_trunc('${unit}', ${at.sql})`;
  return familyOf(at.type) === 'date' ? { sql: `CAST(${sql} AS DATE)`, type: date } : { sql, type };
};

/** Date and time functions by upper-case name. The pool's clock is UTC, as in Azure. */
export const dates: Readonly<Record<string, ScalarFunction>> = {
  GETDATE: now(datetime),
  CURRENT_TIMESTAMP: now(datetime),
  GETUTCDATE: now(datetime),
  SYSDATETIME: now(datetime2),
  SYSUTCDATETIME: now(datetime2),
  SYSDATETIMEOFFSET: () => ({ sql: 'current_timestamp', type: { name: 'datetimeoffset', scale: 7 } }),
  CURRENT_DATE: () => ({ sql: 'CAST(current_timestamp AS DATE)', type: date }),
  DATEADD: dateAdd,
  DATEDIFF: dateDiff(int),
  DATEDIFF_BIG: dateDiff(bigint),
  DATEPART: datePart,
  DATENAME: dateName,
  DATETRUNC: dateTrunc,
  YEAR: simplePart('year'),
  MONTH: simplePart('month'),
  DAY: simplePart('day'),
  EOMONTH: (call) => {
    const months = call.arguments.length > 1 ? ` + to_months(${intOf(call.value(1))})` : '';
    return { sql: `last_day(${moment(call.value(0)).sql}${months})`, type: date };
  },
  DATEFROMPARTS: (call) => ({
    sql: `make_date(${[0, 1, 2].map((index) => intOf(call.value(index))).join(', ')})`,
    type: date,
  }),
  DATETIMEFROMPARTS: (call) => ({
    sql: macro('moment_from_parts', ...[0, 1, 2, 3, 4, 5, 6].map((index) => intOf(call.value(index)))),
    type: datetime,
  }),
  TIMEFROMPARTS: (call) => {
    const scale = call.value(4).constant;
    if (typeof scale !== 'number') throw notSupported('TIMEFROMPARTS with a precision that is not a constant');
    return {
      sql: `make_time(${intOf(call.value(0))}, ${intOf(call.value(1))}, ${intOf(call.value(2))} + ${intOf(call.value(3))} / 1e${scale})`,
      type: { name: 'time', scale },
    };
  },
  ISDATE: (call) => ({
    sql: `CASE WHEN ${castTo(call.value(0), datetime, { attempt: true }).sql} IS NULL THEN 0 ELSE 1 END`,
    type: int,
  }),
};
