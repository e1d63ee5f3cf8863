import { notSupported, SqlError } from '../../errors/sql-error.js';
import {
  bigint,
  date,
  datetime,
  datetime2,
  familyOf,
  int,
  isExact,
  nvarchar,
  type SqlType,
} from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
import { castTo } from '../translate/cast.js';
import {
  kept,
  keptTime,
  offsetMinutes,
  offsetOf,
  offsetText,
  seventhDigit,
  utcClock,
  utcTicks,
  wallClock,
  wallTicks,
} from '../translate/moment.js';
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

/** The argument as a date, time or moment: text is read as datetime2, a number as datetime. */
function dated(value: Typed): Typed & { readonly type: SqlType } {
  if (!value.type) return { sql: `CAST(${value.sql} AS TIMESTAMP)`, type: datetime };
  const family = familyOf(value.type);
  if (family === 'string') return { sql: castTo(value, datetime2).sql, type: datetime2 };
  if (family === 'date' || family === 'time' || family === 'moment') return { sql: value.sql, type: value.type };
  return { sql: castTo(value, datetime).sql, type: datetime };
}

/** The TIMESTAMP that the argument shows on a clock. */
function clock(value: Typed): string {
  return wallClock(dated(value));
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
  const at = dated(source);
  const { type } = at;
  if (part === 'nanosecond' && seventhDigit(at) !== '0') {
    const more = `CAST(round(${intOf(call.value(1))} / 100.0) AS BIGINT)`;
    if (type.name === 'datetimeoffset')
      return { sql: macro('offset_at', `(${wallTicks(at)} + ${more})`, offsetMinutes(at)), type };
    if (type.name === 'time') return { sql: `((${at.sql} + ${more} + 864000000000) % 864000000000)`, type };
    return { sql: `(${at.sql} + ${more})`, type: familyOf(source.type ?? type) === 'moment' ? type : datetime2 };
  }
  const count = part === 'nanosecond' ? `(${intOf(call.value(1))} // 1000)` : intOf(call.value(1));
  const sum = `(${wallClock(at)} + ${interval}(${count}))`;
  if (type.name === 'time') return { sql: keptTime(sum, type, seventhDigit(at)), type };
  const sql = macro('in_range', sum);
  if (type.name === 'date') return { sql: `CAST(${sql} AS DATE)`, type: date };
  // Text and numbers become a datetime.
  if (!source.type || familyOf(source.type) !== 'moment') return { sql, type: datetime };
  return { sql: kept(sql, at, seventhDigit(at)), type };
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
    const [first, second] = [dated(call.value(1)), dated(call.value(2))];
    // Instants are compared: the clock of the place does not count.
    const from = utcClock(first);
    const to = utcClock(second);
    const storage = type === int ? 'INTEGER' : 'BIGINT';
    const sized = (sql: string): Typed =>
      type === int && ['second', 'millisecond', 'microsecond', 'nanosecond', 'minute'].includes(part)
        ? { sql: macro('difference', sql), type }
        : { sql: `CAST(${sql} AS ${storage})`, type };
    // Weeks begin on Sunday for DATEDIFF, whatever DATEFIRST says.
    if (part === 'week') return { sql: `CAST(${macro('week_difference', from, to)} AS ${storage})`, type };
    if (part === 'nanosecond') return sized(`(${utcTicks(second)} - ${utcTicks(first)}) * 100`);
    const unit = boundaries[part];
    if (!unit) throw notSupported(`DATEDIFF(${part}, …)`);
    return sized(`date_diff('${unit}', ${from}, ${to})`);
  };
}

const datePart: ScalarFunction = (call) => {
  const part = partOf(call);
  const value = call.value(1);
  if (value.type && part !== 'tzoffset' && familyOf(value.type) === 'time') partFits(call, part, value.type);
  if (part === 'tzoffset') return { sql: offsetMinutes(value), type: int };
  const at = dated(value);
  if (part === 'nanosecond') return { sql: `CAST((${wallTicks(at)} % 10000000) * 100 AS INTEGER)`, type: int };
  return { sql: `CAST(${partText(part, wallClock(at), firstDay(call))} AS INTEGER)`, type: int };
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
    default:
      return `${part}(${at})`;
  }
}

const dateName: ScalarFunction = (call) => {
  const part = partOf(call);
  const value = call.value(1);
  const type = nvarchar(30);
  if (part === 'tzoffset') return { sql: offsetText(value), type };
  const at = clock(value);
  if (part === 'nanosecond') return { sql: `CAST((${wallTicks(dated(value))} % 10000000) * 100 AS VARCHAR)`, type };
  if (part === 'month') return { sql: `monthname(${at})`, type };
  if (part === 'weekday') return { sql: `dayname(${at})`, type };
  return { sql: `CAST(${partText(part, at, firstDay(call))} AS VARCHAR)`, type };
};

function simplePart(name: 'year' | 'month' | 'day'): ScalarFunction {
  return (call) => ({ sql: `CAST(${name}(${clock(call.value(0))}) AS INTEGER)`, type: int });
}

/** The clock as a TIMESTAMP. */
function clockNow({ translation }: ScalarCall): string {
  const moment = translation.source.systemVariable('@@$CLOCK');
  if (moment) translation.momentary = true;
  return moment?.sql ?? "(current_timestamp AT TIME ZONE 'UTC')";
}

function now(type: SqlType): ScalarFunction {
  return (call) => {
    const clock = clockNow(call);
    const sql = type.name === 'datetime' ? macro('to_datetime', clock) : kept(clock, { sql: clock, type });
    return { sql, type };
  };
}

const dateTrunc: ScalarFunction = (call) => {
  const part = partOf(call);
  const at = dated(call.value(1));
  const moment = wallClock(at);
  const unit = part === 'isoweek' ? 'week' : boundaries[part];
  if (!unit && part !== 'week') throw notSupported(`DATETRUNC(${part}, …)`);
  const sql =
    part === 'week'
      ? `(date_trunc('day', ${moment}) - to_days(CAST(dayofweek(${moment}) AS INTEGER)))`
      : `date_trunc('${unit}', ${moment})`;
  if (at.type.name === 'date') return { sql: `CAST(${sql} AS DATE)`, type: date };
  if (at.type.name === 'time') return { sql: keptTime(sql, at.type), type: at.type };
  return { sql: kept(sql, at), type: at.type };
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

/** Ticks of a moment from its parts, of which `fraction` counts units of the scale. */
function ticksFromParts(part: (index: number) => string, fraction: number, scale: number): string {
  const whole = `make_timestamp(${[0, 1, 2, 3, 4, 5].map(part).join(', ')})`;
  return `(${macro('ticks_of', whole)} + CAST(${part(fraction)} AS BIGINT) * ${10 ** (7 - scale)})`;
}

function constantScale(call: ScalarCall, index: number): number {
  const { constant } = call.value(index);
  if (typeof constant !== 'number') throw notSupported(`${call.name} with a precision that is not a constant`);
  return constant;
}

/** The offset that SWITCHOFFSET and TODATETIMEOFFSET are told: text like +02:00, or minutes. */
function zoneText(value: Typed): string {
  const { constant } = value;
  if (typeof constant === 'string') return String(offsetOf(constant));
  const text = value.type && familyOf(value.type) === 'string';
  return macro(
    'checked_offset',
    text
      ? `coalesce(${macro('text_offset', value.sql)}, CASE WHEN ${value.sql} IS NOT NULL THEN 9999 END)`
      : intOf(value),
  );
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
  SYSDATETIMEOFFSET: (call) => ({
    sql: macro('offset_value', macro('ticks_of', clockNow(call)), '0'),
    type: { name: 'datetimeoffset', scale: 7 },
  }),
  CURRENT_DATE: (call) => ({ sql: `CAST(${clockNow(call)} AS DATE)`, type: date }),
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
    return { sql: `last_day(${clock(call.value(0))}${months})`, type: date };
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
    const type: SqlType = { name: 'datetime2', scale: constantScale(call, 7) };
    return fromParts(call, 7, type, (part) => {
      const ticks = ticksFromParts(part, 6, type.scale!);
      return isExact(type) ? ticks : macro('moment_of', ticks);
    });
  },
  DATETIMEOFFSETFROMPARTS: (call) => {
    const scale = constantScale(call, 9);
    return fromParts(call, 9, { name: 'datetimeoffset', scale }, (part) =>
      macro('offset_at', ticksFromParts(part, 6, scale), macro('checked_offset', `(${part(7)} * 60 + ${part(8)})`)),
    );
  },
  TIMEFROMPARTS: (call) => {
    const type: SqlType = { name: 'time', scale: constantScale(call, 4) };
    return fromParts(call, 4, type, (part) => {
      const ticks = `(((CAST(${part(0)} AS BIGINT) * 60 + ${part(1)}) * 60 + ${part(2)}) * 10000000 + CAST(${part(3)} AS BIGINT) * ${10 ** (7 - type.scale!)})`;
      return isExact(type) ? ticks : macro('time_of', ticks);
    });
  },
  SWITCHOFFSET: (call) => {
    const source = offsetSource(call);
    return { sql: macro('offset_value', utcTicks(source), zoneText(call.value(1))), type: source.type };
  },
  TODATETIMEOFFSET: (call) => {
    const at = dated(call.value(0));
    return {
      sql: macro('offset_at', wallTicks(at), zoneText(call.value(1))),
      type: { name: 'datetimeoffset', scale: at.type.scale ?? (at.type.name === 'datetime' ? 3 : 7) },
    };
  },
  ISDATE: (call) => ({
    sql: `CASE WHEN ${castTo(call.value(0), datetime, { attempt: true }).sql} IS NULL THEN 0 ELSE 1 END`,
    type: int,
  }),
};
