import { CrossviewError } from '@crossview/contracts';
import { type Data, type DataType, type Decimal, makeData, Type } from 'apache-arrow';
import { readDate, writeTimestamp } from '../columns/date-text.js';
import { writeDecimal } from '../columns/decimal-text.js';

/** A column of a result, as the server sent it. */
export interface WireColumn {
  /** Field of the union TColumn: 1 bool, 2 byte, 3 i16, 4 i32, 5 i64, 6 double, 7 string, 8 binary. */
  readonly kind: number;
  /** The values as they lie in the message, numbers in big-endian order, strings with their lengths in front. */
  readonly bytes: Buffer;
  readonly length: number;
  /** A set bit is a NULL, lowest bit first; may be shorter than the column, the rest is no NULL then. */
  readonly nulls: Uint8Array;
}

const valueSize: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 8 };

/** Copies a column into Arrow's layout. */
export function columnToArrow(column: WireColumn, type: DataType, name: string): Data {
  const { length } = column;
  const { bitmap, nullCount } = validity(column);
  const common = { length, nullCount, nullBitmap: nullCount === 0 ? undefined : bitmap };
  const unreadable = (row: number, text: string, cause?: unknown) =>
    new CrossviewError('COPY_VALUE_UNREADABLE', `column ${name}: "${text}" is no ${type}`, {
      hint: 'Cast the column in the query to the type that the sink should see.',
      facts: { column: name, row },
      cause,
    });
  const isText = column.kind === 7 || column.kind === 8;
  const make = (data: unknown): Data => makeData({ type, ...common, data } as never) as Data;

  switch (type.typeId) {
    case Type.Utf8:
    case Type.Binary: {
      if (!isText) throw unreadable(0, `a value of kind ${column.kind}`);
      const { offsets, data } = texts(column);
      return makeData({ type, ...common, valueOffsets: offsets, data } as never) as Data;
    }
    case Type.Bool:
      return make(bits(column));
    case Type.Int:
    case Type.Int8:
    case Type.Int16:
    case Type.Int32:
    case Type.Int64:
      return make(integers(column, (type as DataType & { bitWidth: number }).bitWidth));
    case Type.Float:
    case Type.Float32:
    case Type.Float64: {
      const doubles = numbers(column) as Float64Array;
      return make((type as DataType & { precision: number }).precision === 1 ? new Float32Array(doubles) : doubles);
    }
    case Type.Date:
    case Type.DateDay: {
      const days = new Int32Array(length);
      eachText(column, bitmap, (bytes, start, end, row) => {
        const day = readDate(bytes, start, end);
        if (day === undefined) throw unreadable(row, bytes.toString('utf8', start, end));
        days[row] = day;
      });
      return make(days);
    }
    case Type.Timestamp:
    case Type.TimestampMicrosecond: {
      if (column.kind === 5) return make(numbers(column));
      const micros = new BigInt64Array(length);
      const halves = new Int32Array(micros.buffer);
      eachText(column, bitmap, (bytes, start, end, row) => {
        if (!writeTimestamp(bytes, start, end, micros, halves, row))
          throw unreadable(row, bytes.toString('utf8', start, end));
      });
      return make(micros);
    }
    case Type.Decimal: {
      const words = new Uint32Array(length * 4);
      const { scale } = type as Decimal;
      eachText(column, bitmap, (bytes, start, end, row) => {
        if (!writeDecimal(bytes, start, end, scale, words, row * 4))
          throw unreadable(row, bytes.toString('utf8', start, end));
      });
      return make(words);
    }
    default:
      throw unreadable(0, 'a value');
  }
}

/** Arrow's bitmap says what is there, Hive's says what is not. */
function validity({ nulls, length }: WireColumn): { bitmap: Uint8Array; nullCount: number } {
  const bitmap = new Uint8Array(((length + 63) >> 6) << 3).fill(255);
  const used = Math.min(nulls.length, (length + 7) >> 3);
  let nullCount = 0;
  for (let index = 0; index < used; index += 1) {
    let byte = nulls[index]!;
    if (byte === 0) continue;
    if (index === length >> 3) byte &= (1 << (length & 7)) - 1;
    bitmap[index] = ~byte & 255;
    for (; byte !== 0; byte &= byte - 1) nullCount += 1;
  }
  return { bitmap, nullCount };
}

/** The numbers in this machine's byte order. */
function numbers(column: WireColumn): Int8Array | Int16Array | Int32Array | BigInt64Array | Float64Array {
  const size = valueSize[column.kind];
  if (size === undefined) throw new TypeError(`a column of kind ${column.kind} holds no numbers`);
  const copy = new Uint8Array(column.length * size);
  copy.set(column.bytes);
  const view = Buffer.from(copy.buffer);
  switch (column.kind) {
    case 3:
      view.swap16();
      return new Int16Array(copy.buffer);
    case 4:
      view.swap32();
      return new Int32Array(copy.buffer);
    case 5:
      view.swap64();
      return new BigInt64Array(copy.buffer);
    case 6:
      view.swap64();
      return new Float64Array(copy.buffer);
    default:
      return new Int8Array(copy.buffer);
  }
}

/** Servers send small integers in wider columns (HiveServer2 of Spark 2 sends a byte as i16). */
function integers(column: WireColumn, bitWidth: number): ArrayBufferView {
  const values = numbers(column);
  if (values.BYTES_PER_ELEMENT * 8 === bitWidth) return values;
  const narrow = values as Int32Array;
  if (bitWidth === 8) return new Int8Array(narrow);
  if (bitWidth === 16) return new Int16Array(narrow);
  if (bitWidth === 32) return new Int32Array(narrow);
  return BigInt64Array.from(narrow as unknown as ArrayLike<bigint>, (value) => BigInt(value));
}

function bits({ bytes, length }: WireColumn): Uint8Array {
  const packed = new Uint8Array(((length + 63) >> 6) << 3);
  for (let row = 0; row < length; row += 1) if (bytes[row] !== 0) packed[row >> 3]! |= 1 << (row & 7);
  return packed;
}

function texts({ bytes, length }: WireColumn): { offsets: Int32Array; data: Uint8Array } {
  const offsets = new Int32Array(length + 1);
  const data = new Uint8Array(bytes.length - length * 4);
  let from = 0;
  let to = 0;
  for (let row = 0; row < length; row += 1) {
    const size = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
    from += 4;
    // A call per string costs more than a few bytes do.
    if (size < 32) for (let index = 0; index < size; index += 1) data[to + index] = bytes[from + index]!;
    else data.set(bytes.subarray(from, from + size), to);
    from += size;
    to += size;
    offsets[row + 1] = to;
  }
  return { offsets, data };
}

function eachText(
  { bytes, length, kind }: WireColumn,
  bitmap: Uint8Array,
  visit: (bytes: Buffer, start: number, end: number, row: number) => void,
): void {
  if (kind !== 7) throw new TypeError(`a column of kind ${kind} holds no text`);
  let position = 0;
  for (let row = 0; row < length; row += 1) {
    const start = position + 4;
    const end =
      start +
      ((bytes[position]! << 24) | (bytes[position + 1]! << 16) | (bytes[position + 2]! << 8) | bytes[position + 3]!);
    if (((bitmap[row >> 3]! >> (row & 7)) & 1) === 1) visit(bytes, start, end, row);
    position = end;
  }
}
