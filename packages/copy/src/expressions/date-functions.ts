import type { Json } from '@crossview/contracts';
import { formatDateTime, parseDateTime } from './date-time.js';
import { ExpressionValueError } from './expression-errors.js';
import { number, text, type ValueFunction } from './values.js';

const second = 1_000;
const day = 86_400 * second;

/** Units of `addToTime` and its like: a fixed time, or a number of months. */
const units: Readonly<Record<string, { readonly milliseconds: number } | { readonly months: number }>> = {
  second: { milliseconds: second },
  minute: { milliseconds: 60 * second },
  hour: { milliseconds: 3_600 * second },
  day: { milliseconds: day },
  week: { milliseconds: 7 * day },
  month: { months: 1 },
  year: { months: 12 },
};

function shifted(from: number, amount: number, unit: string): number {
  const size = units[unit.toLowerCase()];
  if (size === undefined)
    throw new ExpressionValueError(`"${unit}" is no unit of time; there are ${Object.keys(units).join(', ')}`);
  return 'months' in size ? addMonths(from, amount * size.months) : from + amount * size.milliseconds;
}

/** The same day of another month, or its last one. */
function addMonths(from: number, months: number): number {
  const date = new Date(from);
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return date.getTime();
}

const shown = (milliseconds: number, format: Json | undefined): string =>
  formatDateTime(milliseconds, format === undefined ? 'o' : text(format));

const moment = (value: Json | undefined): number => parseDateTime(text(value));
const dateOf = (value: Json | undefined): Date => new Date(moment(value));

const add =
  (unit: string): ValueFunction =>
  (when, amount, format) =>
    shown(shifted(moment(when), number(amount), unit), format);

/** `floor` gives the beginning of what a moment lies in. */
const startOf =
  (floor: (date: Date) => number): ValueFunction =>
  (when, format) =>
    shown(floor(dateOf(when)), format);

/** Functions of dates and times; all of them think in UTC. */
export const dateFunctions: Readonly<Record<string, ValueFunction>> = {
  utcNow: (format) => shown(Date.now(), format),
  formatDateTime: (when, format) => shown(moment(when), format),
  addDays: add('day'),
  addHours: add('hour'),
  addMinutes: add('minute'),
  addSeconds: add('second'),
  addToTime: (when, amount, unit, format) => shown(shifted(moment(when), number(amount), text(unit)), format),
  subtractFromTime: (when, amount, unit, format) => shown(shifted(moment(when), -number(amount), text(unit)), format),
  getFutureTime: (amount, unit, format) => shown(shifted(Date.now(), number(amount), text(unit)), format),
  getPastTime: (amount, unit, format) => shown(shifted(Date.now(), -number(amount), text(unit)), format),
  startOfHour: startOf((date) => date.setUTCMinutes(0, 0, 0)),
  startOfDay: startOf((date) => date.setUTCHours(0, 0, 0, 0)),
  startOfMonth: startOf((date) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)),
  dayOfWeek: (when) => dateOf(when).getUTCDay(),
  dayOfMonth: (when) => dateOf(when).getUTCDate(),
  dayOfYear: (when) => {
    const date = dateOf(when);
    return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / day) + 1;
  },
};
