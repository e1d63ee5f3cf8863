import { SqlError } from '../../errors/sql-error.js';
import type { SqlType } from '../../types/sql-type.js';
import { offsetText, seventhDigit, utcClock, wallClock } from './moment.js';
import { macro, quoteText } from './quote.js';
import type { Typed } from './typed.js';

/** A time as text with its fractional digits. */
export function timeText(value: Typed): string {
  const digits = value.type?.scale ?? 7;
  const sql = wallClock(value);
  if (digits === 0) return `strftime(${sql}, '%H:%M:%S')`;
  return `left(strftime(${sql}, '%H:%M:%S.%f') || ${seventhText(value)}, ${9 + digits})`;
}

function seventhText(value: Typed): string {
  const digit = seventhDigit(value);
  return digit === '0' ? "'0'" : `CAST(${digit} AS VARCHAR)`;
}

/** Formats of CONVERT by style (Transact-SQL "CAST and CONVERT", date and time styles). */
const styles: Readonly<Record<number, string>> = {
  1: '%m/%d/%y',
  2: '%y.%m.%d',
  3: '%d/%m/%y',
  4: '%d.%m.%y',
  5: '%d-%m-%y',
  6: '%d %b %y',
  7: '%b %d, %y',
  8: '%H:%M:%S',
  10: '%m-%d-%y',
  11: '%y/%m/%d',
  12: '%y%m%d',
  20: '%Y-%m-%d %H:%M:%S',
  23: '%Y-%m-%d',
  24: '%H:%M:%S',
  101: '%m/%d/%Y',
  102: '%Y.%m.%d',
  103: '%d/%m/%Y',
  104: '%d.%m.%Y',
  105: '%d-%m-%Y',
  106: '%d %b %Y',
  107: '%b %d, %Y',
  108: '%H:%M:%S',
  110: '%m-%d-%Y',
  111: '%Y/%m/%d',
  112: '%Y%m%d',
  120: '%Y-%m-%d %H:%M:%S',
};

/** Styles that show fractions of a second: what stands before them. */
export const fractionStyles: Readonly<Record<number, string>> = {
  13: '%d %b %Y %H:%M:%S:',
  14: '%H:%M:%S:',
  21: '%Y-%m-%d %H:%M:%S.',
  25: '%Y-%m-%d %H:%M:%S.',
  113: '%d %b %Y %H:%M:%S:',
  114: '%H:%M:%S:',
  121: '%Y-%m-%d %H:%M:%S.',
  126: '%Y-%m-%dT%H:%M:%S.',
  127: '%Y-%m-%dT%H:%M:%S.',
};

/** A date or a moment as text of a style. @throws SqlError 281 */
export function momentText(value: Typed, type: SqlType, style: number): string {
  const offset = type.name === 'datetimeoffset';
  const behind = offset ? ` || ' ' || ${offsetText(value)}` : '';
  const sql = style === 127 ? utcClock(value) : wallClock(value);
  const exact = type.name === 'datetime2' || type.name === 'datetimeoffset';
  const plain = styles[style];
  if (plain) return `strftime(${sql}, ${quoteText(plain)})${style === 20 || style === 120 ? behind : ''}`;
  if (style === 22) return macro('moment_style_22', sql);
  if (style === 0 || style === 100)
    return macro(type.name === 'date' ? 'date_style_0' : 'moment_style_0', sql) + behind;
  if (style === 9 || style === 109)
    return type.name === 'date'
      ? macro('date_style_0', sql)
      : exact
        ? macro('moment_style_9_exact', sql, String(type.scale ?? 7), seventhDigit(value)) + behind
        : macro('moment_style_9', sql);
  const found = fractionStyles[style];
  // Where datetime has a colon before the fraction the newer types have a point.
  const before = exact ? found?.replace(/:$/, '.') : found;
  if (!before)
    throw new SqlError(
      281,
      `${style} is not a valid style number when converting from ${type.name} to a character string.`,
    );
  const digits =
    type.name === 'datetime' ? 3 : type.name === 'smalldatetime' ? 3 : type.name === 'date' ? 0 : (type.scale ?? 7);
  const tail = offset ? (style === 126 ? ` || ${offsetText(value)}` : style === 127 ? " || 'Z'" : behind) : '';
  if (type.name === 'date')
    return `strftime(${sql}, ${quoteText(style === 13 || style === 113 ? '%d %b %Y' : before.slice(0, 8))})`;
  if (digits === 0) return `strftime(${sql}, ${quoteText(before.slice(0, -1))})${tail}`;
  // ISO 8601 leaves out milliseconds that are zero, for datetime.
  if ((style === 126 || style === 127) && type.name === 'datetime') return macro('moment_iso', sql);
  return `left(strftime(${sql}, ${quoteText(`${before}%f`)}) || ${seventhText(value)}, ${formatLength(before) + digits})${tail}`;
}

function formatLength(format: string): number {
  return format
    .replaceAll('%Y', '0000')
    .replaceAll('%b', 'Jan')
    .replaceAll(/%[a-zA-Z]/g, '00').length;
}
