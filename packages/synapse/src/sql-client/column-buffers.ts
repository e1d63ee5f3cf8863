import type { ColumnKind, ColumnType } from '@crossview/columns';
import { type Data, type DataType, makeData } from 'apache-arrow';

/** Collects the values of one column and hands them over as Arrow data. */
export interface ColumnBuffer {
  append(value: unknown): void;
  /** Bytes collected since the last `take`. */
  readonly bytes: number;
  /** What was collected; the buffer is empty afterwards. */
  take(): Data;
}

class Validity {
  bits = new Uint8Array(1024);
  length = 0;
  nulls = 0;

  push(valid: boolean): void {
    if (this.length >> 3 >= this.bits.length) {
      const wider = new Uint8Array(this.bits.length * 2);
      wider.set(this.bits);
      this.bits = wider;
    }
    if (valid) this.bits[this.length >> 3] = (this.bits[this.length >> 3] as number) | (1 << (this.length & 7));
    else this.nulls++;
    this.length++;
  }

  take(): { length: number; nullCount: number; nullBitmap: Uint8Array } {
    const taken = { length: this.length, nullCount: this.nulls, nullBitmap: this.bits };
    this.bits = new Uint8Array(this.bits.length);
    this.length = 0;
    this.nulls = 0;
    return taken;
  }
}

type TypedArray = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array | BigInt64Array | Uint32Array;

/** Values of the same width; `lanes` array elements hold one value. */
class FixedBuffer implements ColumnBuffer {
  readonly #validity = new Validity();
  #values: TypedArray;

  constructor(
    private readonly type: DataType,
    private readonly make: (length: number) => TypedArray,
    private readonly lanes: number,
    private readonly put: (values: TypedArray, index: number, value: unknown) => void,
  ) {
    this.#values = make(1024 * lanes);
  }

  get bytes(): number {
    return this.#validity.length * this.lanes * this.#values.BYTES_PER_ELEMENT;
  }

  append(value: unknown): void {
    const index = this.#validity.length * this.lanes;
    if (index >= this.#values.length) {
      const wider = this.make(this.#values.length * 2);
      (wider as Uint32Array).set(this.#values as Uint32Array);
      this.#values = wider;
    }
    this.#validity.push(value !== null);
    if (value !== null) this.put(this.#values, index, value);
  }

  take(): Data {
    const validity = this.#validity.take();
    const values = this.#values;
    this.#values = this.make(values.length);
    return makeData({ type: this.type as never, ...validity, data: values as never });
  }
}

class BooleanBuffer implements ColumnBuffer {
  readonly #validity = new Validity();
  readonly #values = new Validity();

  constructor(private readonly type: DataType) {}

  get bytes(): number {
    return this.#validity.length >> 3;
  }

  append(value: unknown): void {
    this.#validity.push(value !== null);
    this.#values.push(value === true);
  }

  take(): Data {
    return makeData({
      type: this.type as never,
      ...this.#validity.take(),
      data: this.#values.take().nullBitmap as never,
    });
  }
}

/** Text as UTF-8, or bytes. */
class VariableBuffer implements ColumnBuffer {
  readonly #validity = new Validity();
  #offsets = new Int32Array(1025);
  #values = Buffer.allocUnsafe(64 * 1024);
  #end = 0;

  constructor(private readonly type: DataType) {}

  get bytes(): number {
    return this.#end + this.#validity.length * 4;
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= this.#values.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.#values.length * 2, this.#end + bytes));
    this.#values.copy(wider, 0, 0, this.#end);
    this.#values = wider;
  }

  append(value: unknown): void {
    this.#validity.push(value !== null);
    if (typeof value === 'string') {
      this.#room(value.length * 3);
      this.#end += this.#values.write(value, this.#end, 'utf8');
    } else if (value instanceof Uint8Array) {
      this.#room(value.length);
      this.#values.set(value, this.#end);
      this.#end += value.length;
    }
    const { length } = this.#validity;
    if (length >= this.#offsets.length) {
      const wider = new Int32Array(this.#offsets.length * 2);
      wider.set(this.#offsets);
      this.#offsets = wider;
    }
    this.#offsets[length] = this.#end;
  }

  take(): Data {
    const validity = this.#validity.take();
    const data = makeData({
      type: this.type as never,
      ...validity,
      valueOffsets: this.#offsets.slice(0, validity.length + 1) as never,
      data: Uint8Array.prototype.slice.call(this.#values, 0, this.#end) as never,
    });
    this.#end = 0;
    return data;
  }
}

function putBigInt(values: TypedArray, index: number, value: unknown): void {
  (values as BigInt64Array)[index] = value as bigint;
}

function putNumber(values: TypedArray, index: number, value: unknown): void {
  (values as Float64Array)[index] = value as number;
}

/** 128 bits, two's complement, the lowest word first. */
function putDecimal(values: TypedArray, index: number, value: unknown): void {
  let rest = BigInt.asUintN(128, value as bigint);
  for (let word = 0; word < 4; word++) {
    (values as Uint32Array)[index + word] = Number(rest & 0xffff_ffffn);
    rest >>= 32n;
  }
}

const number = (make: (length: number) => TypedArray) => (type: DataType) => new FixedBuffer(type, make, 1, putNumber);
const wide = (type: DataType) => new FixedBuffer(type, (length) => new BigInt64Array(length), 1, putBigInt);
const variable = (type: DataType) => new VariableBuffer(type);
const text = (type: DataType): ColumnBuffer => {
  const buffer = new VariableBuffer(type);
  return {
    // A sql_variant holds a value of any type; its column is text.
    append: (value) => buffer.append(value === null || typeof value === 'string' ? value : variantText(value)),
    get bytes() {
      return buffer.bytes;
    },
    take: () => buffer.take(),
  };
};

function variantText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  return String(value);
}

const none = (): never => {
  throw new TypeError('A result set of a SQL pool has no column of this kind.');
};

/** Only the kinds that `sqlTypes` of columns gives can come from a pool. */
const buffers: Readonly<Record<ColumnKind, (type: DataType) => ColumnBuffer>> = {
  null: none,
  boolean: (type) => new BooleanBuffer(type),
  byte: number((length) => new Int8Array(length)),
  short: number((length) => new Int16Array(length)),
  integer: number((length) => new Int32Array(length)),
  long: wide,
  float: number((length) => new Float32Array(length)),
  double: number((length) => new Float64Array(length)),
  decimal: (type) => new FixedBuffer(type, (length) => new Uint32Array(length), 4, putDecimal),
  string: text,
  binary: variable,
  date: number((length) => new Int32Array(length)),
  time: wide,
  timestamp: wide,
  timestampNtz: wide,
  yearMonthInterval: none,
  dayTimeInterval: none,
  calendarInterval: none,
  array: none,
  struct: none,
  map: none,
  variant: none,
};

export function columnBuffer(column: ColumnType, type: DataType): ColumnBuffer {
  return buffers[column.kind](type);
}
