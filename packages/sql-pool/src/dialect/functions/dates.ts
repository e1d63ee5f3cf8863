import { notSupported, SqlError } from '../../errors/sql-error.js';
import { bigint, date, datetime, datetime2, familyOf, int, nvarchar, type SqlType } from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
import { castTo } from '../translate/cast.js';
import { macro } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import { instantAt, offsetMinutes, offsetOf, offsetText, wallClock } from '../translate/zone.js';
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
  iso_week: 'isoweek',
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
  if (value.type.name === 'datetimeoffset') return { sql: wallClock(value), type: value.type };
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

const dayParts: ReadonlySet<Part> = new Set<Part>(['year', 'quarter', 'month', 'dayofyear', 'day', 'week', 'weekday']);

/** @throws SqlError 9810 for parts that a type does not have */
function partFits(call: ScalarCall, part: Part, type: SqlType): void {
  const family = familyOf(type);
  if ((family === 'date' && !dayParts.has(part)) || (family === 'time' && dayParts.has(part)))
    throw new SqlError(
      9810,
      `The datepart ${part} is not supported by date function ${call.name.toLowerCase()} for data type ${type.name}.`,
    );
}

const dateAdd: ScalarFunction = (call) => {
  const part = partOf(call);
  const interval = part === 'nanosecond' ? 'to_microseconds' : intervals[part];
  if (!interval) throw new SqlError(9810, `The datepart ${part} is not supported by date function dateadd.`);
  const source = call.value(2);
  if (source.type) partFits(call, part, source.type);
  const count = part === 'nanosecond' ? `(${intOf(call.value(1))} // 1000)` : intOf(call.value(1));
  if (source.type?.name === 'datetimeoffset')
    return { sql: `(${source.sql} + ${interval}(${count}))`, type: source.type, zone: source.zone };
  const at = moment(source);
  const sql = macro('in_range', `(${at.sql} + ${interval}(${count}))`);
  const family = source.type && familyOf(source.type);
  if (family === 'date') return { sql: `CAST(${sql} AS DATE)`, type: date };
  if (family === 'time') return { sql: `CAST(${at.sql} + ${interval}(${count}) AS TIME)`, type: source.type };
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
    const from = utc(call.value(1));
    const to = utc(call.value(2));
    const storage = type === int ? 'INTEGER' : 'BIGINT';
    const sized = (sql: string): Typed =>
      type === int && ['second', 'millisecond', 'microsecond', 'nanosecond', 'minute'].includes(part)
        ? { sql: macro('difference', sql), type }
        : { sql: `CAST(${sql} AS ${storage})`, type };
    // Weeks begin on Sunday for DATEDIFF, whatever DATEFIRST says.
    if (part === 'week') return { sql: `CAST(${macro('week_difference', from, to)} AS ${storage})`, type };
    if (part === 'nanosecond') return sized(`date_diff('microsecond', ${from}, ${to}) * 1000`);
    const unit = boundaries[part];
    if (!unit) throw notSupported(`DATEDIFF(${part}, …)`);
    return sized(`date_diff('${unit}', ${from}, ${to})`);
  };
}

/** DATEDIFF compares instants: the clock of the place does not count. */
function utc(value: Typed): string {
  return value.type?.name === 'datetimeoffset' ? wallClock({ ...value, zone: 0 }) : moment(value).sql;
}

const datePart: ScalarFunction = (call) => {
  const part = partOf(call);
  const value = call.value(1);
  if (value.type && part !== 'tzoffset' && familyOf(value.type) === 'time') partFits(call, part, value.type);
  if (part === 'tzoffset') return { sql: offsetMinutes(value), type: int };
  return { sql: `CAST(${partText(part, moment(value).sql, firstDay(call))} AS INTEGER)`, type: int };
};

/** SET DATEFIRST, of the session. */
function firstDay({ translation }: ScalarCall): number {
  const first = Number(translation.source.systemVariable('@@DATEFIRST')?.constant ?? 7);
  if (first !== 7) translation.momentary = true;
  return first;
}

function partText(part: Part, at: string, first: number): string {
  switch (part) {
    case 'dayofyear':
      return `dayofyear(${at})`;
    case 'week':
      return first === 7
        ? macro('week_of_year', at)
        : `((dayofyear(${at}) + (dayofweek(date_trunc('year', ${at})) + 7 - ${first}) % 7 - 1) // 7 + 1)`;
    case 'weekday':
      return first === 7 ? `(dayofweek(${at}) + 1)` : `((dayofweek(${at}) + 7 - ${first}) % 7 + 1)`;
    case 'isoweek':
      return `week(${at})`;
    case 'millisecond':
      return `(millisecond(${at}) % 1000)`;
    case 'microsecond':
      return `(microsecond(${at}) % 1000000)`;
    case 'nanosecond':
      return `((microsecond(${at}) % 1000000) * 1000)`;
    default:
      return `${part}(${at})`;
  }
}

const dateName: ScalarFunction = (call) => {
  const part = partOf(call);
  const value = call.value(1);
  const type = nvarchar(30);
  if (part === 'tzoffset') return { sql: offsetText(value), type };
  const at = moment(value).sql;
  if (part === 'month') return { sql: `monthname(${at})`, type };
  if (part === 'weekday') return { sql: `dayname(${at})`, type };
  return { sql: `CAST(${partText(part, at, firstDay(call))} AS VARCHAR)`, type };
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

/** A moment from numbers. @throws (when it runs) SqlError 289 for numbers that make none */
function fromParts(
  call: ScalarCall,
  count: number,
  type: SqlType,
  make: (part: (index: number) => string) => string,
): Typed {
  const parts = Array.from({ length: count }, (_, index) => intOf(call.value(index)));
  const sql = make((index) => parts[index]!);
  const message = `§289§Cannot construct data type ${type.name}, some of the arguments have values which are not valid.`;
  const kind = type.name === 'date' ? 'valid_date' : type.name === 'time' ? 'valid_time' : 'valid_moment';
  const checked = kind === 'valid_moment' ? parts.slice(0, 5) : parts.slice(0, 3);
  const missing = parts.map((part) => `${part} IS NULL`).join(' OR ');
  return {
    sql: `CASE WHEN ${missing} THEN NULL WHEN ${macro(kind, ...checked)} THEN ${sql} ELSE error('${message}') END`,
    type,
  };
}

function wallParts(part: (index: number) => string, fraction: number, scale: number): string {
  return `make_timestamp(${[0, 1, 2, 3, 4].map(part).join(', ')}, ${part(5)} + ${part(fraction)} / 1e${scale})`;
}

function constantScale(call: ScalarCall, index: number): number {
  const { constant } = call.value(index);
  if (typeof constant !== 'number') throw notSupported(`${call.name} with a precision that is not a constant`);
  return constant;
}

function constantZone(call: ScalarCall): number {
  const { constant } = call.value(1);
  if (typeof constant === 'number') return constant;
  if (typeof constant !== 'string') throw notSupported(`${call.name} with an offset that is not a constant`);
  return offsetOf(constant);
}

function offsetSource(call: ScalarCall): Typed {
  return castTo(call.value(0), { name: 'datetimeoffset', scale: call.value(0).type?.scale ?? 7 });
}

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
  DATEFROMPARTS: (call) => fromParts(call, 3, date, (part) => `make_date(${[0, 1, 2].map(part).join(', ')})`),
  DATETIMEFROMPARTS: (call) =>
    fromParts(call, 7, datetime, (part) =>
      macro('to_datetime', `make_timestamp(${[0, 1, 2, 3, 4].map(part).join(', ')}, ${part(5)} + ${part(6)} / 1000.0)`),
    ),
  SMALLDATETIMEFROMPARTS: (call) =>
    fromParts(
      call,
      5,
      { name: 'smalldatetime' },
      (part) => `make_timestamp(${[0, 1, 2, 3, 4].map(part).join(', ')}, 0)`,
    ),
  DATETIME2FROMPARTS: (call) => {
    const scale = constantScale(call, 7);
    return fromParts(call, 7, { name: 'datetime2', scale }, (part) => wallParts(part, 6, scale));
  },
  DATETIMEOFFSETFROMPARTS: (call) => {
    const scale = constantScale(call, 9);
    const hours = call.value(7).constant;
    const minutes = call.value(8).constant;
    if (typeof hours !== 'number' || typeof minutes !== 'number')
      throw notSupported('DATETIMEOFFSETFROMPARTS with an offset that is not a constant');
    const zone = hours * 60 + minutes;
    const made = fromParts(call, 7, { name: 'datetimeoffset', scale }, (part) =>
      instantAt(wallParts(part, 6, scale), zone),
    );
    return { ...made, zone };
  },
  TIMEFROMPARTS: (call) => {
    const scale = constantScale(call, 4);
    return fromParts(
      call,
      4,
      { name: 'time', scale },
      (part) => `make_time(${part(0)}, ${part(1)}, ${part(2)} + ${part(3)} / 1e${scale})`,
    );
  },
  SWITCHOFFSET: (call) => ({ ...offsetSource(call), zone: constantZone(call) }),
  TODATETIMEOFFSET: (call) => {
    const zone = constantZone(call);
    const source = call.value(0);
    const at = moment(source);
    return {
      sql: instantAt(at.sql, zone),
      type: { name: 'datetimeoffset', scale: at.type.scale ?? (at.type.name === 'datetime' ? 3 : 7) },
      zone,
    };
  },
  ISDATE: (call) => ({
    sql: `CASE WHEN ${castTo(call.value(0), datetime, { attempt: true }).sql} IS NULL THEN 0 ELSE 1 END`,
    type: int,
  }),
};
