/** The order of the parts of a date that is all digits. */
export type DateOrder = 'mdy' | 'dmy' | 'ymd';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Styles of CONVERT that say how to read a date; the others read as the language us_english does. */
export function orderOf(style: number): DateOrder {
  if ([3, 4, 5, 103, 104, 105].includes(style)) return 'dmy';
  return [2, 11, 102, 111].includes(style) ? 'ymd' : 'mdy';
}

function fullYear(text: string): number | undefined {
  if (text.length === 4) return Number(text);
  // Two digits: up to 49 they are of this century ("two digit year cutoff" 2049).
  return text.length <= 2 ? Number(text) + (Number(text) < 50 ? 2000 : 1900) : undefined;
}

interface Parts {
  readonly year: string;
  readonly month: number;
  readonly day: number;
}

function dateParts(text: string, order: DateOrder): Parts | undefined {
  if (text === '') return { year: '1900', month: 1, day: 1 };
  const compact = /^(\d{4}|\d{2})(\d{2})(\d{2})$/.exec(text);
  if (compact) return { year: compact[1]!, month: Number(compact[2]), day: Number(compact[3]) };
  if (/^\d{4}$/.test(text)) return { year: text, month: 1, day: 1 };
  const numeric = /^(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})$/.exec(text);
  if (numeric) {
    const [, a, , b, c] = numeric as unknown as [string, string, string, string, string];
    if (a.length >= 3) return { year: a, month: Number(b), day: Number(c) };
    if (order === 'ymd' && c.length <= 2) return { year: a, month: Number(b), day: Number(c) };
    return order === 'dmy'
      ? { year: c, month: Number(b), day: Number(a) }
      : { year: c, month: Number(a), day: Number(b) };
  }
  const word = /[a-z]{3,}/i.exec(text)?.[0].toLowerCase();
  const month = word === undefined ? -1 : months.findIndex((name) => word.startsWith(name));
  if (month < 0) return undefined;
  const rest = text
    .replace(/[a-z]{3,}\.?/i, ' ')
    .split(/[\s,/-]+/)
    .filter((part) => part !== '');
  if (!rest.every((part) => /^\d+$/.test(part)) || rest.length === 0 || rest.length > 2) return undefined;
  const year = rest.find((part) => part.length === 4) ?? (rest.length === 2 ? rest[1]! : undefined);
  if (year === undefined) return undefined;
  const day = rest.length === 2 ? rest[rest[0] === year ? 1 : 0]! : '1';
  return { year, month: month + 1, day: Number(day) };
}

/**
 * Text as a date and time in the ways Transact-SQL reads it: numbers in an order, names of months, times with and without AM and PM.
 * @returns microseconds since 1970, NULL when it is none
 */
export function readMoment(text: string, order: DateOrder): bigint | null {
  const time = /(?:^|[T\s])(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,9}))?)?)?\s*([ap]m)?$/i.exec(text.trim());
  const hasTime = time !== null && (time[2] !== undefined || time[5] !== undefined);
  const parts = dateParts((hasTime ? text.trim().slice(0, time.index) : text).trim(), order);
  if (!parts) return null;
  const year = fullYear(parts.year);
  if (year === undefined || year < 1 || parts.month < 1 || parts.month > 12 || parts.day < 1) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, parts.month - 1, parts.day);
  if (date.getUTCMonth() !== parts.month - 1) return null;
  let hours = 0;
  let minutes = 0;
  let seconds = 0;
  let micros = 0;
  if (hasTime) {
    hours = Number(time[1]);
    minutes = Number(time[2] ?? 0);
    seconds = Number(time[3] ?? 0);
    micros = Number((time[4] ?? '').padEnd(6, '0').slice(0, 6));
    if (time[5] !== undefined) {
      if (hours < 1 || hours > 12) return null;
      hours = (hours % 12) + (time[5].toLowerCase() === 'pm' ? 12 : 0);
    }
    if (hours > 23 || minutes > 59 || seconds > 59) return null;
  }
  return (BigInt(date.getTime()) + BigInt((hours * 60 + minutes) * 60 + seconds) * 1000n) * 1000n + BigInt(micros);
}
