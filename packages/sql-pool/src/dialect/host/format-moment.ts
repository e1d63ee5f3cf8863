import { type Culture, calendarName } from './culture.js';

const standard = (of: Culture): Readonly<Record<string, string>> => ({
  d: of.shortDate,
  D: of.longDate,
  t: of.shortTime,
  T: of.longTime,
  f: `${of.longDate} ${of.shortTime}`,
  F: `${of.longDate} ${of.longTime}`,
  g: `${of.shortDate} ${of.shortTime}`,
  G: `${of.shortDate} ${of.longTime}`,
  M: of.monthDay,
  m: of.monthDay,
  Y: of.yearMonth,
  y: of.yearMonth,
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffff",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
});

/**
 * FORMAT of a moment by .NET's standard and custom formats.
 * @param ticks 100 nanoseconds since the year 1 @param offset minutes from UTC
 */
export function formatMoment(ticks: bigint, offset: number, format: string, of: Culture): string {
  const millis = Number(ticks / 10_000n) - 62_135_596_800_000;
  const fraction = String(ticks % 10_000_000n).padStart(7, '0');
  const sign = offset < 0 ? '-' : '+';
  const [hoursOff, minutesOff] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const date = new Date(millis);
  const pattern =
    format.length === 1 ? (standard(of)[format] ?? format) : format.startsWith('%') ? format.slice(1) : format;
  const two = (value: number, wide: boolean) => (wide ? String(value).padStart(2, '0') : String(value));
  const hours = date.getUTCHours();
  return pattern.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|F+|t+|z+|K|g+)/g,
    (_, single?: string, double?: string, escaped?: string, part = '') => {
      const literal = single ?? double ?? escaped;
      if (literal !== undefined) return literal;
      const wide = part.length > 1;
      switch (part[0]) {
        case 'y':
          return part.length <= 2
            ? two(date.getUTCFullYear() % 100, wide)
            : String(date.getUTCFullYear()).padStart(part.length, '0');
        case 'M':
          return part.length >= 3
            ? calendarName(of, 'month', part.length === 3 ? 'short' : 'long', date)
            : two(date.getUTCMonth() + 1, wide);
        case 'd':
          return part.length >= 3
            ? calendarName(of, 'weekday', part.length === 3 ? 'short' : 'long', date)
            : two(date.getUTCDate(), wide);
        case 'H':
          return two(hours, wide);
        case 'h':
          return two(hours % 12 === 0 ? 12 : hours % 12, wide);
        case 'm':
          return two(date.getUTCMinutes(), wide);
        case 's':
          return two(date.getUTCSeconds(), wide);
        case 'f':
          return fraction.slice(0, part.length);
        case 'F':
          return fraction.slice(0, part.length).replace(/0+$/, '');
        case 't':
          return wide ? (hours < 12 ? 'AM' : 'PM') : hours < 12 ? 'A' : 'P';
        case 'z':
          return `${sign}${two(hoursOff, wide)}${part.length >= 3 ? `:${two(minutesOff, true)}` : ''}`;
        case 'g':
          return 'A.D.';
        default:
          return '';
      }
    },
  );
}
