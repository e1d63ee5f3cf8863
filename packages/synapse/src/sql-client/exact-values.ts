import { createRequire } from 'node:module';

/*
 * tedious turns decimals and money into JavaScript numbers, which have 15 digits, and dates into objects. A pool's decimal has up to
 * 38 digits, so these types are read here, into whole numbers: unscaled decimals, days, microseconds. The hook is the one function
 * that both of tedious's row parsers call; its version is pinned, and a test compares every type with the server's own text.
 */

interface Column {
  readonly type: { readonly name: string };
  readonly scale?: number | undefined;
}

interface ReadResult {
  readonly value: unknown;
  readonly offset: number;
}

type ReadValue = (buffer: Buffer, offset: number, metadata: Column, options: unknown) => ReadResult;

const require = createRequire(import.meta.url);
const parser = require('tedious/lib/value-parser.js') as { readValue: ReadValue };
const { NotEnoughDataError } = require('tedious/lib/token/helpers.js') as {
  NotEnoughDataError: new (byteCount: number) => Error;
};

function need(buffer: Buffer, end: number): void {
  if (buffer.length < end) throw new NotEnoughDataError(end);
}

/** Days from 0001-01-01, where TDS counts from, to 1970-01-01. */
const daysToEpoch = 719_162;
/** Days from 1900-01-01, where the older types count from, to 1970-01-01. */
const daysFrom1900 = 25_567;
const microsecondsPerDay = 86_400_000_000n;

/** A value behind a byte with its length; 0 is NULL. */
function lengthPrefixed(
  read: (buffer: Buffer, offset: number, length: number, column: Column) => unknown,
): (buffer: Buffer, offset: number, column: Column) => ReadResult {
  return (buffer, offset, column) => {
    need(buffer, offset + 1);
    const length = buffer[offset] as number;
    if (length === 0) return { value: null, offset: offset + 1 };
    need(buffer, offset + 1 + length);
    return { value: read(buffer, offset + 1, length, column), offset: offset + 1 + length };
  };
}

function fixed(length: number, read: (buffer: Buffer, offset: number) => unknown) {
  return (buffer: Buffer, offset: number): ReadResult => {
    need(buffer, offset + length);
    return { value: read(buffer, offset), offset: offset + length };
  };
}

/** [MS-TDS] 2.2.5.5.1.6: a sign byte, then the digits as a little-endian whole number. */
function unscaled(buffer: Buffer, offset: number, length: number): bigint {
  let value = BigInt(buffer.readUInt32LE(offset + 1));
  for (let word = 1; word * 4 < length - 1; word++)
    value |= BigInt(buffer.readUInt32LE(offset + 1 + word * 4)) << BigInt(word * 32);
  return buffer[offset] === 1 ? value : -value;
}

function money(buffer: Buffer, offset: number): bigint {
  return (BigInt(buffer.readInt32LE(offset)) << 32n) | BigInt(buffer.readUInt32LE(offset + 4));
}

function timeOfDay(buffer: Buffer, offset: number, length: number, scale: number): bigint {
  const ticks = buffer.readUIntLE(offset, length);
  // At most 864,000,000,000 ticks: exact as a number. The seventh digit, 100 nanoseconds, has no place in microseconds.
  return BigInt(scale > 6 ? Math.floor(ticks / 10) : ticks * 10 ** (6 - scale));
}

function days(buffer: Buffer, offset: number): number {
  return buffer.readUIntLE(offset, 3) - daysToEpoch;
}

function dateTime(buffer: Buffer, offset: number): bigint {
  const day = BigInt(buffer.readInt32LE(offset) - daysFrom1900);
  // Ticks of 1/300 s; SQL Server shows them rounded to milliseconds.
  const milliseconds = Math.round((buffer.readUInt32LE(offset + 4) * 10) / 3);
  return day * microsecondsPerDay + BigInt(milliseconds) * 1000n;
}

function smallDateTime(buffer: Buffer, offset: number): bigint {
  const day = BigInt(buffer.readUInt16LE(offset) - daysFrom1900);
  return day * microsecondsPerDay + BigInt(buffer.readUInt16LE(offset + 2)) * 60_000_000n;
}

function integer(buffer: Buffer, offset: number, length: number): number | bigint {
  if (length === 8) return buffer.readBigInt64LE(offset);
  return length === 1 ? buffer.readUInt8(offset) : buffer.readIntLE(offset, length);
}

/** The date comes behind the time; the time of a datetimeoffset is UTC, whatever the offset behind it says. */
const timestamp =
  (trailing: number) =>
  (buffer: Buffer, offset: number, length: number, column: Column): bigint => {
    const timeLength = length - 3 - trailing;
    const day = BigInt(days(buffer, offset + timeLength));
    return day * microsecondsPerDay + timeOfDay(buffer, offset, timeLength, column.scale ?? 7);
  };

const exact: Readonly<Record<string, (buffer: Buffer, offset: number, column: Column) => ReadResult>> = {
  BigInt: fixed(8, (buffer, offset) => buffer.readBigInt64LE(offset)),
  IntN: lengthPrefixed(integer),
  DecimalN: lengthPrefixed(unscaled),
  NumericN: lengthPrefixed(unscaled),
  Money: fixed(8, money),
  SmallMoney: fixed(4, (buffer, offset) => BigInt(buffer.readInt32LE(offset))),
  MoneyN: lengthPrefixed((buffer, offset, length) =>
    length === 4 ? BigInt(buffer.readInt32LE(offset)) : money(buffer, offset),
  ),
  Date: lengthPrefixed((buffer, offset) => days(buffer, offset)),
  Time: lengthPrefixed((buffer, offset, length, column) => timeOfDay(buffer, offset, length, column.scale ?? 7)),
  DateTime: fixed(8, dateTime),
  SmallDateTime: fixed(4, smallDateTime),
  DateTimeN: lengthPrefixed((buffer, offset, length) =>
    length === 4 ? smallDateTime(buffer, offset) : dateTime(buffer, offset),
  ),
  DateTime2: lengthPrefixed(timestamp(0)),
  DateTimeOffset: lengthPrefixed(timestamp(2)),
};

let hooked = false;

/** From now on tedious's rows hold whole numbers for the types above. May be called twice. */
export function readExactValues(): void {
  if (hooked) return;
  hooked = true;
  const { readValue } = parser;
  parser.readValue = (buffer, offset, metadata, options) => {
    const read = exact[metadata.type.name];
    return read === undefined ? readValue(buffer, offset, metadata, options) : read(buffer, offset, metadata);
  };
}
