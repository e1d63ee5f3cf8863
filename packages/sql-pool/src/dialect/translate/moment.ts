import { SqlError } from '../../errors/sql-error.js';
import { isExact, type SqlType } from '../../types/sql-type.js';
import { macro, quoteText } from './quote.js';
import type { Typed } from './typed.js';
import { windowsZones } from './windows-zones.js';

// "Ticks" are 100 nanoseconds, since the year 1 or since midnight, as MS-TDS counts them.

/** Ticks of 1900-01-01, the day of a time that becomes a date. */
const firstDay = '599266080000000000';

/** A time of day as DuckDB's TIME. */
function timeOf(value: Typed): string {
  return isExact(value.type!) ? macro('time_of', value.sql) : value.sql;
}

/** The TIMESTAMP that a clock shows (at the place of a datetimeoffset), without a seventh digit. */
export function wallClock(value: Typed): string {
  const { sql, type } = value;
  switch (type?.name) {
    case 'time':
      return `(DATE '1900-01-01' + ${timeOf(value)})`;
    case 'datetimeoffset':
      return macro('moment_of', macro('wall_ticks', sql));
    case 'datetime2':
      return isExact(type) ? macro('moment_of', sql) : sql;
    case 'datetime':
    case 'smalldatetime':
      return sql;
    default:
      return `CAST(${sql} AS TIMESTAMP)`;
  }
}

/** The TIMESTAMP of the instant in UTC; the clock's for types without an offset. */
export function utcClock(value: Typed): string {
  return value.type?.name === 'datetimeoffset' ? macro('moment_of', macro('utc_ticks', value.sql)) : wallClock(value);
}

/** Ticks since midnight of a `time`. */
export function timeTicks(value: Typed): string {
  return isExact(value.type!) ? value.sql : `(epoch_us(${value.sql}) * 10)`;
}

/** Ticks since the year 1 that a clock shows. */
export function wallTicks(value: Typed): string {
  const { sql, type } = value;
  if (type?.name === 'time') return `(${firstDay} + ${timeTicks(value)})`;
  if (type?.name === 'datetimeoffset') return macro('wall_ticks', sql);
  return type && isExact(type) ? sql : macro('ticks_of', wallClock(value));
}

/** Ticks since the year 1 of the instant in UTC. */
export function utcTicks(value: Typed): string {
  return value.type?.name === 'datetimeoffset' ? macro('utc_ticks', value.sql) : wallTicks(value);
}

/** The digit that a TIMESTAMP or TIME has not: '0' where the type has none either. */
export function seventhDigit(value: Typed): string {
  const { sql, type } = value;
  if (type?.name === 'datetimeoffset') return `(${macro('utc_ticks', sql)} % 10)`;
  return type && isExact(type) ? `(${sql} % 10)` : '0';
}

/** A TIMESTAMP as a value of a type with a date, at the offset of `like`. @param digit the seventh */
export function kept(timestamp: string, like: Typed, digit = '0'): string {
  const { type } = like;
  const ticks = digit === '0' ? macro('ticks_of', timestamp) : `(${macro('ticks_of', timestamp)} + ${digit})`;
  if (type?.name === 'datetimeoffset') return macro('offset_at', ticks, offsetMinutes(like));
  return type && isExact(type) ? ticks : timestamp;
}

/** A TIMESTAMP's time of day as a value of a type `time`. */
export function keptTime(timestamp: string, type: SqlType, digit = '0'): string {
  const time = `CAST(${timestamp} AS TIME)`;
  return isExact(type) ? `(epoch_us(${time}) * 10 + ${digit})` : time;
}

/** Minutes from UTC of a datetimeoffset. */
export function offsetMinutes(value: Typed): string {
  return value.type?.name === 'datetimeoffset' ? macro('offset_minutes', value.sql) : '0';
}

/** `+02:00` */
export function offsetText(value: Typed): string {
  return macro('offset_text', offsetMinutes(value));
}

/** `+05:30` in minutes. @throws SqlError 9812 */
export function offsetOf(text: string): number {
  const found = /^([+-])(\d{1,2}):(\d{2})$/.exec(text.trim());
  const minutes = found ? Number(found[2]) * 60 + Number(found[3]) : Number.NaN;
  if (!found || minutes > 840) throw new SqlError(9812, 'The timezone provided to builtin function is invalid.');
  return found[1] === '-' ? -minutes : minutes;
}

/** A moment at a zone of a Windows name, as AT TIME ZONE has it. @throws SqlError 9820 */
export function atZone(value: Typed, name: string): string {
  const zone = name.toUpperCase() === 'UTC' ? 0 : windowsZones[name.toLowerCase()];
  if (zone === undefined)
    throw new SqlError(9820, `The time zone parameter '${name}' provided to AT TIME ZONE clause is invalid.`);
  if (zone === 0) return macro('offset_value', utcTicks(value), '0');
  return value.type?.name === 'datetimeoffset'
    ? macro('to_zone', utcTicks(value), quoteText(zone as string))
    : macro('from_zone', wallTicks(value), quoteText(zone as string));
}
