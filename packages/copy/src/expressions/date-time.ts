import { ExpressionValueError } from './expression-errors.js';

/** @returns milliseconds since 1970 UTC; text without an offset is taken as UTC, as Data Factory does. */
export function parseDateTime(text: string): number {
  const withZone = /([zZ]|[+-]\d\d:?\d\d)$/.test(text) || !/\d[T ]\d/.test(text) ? text : `${text.replace(' ', 'T')}Z`;
  const milliseconds = Date.parse(withZone.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isNaN(milliseconds)) throw new ExpressionValueError(`"${text}" is no date and time`);
  return milliseconds;
}

/**
 * .NET's custom date formats, as far as paths and queries use them: `yyyy MM dd HH mm ss fff`, quoted text, and the standard
 * format `o`. @throws ExpressionValueError for another letter.
 */
export function formatDateTime(milliseconds: number, format: string): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw new ExpressionValueError('the date is out of range');
  if (format === 'o' || format === 'O') return date.toISOString().replace('Z', '0000Z');
  if (format === 'd') return formatDateTime(milliseconds, 'MM/dd/yyyy');
  if (format === 's') return formatDateTime(milliseconds, "yyyy-MM-dd'T'HH:mm:ss");
  if (format === 'u') return formatDateTime(milliseconds, "yyyy-MM-dd HH:mm:ss'Z'");
  return format.replace(/'([^']*)'|([A-Za-z])\2*/g, (part: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const value = parts[part]?.(date);
    if (value === undefined && /^f{1,7}$/i.test(part))
      return String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(7, '0').slice(0, part.length);
    if (value === undefined && part !== 'T' && part !== 'Z')
      throw new ExpressionValueError(`the format "${part}" is not supported`);
    return value ?? part;
  });
}

const two = (value: number): string => String(value).padStart(2, '0');
const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const parts: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  yy: (date) => two(date.getUTCFullYear() % 100),
  MMMM: (date) => months[date.getUTCMonth()]!,
  MMM: (date) => months[date.getUTCMonth()]!.slice(0, 3),
  MM: (date) => two(date.getUTCMonth() + 1),
  M: (date) => String(date.getUTCMonth() + 1),
  dddd: (date) => weekdays[date.getUTCDay()]!,
  ddd: (date) => weekdays[date.getUTCDay()]!.slice(0, 3),
  dd: (date) => two(date.getUTCDate()),
  d: (date) => String(date.getUTCDate()),
  HH: (date) => two(date.getUTCHours()),
  H: (date) => String(date.getUTCHours()),
  hh: (date) => two(date.getUTCHours() % 12 || 12),
  mm: (date) => two(date.getUTCMinutes()),
  m: (date) => String(date.getUTCMinutes()),
  ss: (date) => two(date.getUTCSeconds()),
  s: (date) => String(date.getUTCSeconds()),
  tt: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
};
