import type { Json } from '@crossview/contracts';
import { DataType, type Decimal, type Field, type Timestamp, TimeUnit, type Vector } from 'apache-arrow';

const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};
const fractionDigits: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 0,
  [TimeUnit.MILLISECOND]: 3,
  [TimeUnit.MICROSECOND]: 6,
  [TimeUnit.NANOSECOND]: 9,
};

/** Fixed-point digits from the little-endian two's complement words that Arrow keeps decimals in. */
function decimalText(words: Uint32Array, scale: number): string {
  let value = 0n;
  for (let at = words.length - 1; at >= 0; at -= 1) value = (value << 32n) | BigInt(words[at] ?? 0);
  value = BigInt.asIntN(words.length * 32, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  if (scale <= 0) return sign + digits + '0'.repeat(-scale);
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `2013-01-01 05:00:00`, with fraction only where there is one, and `Z` for a moment in time. */
function timestampText(ticks: bigint, { unit, timezone }: Timestamp): string {
  const scale = perSecond[unit];
  const fraction = ((ticks % scale) + scale) % scale;
  const seconds = Number((ticks - fraction) / scale);
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return `${ticks}`;
  const whole = moment.toISOString().slice(0, -5).replace('T', ' ');
  const digits = fraction.toString().padStart(fractionDigits[unit], '0').replace(/0+$/, '');
  return `${whole}${fraction === 0n ? '' : `.${digits}`}${timezone ? 'Z' : ''}`;
}

/** What a front end gets: numbers that JSON can carry without loss as numbers, everything else as text. */
export function toJson(value: unknown, type: DataType): Json {
  if (value === null || value === undefined) return null;
  if (DataType.isDictionary(type)) return toJson(value, type.dictionary);
  if (DataType.isDecimal(type)) return decimalText(value as Uint32Array, (type as Decimal).scale);
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTimestamp(type)) {
    const ticks =
      typeof value === 'bigint' ? value : BigInt(Math.round((Number(value) * Number(perSecond[type.unit])) / 1000));
    return timestampText(ticks, type);
  }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type))
    return `0x${Buffer.from(value as Uint8Array).toString('hex')}`;
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const item = (type.children as Field[])[0]!.type as DataType;
    return Array.from(value as Vector, (it: unknown) => toJson(it, item));
  }
  if (DataType.isStruct(type)) {
    const row = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries((type.children as Field[]).map((it) => [it.name, toJson(row[it.name], it.type)]));
  }
  if (DataType.isMap(type)) {
    const [, item] = ((type.children as Field[])[0]!.type as DataType).children as Field[];
    const entries = value as Iterable<[unknown, unknown]>;
    return Object.fromEntries([...entries].map(([key, it]) => [String(key), toJson(it, item!.type)]));
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return String(value);
}

/** One value of a column, exact also where Arrow's JavaScript library rounds (timestamps). */
export function valueAt(column: Vector, row: number): Json {
  const type = column.type as DataType;
  if (DataType.isTimestamp(type) && column.isValid(row)) {
    const values: unknown = column.data[0]?.values;
    if (column.data.length === 1 && values instanceof BigInt64Array) return toJson(values[row], type);
  }
  return toJson(column.get(row), type);
}

export function toText(value: Json): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
