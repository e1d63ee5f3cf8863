import type { InterimType } from '../columns/column.js';
import type { CellValue } from './column-values.js';

export interface TextFormats {
  readonly dateTime?: ((micros: bigint) => string) | undefined;
  readonly timeZone?: string | undefined;
}

/** A value as text, the way a delimited file and a conversion to String show it. */
export function cellText(
  value: Exclude<CellValue, null>,
  interim: InterimType,
  scale: number,
  formats: TextFormats = {},
): string {
  switch (interim) {
    case 'Boolean':
      return value ? 'True' : 'False';
    case 'String':
      return value as string;
    case 'Byte[]':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'Decimal':
      return decimalText(value as bigint, scale);
    case 'DateTime':
      return formats.dateTime ? formats.dateTime(value as bigint) : dateTimeText(value as bigint);
    case 'DateTimeOffset': {
      if (formats.dateTime) return formats.dateTime(value as bigint);
      const offset = zoneOffset(value as bigint, formats.timeZone ?? 'UTC');
      return `${dateTimeText((value as bigint) + BigInt(offset) * 60_000_000n)} ${offsetText(offset)}`;
    }
    case 'Single':
      return singleText(value as number);
    default:
      return String(value);
  }
}

/** The shortest text that gives the same single-precision number back. */
function singleText(value: number): string {
  for (let digits = 6; digits <= 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `2013-01-31 10:20:30.1234560`: seven digits, as .NET's round trip has. */
export function dateTimeText(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const date = new Date(Number((micros - rest) / 1_000n));
  const year = date.getUTCFullYear();
  const iso = date.toISOString();
  const tail = iso.slice(iso.indexOf('-', 1));
  const yearText = year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
  return `${yearText}${tail.slice(0, 6).replace('T', '')} ${tail.slice(7, 15)}.${rest.toString().padStart(6, '0')}0`;
}

const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
};

const zones = new Map<string, Intl.DateTimeFormat | undefined>();

/** Minutes that the zone's clock is ahead of UTC at a moment; a zone that Node does not know is UTC. */
export function zoneOffset(micros: bigint, timeZone: string): number {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(timeZone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0));
  if (!zones.has(timeZone)) {
    let format: Intl.DateTimeFormat | undefined;
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    } catch {
      format = undefined;
    }
    zones.set(timeZone, format);
  }
  const name = zones
    .get(timeZone)
    ?.formatToParts(new Date(Number(micros / 1_000n)))
    .find(({ type }) => type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}
