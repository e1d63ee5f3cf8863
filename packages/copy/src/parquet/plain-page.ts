import type { ColumnValues } from './column-values.js';
import { type ParquetColumn, physical } from './format.js';
import { Scratch } from './scratch.js';

const scratch = new Scratch();
const pages = new Scratch();

/**
 * A data page (version 1) of one Arrow column: definition levels, then the values that are there, PLAIN. Arrow's validity bitmap
 * is, bit for bit, a bit-packed run of definition levels.
 * @returns bytes that are valid until the next call: a page is made for every column of every batch, and no garbage with it.
 */
export function plainPage(column: ParquetColumn, data: ColumnValues): Buffer {
  const values = encodeValues(column, data);
  const levels = definitionLevels(data);
  const page = bufferOf(pages.take(4 + levels.length + values.length));
  page.writeUInt32LE(levels.length, 0);
  page.set(levels, 4);
  page.set(values, 4 + levels.length);
  return page;
}

function definitionLevels(data: ColumnValues): Uint8Array {
  const { length } = data;
  if (data.nullCount === 0) return Uint8Array.from([...varint(length * 2), 1]);
  const groups = (length + 7) >> 3;
  const header = varint(groups * 2 + 1);
  const levels = new Uint8Array(header.length + groups);
  levels.set(header);
  if (data.offset % 8 === 0)
    levels.set(data.nullBitmap.subarray(data.offset >> 3, (data.offset >> 3) + groups), header.length);
  else
    for (let row = 0; row < length; row += 1)
      if (isThere(data, row)) levels[header.length + (row >> 3)]! |= 1 << (row & 7);
  if (length % 8 !== 0) levels[levels.length - 1]! &= (1 << (length % 8)) - 1;
  return levels;
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left > 127) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
  return bytes;
}

function isThere(data: ColumnValues, row: number): boolean {
  const at = data.offset + row;
  return data.nullCount === 0 || ((data.nullBitmap[at >> 3]! >> (at & 7)) & 1) === 1;
}

function encodeValues(column: ParquetColumn, data: ColumnValues): Uint8Array {
  switch (column.physical) {
    case physical.boolean:
      return booleans(data);
    case physical.int96:
      return int96(data);
    case physical.bytes:
      return texts(data);
    case physical.int32:
      return bytesOf(column.precision === undefined ? present(data, 1, Int32Array) : words(data, 1));
    case physical.int64:
      return bytesOf(column.precision === undefined ? present(data, 1, BigInt64Array) : words(data, 2));
    case physical.float:
      return bytesOf(present(data, 1, Float32Array));
    case physical.double:
      return bytesOf(present(data, 1, Float64Array));
    default:
      return fixedDecimals(data, column.length!);
  }
}

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

interface NumberArray extends ArrayBufferView {
  readonly length: number;
  [index: number]: number | bigint;
}

/** The values that are there, in an array of the physical type. */
function present(
  data: ColumnValues,
  stride: number,
  Kind: { new (buffer: ArrayBufferLike, at: number, length: number): NumberArray; readonly BYTES_PER_ELEMENT: number },
): ArrayBufferView {
  const source = data.values as unknown as NumberArray;
  const there = data.length - data.nullCount;
  if (data.nullCount === 0 && source instanceof Kind && source.length === data.length * stride) return source;
  const count = there * stride;
  const target = new Kind(scratch.take(count * Kind.BYTES_PER_ELEMENT).buffer, 0, count);
  let to = 0;
  for (let row = 0; row < data.length; row += 1) if (isThere(data, row)) target[to++] = source[row]!;
  return target;
}

/** The lowest words of Arrow's 128-bit decimals: all of them, for few enough digits. */
function words(data: ColumnValues, count: number): Uint32Array {
  const source = data.values as unknown as Uint32Array;
  const length = (data.length - data.nullCount) * count;
  const target = new Uint32Array(scratch.take(length * 4).buffer, 0, length);
  let to = 0;
  for (let row = 0; row < data.length; row += 1) {
    if (!isThere(data, row)) continue;
    target[to++] = source[row * 4]!;
    if (count === 2) target[to++] = source[row * 4 + 1]!;
  }
  return target;
}

function fixedDecimals(data: ColumnValues, length: number): Uint8Array {
  const source = bytesOf(data.values as unknown as ArrayBufferView);
  const target = scratch.take((data.length - data.nullCount) * length);
  let to = 0;
  for (let row = 0; row < data.length; row += 1) {
    if (!isThere(data, row)) continue;
    for (let byte = length - 1; byte >= 0; byte -= 1) target[to++] = source[row * 16 + byte]!;
  }
  return target;
}

function booleans(data: ColumnValues): Uint8Array {
  const target = scratch.take((data.length - data.nullCount + 7) >> 3).fill(0);
  const source = data.values as unknown as Uint8Array;
  let to = 0;
  for (let row = 0; row < data.length; row += 1) {
    if (!isThere(data, row)) continue;
    const at = data.offset + row;
    if (((source[at >> 3]! >> (at & 7)) & 1) === 1) target[to >> 3]! |= 1 << (to & 7);
    to += 1;
  }
  return target;
}

const microsOfDay = 86_400_000_000;
/** Julian day of 1970-01-01. */
const julianEpoch = 2_440_588;

/** INT96: nanoseconds of the day in eight bytes, then the Julian day in four, lowest byte first. */
function int96(data: ColumnValues): Uint8Array {
  const micros = data.values as unknown as BigInt64Array;
  const halves = new Int32Array(micros.buffer, micros.byteOffset, micros.length * 2);
  const words = (data.length - data.nullCount) * 3;
  const target = new Uint32Array(scratch.take(words * 4).buffer, 0, words);
  let to = 0;
  for (let row = 0; row < data.length; row += 1) {
    if (!isThere(data, row)) continue;
    const high = halves[row * 2 + 1]!;
    let day: number;
    let rest: number;
    if (high > -2_097_152 && high < 2_097_152) {
      // Below 2^53 a double holds every microsecond.
      const value = high * 4_294_967_296 + (halves[row * 2]! >>> 0);
      day = Math.floor(value / microsOfDay);
      rest = value - day * microsOfDay;
    } else {
      const value = micros[row]!;
      rest = Number(((value % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n);
      day = Number((value - BigInt(rest)) / 86_400_000_000n);
    }
    const nanos = rest * 1_000;
    target[to++] = nanos % 4_294_967_296;
    target[to++] = Math.floor(nanos / 4_294_967_296);
    target[to++] = day + julianEpoch;
  }
  return bytesOf(target);
}

function texts(data: ColumnValues): Uint8Array {
  const offsets = data.valueOffsets as unknown as Int32Array;
  const source = data.values as unknown as Uint8Array;
  const there = data.length - data.nullCount;
  const target = scratch.take(offsets[data.length]! - offsets[0]! + there * 4);
  let to = 0;
  for (let row = 0; row < data.length; row += 1) {
    if (!isThere(data, row)) continue;
    const start = offsets[row]!;
    const size = offsets[row + 1]! - start;
    target[to] = size & 255;
    target[to + 1] = (size >> 8) & 255;
    target[to + 2] = (size >> 16) & 255;
    target[to + 3] = size >>> 24;
    to += 4;
    if (size < 32) for (let byte = 0; byte < size; byte += 1) target[to + byte] = source[start + byte]!;
    else target.set(source.subarray(start, start + size), to);
    to += size;
  }
  return to === target.length ? target : target.subarray(0, to);
}
