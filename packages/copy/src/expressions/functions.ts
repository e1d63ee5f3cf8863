import { randomUUID } from 'node:crypto';
import type { Json } from '@crossview/contracts';
import { dateFunctions } from './date-functions.js';
import { ExpressionValueError } from './expression-errors.js';
import { boolean, list, number, text, type ValueFunction } from './values.js';

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

const compare = (a: Json | undefined, b: Json | undefined): number =>
  typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : number(a) - number(b);

const inside = (whole: Json | undefined, part: Json | undefined): boolean => {
  if (typeof whole === 'string') return whole.includes(text(part));
  if (Array.isArray(whole)) return whole.some((item) => same(item as Json, part));
  return typeof whole === 'object' && whole !== null && text(part) in whole;
};

const sizeOf = (value: Json | undefined): number =>
  typeof value === 'string' ? value.length : Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;

/** Functions of Data Factory's expression language that datasets, sources and paths commonly use; names ignore case. */
export const valueFunctions: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>(
  Object.entries({
    concat: (...values) =>
      values.every(Array.isArray) && values.length > 0 ? (values.flat() as Json) : values.map(text).join(''),
    string: text,
    int: (value) => Math.trunc(number(value)),
    float: number,
    bool: (value) => (typeof value === 'number' ? value !== 0 : boolean(value)),
    json: (value) => JSON.parse(text(value)) as Json,
    toLower: (value) => text(value).toLowerCase(),
    toUpper: (value) => text(value).toUpperCase(),
    trim: (value) => text(value).trim(),
    replace: (value, old, fresh) => text(value).replaceAll(text(old), text(fresh)),
    substring: (value, start, length) => {
      const from = number(start);
      const whole = text(value);
      const to = length === undefined ? whole.length : from + number(length);
      if (from < 0 || to > whole.length) throw new ExpressionValueError('the part lies outside of the text');
      return whole.slice(from, to);
    },
    split: (value, at) => text(value).split(text(at)),
    join: (values, between) => list(values).map(text).join(text(between)),
    indexOf: (value, part) => text(value).toLowerCase().indexOf(text(part).toLowerCase()),
    lastIndexOf: (value, part) => text(value).toLowerCase().lastIndexOf(text(part).toLowerCase()),
    startsWith: (value, part) => text(value).toLowerCase().startsWith(text(part).toLowerCase()),
    endsWith: (value, part) => text(value).toLowerCase().endsWith(text(part).toLowerCase()),
    contains: inside,
    length: sizeOf,
    empty: (value) => sizeOf(value) === 0,
    first: (value) => (typeof value === 'string' ? (value[0] ?? '') : (list(value)[0] ?? null)),
    last: (value) => (typeof value === 'string' ? (value.at(-1) ?? '') : (list(value).at(-1) ?? null)),
    take: (value, count) =>
      typeof value === 'string' ? value.slice(0, number(count)) : list(value).slice(0, number(count)),
    skip: (value, count) => list(value).slice(number(count)),
    createArray: (...values) => values as Json,
    equals: same,
    not: (value) => !boolean(value),
    and: (...values) => values.every(boolean),
    or: (...values) => values.some(boolean),
    greater: (a, b) => compare(a, b) > 0,
    greaterOrEquals: (a, b) => compare(a, b) >= 0,
    less: (a, b) => compare(a, b) < 0,
    lessOrEquals: (a, b) => compare(a, b) <= 0,
    add: (a, b) => number(a) + number(b),
    sub: (a, b) => number(a) - number(b),
    mul: (a, b) => number(a) * number(b),
    div: (a, b) => {
      if (number(b) === 0) throw new ExpressionValueError('division by zero');
      const quotient = number(a) / number(b);
      return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(quotient) : quotient;
    },
    mod: (a, b) => number(a) % number(b),
    min: (...values) => Math.min(...values.flat().map((value) => number(value as Json))),
    max: (...values) => Math.max(...values.flat().map((value) => number(value as Json))),
    range: (start, count) => Array.from({ length: number(count) }, (_, index) => number(start) + index),
    coalesce: (...values) => values.find((value) => value !== null && value !== undefined) ?? null,
    guid: () => randomUUID(),
    base64: (value) => Buffer.from(text(value), 'utf8').toString('base64'),
    base64ToString: (value) => Buffer.from(text(value), 'base64').toString('utf8'),
    uriComponent: (value) => encodeURIComponent(text(value)),
    encodeUriComponent: (value) => encodeURIComponent(text(value)),
    decodeUriComponent: (value) => decodeURIComponent(text(value)),
    array: (value) => [value ?? null],
    union: (...lists) => {
      const items: Json[] = [];
      for (const item of lists.flatMap((one) => list(one)))
        if (!items.some((known) => same(known, item))) items.push(item);
      return items;
    },
    intersection: (first, ...others) =>
      list(first).filter((item) => others.every((other) => list(other).some((known) => same(known, item)))),
    rand: (least, most) => Math.floor(number(least) + Math.random() * (number(most) - number(least))),
    ...dateFunctions,
  } satisfies Record<string, ValueFunction>).map(([name, call]) => [name.toLowerCase(), call]),
);

/** How a value stands inside of `@{...}`. */
export const interpolated = text;

/** Whether `if` takes its second argument. */
export const isTrue = boolean;
