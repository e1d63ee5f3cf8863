import { SqlError } from '../../errors/sql-error.js';
import { culture } from './culture.js';
import { formatMoment } from './format-moment.js';
import { formatNumber } from './format-number.js';
import { type HostFunction, strict } from './host-function.js';
import { orderOf, readMoment } from './read-moment.js';

export const formatFunctions = {
  /** FORMAT of a date or time, in 100 nanoseconds since the year 1. */
  format_moment: strict(
    ['moment', 'whole', 'text', 'text'],
    'text',
    (ticks: bigint, offset: number, format: string, name: string) => formatMoment(ticks, offset, format, culture(name)),
  ),
  /** FORMAT of a number that comes as text, so that no digit is lost; `whole` numbers know D and X. */
  format_number: strict(
    ['text', 'whole', 'text', 'text'],
    'text',
    (digits: string, whole: number, format: string, name: string) =>
      formatNumber(digits, whole === 1, format, culture(name)),
  ),
  /** Text as a moment, read by a style of CONVERT. */
  read_moment: strict(['text', 'whole'], 'moment', (text: string, style: number) => readMoment(text, orderOf(style))),
  /** PARSE: text of a culture as an invariant number. NULL when it is none. */
  parse_number: strict(['text', 'text'], 'text', (text: string, name: string) => {
    const { decimal, group, currency } = culture(name);
    const plain = text
      .trim()
      .replaceAll(group, '')
      .replaceAll(currency.symbol, '')
      .replaceAll(/\s/g, '')
      .replace(decimal, '.');
    const negative = /^\((.*)\)$/.exec(plain);
    const number = negative ? `-${negative[1]}` : plain;
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(number) ? number : null;
  }),
  /** The arguments of a function are not what it takes. */
  refuse: strict(['whole', 'text'], 'text', (number: number, text: string) => {
    throw new SqlError(number, text);
  }),
} as const satisfies Readonly<Record<string, HostFunction>>;
