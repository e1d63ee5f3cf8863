import { SqlError } from '../../errors/sql-error.js';
import { quoteText } from './quote.js';
import type { Typed } from './typed.js';
import { windowsZones } from './windows-zones.js';

/** `+05:30` in minutes. @throws SqlError 9812 */
export function offsetOf(text: string): number {
  const found = /^([+-])(\d{1,2}):(\d{2})$/.exec(text.trim());
  const minutes = found ? Number(found[2]) * 60 + Number(found[3]) : Number.NaN;
  if (!found || minutes > 840) throw new SqlError(9812, 'The timezone provided to builtin function is invalid.');
  return found[1] === '-' ? -minutes : minutes;
}

/** A zone by its Windows name, as AT TIME ZONE takes it. @throws SqlError 9820 */
export function zoneOf(name: string): number | string {
  const found = name.toUpperCase() === 'UTC' ? 0 : windowsZones[name.toLowerCase()];
  if (found === undefined)
    throw new SqlError(9820, `The time zone parameter '${name}' provided to AT TIME ZONE clause is invalid.`);
  return found;
}

/** The TIMESTAMP that a clock at the place of a datetimeoffset shows. */
export function wallClock(value: Typed): string {
  const { zone = 0 } = value;
  if (typeof zone === 'string') return `timezone(${quoteText(zone)}, ${value.sql})`;
  const utc = `(${value.sql} AT TIME ZONE 'UTC')`;
  return zone === 0 ? utc : `(${utc} + to_minutes(${zone}))`;
}

/** Minutes from UTC of a datetimeoffset. */
export function offsetMinutes(value: Typed): string {
  const { zone = 0 } = value;
  if (typeof zone === 'number') return String(zone);
  return `date_diff('minute', ${value.sql} AT TIME ZONE 'UTC', ${wallClock(value)})`;
}

/** ` +02:00`'s digits and sign. */
export function offsetText(value: Typed): string {
  const { zone = 0 } = value;
  if (typeof zone === 'number') {
    const minutes = Math.abs(zone);
    const two = (part: number) => String(part).padStart(2, '0');
    return quoteText(`${zone < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`);
  }
  return `memory.main.offset_text(${offsetMinutes(value)})`;
}

/** The instant at which a clock of the zone shows a TIMESTAMP. */
export function instantAt(wall: string, zone: number | string): string {
  if (typeof zone === 'string') return `timezone(${quoteText(zone)}, ${wall})`;
  return `((${zone === 0 ? wall : `${wall} - to_minutes(${zone})`}) AT TIME ZONE 'UTC')`;
}
