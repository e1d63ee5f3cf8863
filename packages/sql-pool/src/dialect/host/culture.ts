import { notSupported, SqlError } from '../../errors/sql-error.js';

/** What FORMAT and PARSE need to know of a .NET culture. Patterns are .NET's. */
export interface Culture {
  readonly name: string;
  readonly decimal: string;
  readonly group: string;
  readonly currency: { readonly symbol: string; readonly after: boolean };
  readonly percentSpace: boolean;
  readonly shortDate: string;
  readonly longDate: string;
  readonly shortTime: string;
  readonly longTime: string;
  readonly monthDay: string;
  readonly yearMonth: string;
}

type Row = readonly [
  decimal: string,
  group: string,
  symbol: string,
  after: boolean,
  percentSpace: boolean,
  shortDate: string,
  longDate: string,
  shortTime: string,
  monthDay: string,
  yearMonth: string,
];

const twelve = 'h:mm tt';
const twentyFour = 'HH:mm';
const table: Readonly<Record<string, Row>> = {
  'en-us': ['.', ',', '$', false, false, 'M/d/yyyy', 'dddd, MMMM d, yyyy', twelve, 'MMMM d', 'MMMM yyyy'],
  'en-gb': ['.', ',', '£', false, false, 'dd/MM/yyyy', 'dd MMMM yyyy', twentyFour, 'd MMMM', 'MMMM yyyy'],
  'en-au': ['.', ',', '$', false, false, 'd/MM/yyyy', 'dddd, d MMMM yyyy', twelve, 'd MMMM', 'MMMM yyyy'],
  'en-ca': ['.', ',', '$', false, false, 'yyyy-MM-dd', 'MMMM d, yyyy', twelve, 'MMMM d', 'MMMM yyyy'],
  'de-de': [',', '.', '€', true, true, 'dd.MM.yyyy', 'dddd, d. MMMM yyyy', twentyFour, 'd. MMMM', 'MMMM yyyy'],
  'fr-fr': [',', '\u00a0', '€', true, true, 'dd/MM/yyyy', 'dddd d MMMM yyyy', twentyFour, 'd MMMM', 'MMMM yyyy'],
  'es-es': [
    ',',
    '.',
    '€',
    true,
    true,
    'dd/MM/yyyy',
    "dddd, d 'de' MMMM 'de' yyyy",
    'H:mm',
    "d 'de' MMMM",
    "MMMM 'de' yyyy",
  ],
  'it-it': [',', '.', '€', true, false, 'dd/MM/yyyy', 'dddd d MMMM yyyy', twentyFour, 'd MMMM', 'MMMM yyyy'],
  'nl-nl': [',', '.', '€', false, false, 'd-M-yyyy', 'dddd d MMMM yyyy', twentyFour, 'd MMMM', 'MMMM yyyy'],
  'sv-se': [
    ',',
    '\u00a0',
    'kr',
    true,
    true,
    'yyyy-MM-dd',
    "'den 'd MMMM yyyy",
    twentyFour,
    "'den 'd MMMM",
    'MMMM yyyy',
  ],
  'ja-jp': ['.', ',', '¥', false, false, 'yyyy/MM/dd', "yyyy'年'M'月'd'日'", 'H:mm', "M'月'd'日'", "yyyy'年'M'月'"],
  'zh-cn': ['.', ',', '¥', false, false, 'yyyy/M/d', "yyyy'年'M'月'd'日'", 'H:mm', "M'月'd'日'", "yyyy'年'M'月'"],
};

/** A culture by name; `iv` and empty are the invariant one, near enough en-US. @throws SqlError 9818 for no culture, 40517 for one that is not here */
export function culture(name: string): Culture {
  if (!/^[a-z]{2,3}(-[a-z]{2,8})*$/i.test(name))
    throw new SqlError(9818, `The culture parameter '${name}' provided in the function call is not supported.`);
  const row = table[name.toLowerCase()];
  if (!row) throw notSupported(`the culture '${name}'`, 0, `Those there are: ${Object.keys(table).join(', ')}.`);
  const [decimal, group, symbol, after, percentSpace, shortDate, longDate, shortTime, monthDay, yearMonth] = row;
  return {
    name: name.toLowerCase(),
    decimal,
    group,
    currency: { symbol, after },
    percentSpace,
    shortDate,
    longDate,
    shortTime,
    longTime: shortTime.replace('mm', 'mm:ss'),
    monthDay,
    yearMonth,
  };
}

/** Names of months and days, as the culture writes them. */
export function calendarName(of: Culture, part: 'month' | 'weekday', style: 'long' | 'short', date: Date): string {
  return new Intl.DateTimeFormat(of.name, { [part]: style, timeZone: 'UTC' }).format(date);
}
