/** Types of Thrift's compact protocol. */
export const Kind = {
  yes: 1,
  no: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

export interface List {
  readonly kind: number;
  readonly items: Value[];
}

export type Value = boolean | number | bigint | Uint8Array | List | Struct;

export interface Field {
  readonly kind: number;
  value: Value;
}

/** A struct by field number: what is not known stays as it is. */
export type Struct = Map<number, Field>;

/** Reads structs of Thrift's compact protocol, as Parquet has them in page headers and footers. */
export class CompactReader {
  offset: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  struct(): Struct {
    const fields: Struct = new Map();
    let id = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const kind = head & 0x0f;
      id = head >> 4 ? id + (head >> 4) : Number(this.#zigzag());
      fields.set(id, { kind, value: this.#value(kind, false) });
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new RangeError('a Thrift struct ends inside a field');
    return byte;
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return value & 1n ? -((value + 1n) >> 1n) : value >> 1n;
  }

  #take(count: number): Uint8Array {
    const start = this.offset;
    this.offset += count;
    if (this.offset > this.#bytes.length) throw new RangeError('a Thrift struct ends inside a value');
    return this.#bytes.slice(start, this.offset);
  }

  /** Booleans of fields stand in the field's kind, those of lists in a byte of their own. */
  #value(kind: number, inList: boolean): Value {
    switch (kind) {
      case Kind.yes:
        return inList ? this.#byte() === Kind.yes : true;
      case Kind.no:
        return inList ? this.#byte() === Kind.yes : false;
      case Kind.byte:
        return this.#byte();
      case Kind.i16:
      case Kind.i32:
        return Number(this.#zigzag());
      case Kind.i64:
        return this.#zigzag();
      case Kind.double:
        return this.#take(8);
      case Kind.binary:
        return this.#take(Number(this.#varint()));
      case Kind.list:
      case Kind.set: {
        const head = this.#byte();
        const count = head >> 4 === 15 ? Number(this.#varint()) : head >> 4;
        const items: Value[] = [];
        for (let index = 0; index < count; index++) items.push(this.#value(head & 0x0f, true));
        return { kind: head & 0x0f, items };
      }
      case Kind.struct:
        return this.struct();
      default:
        throw new RangeError(`a Thrift value of the kind ${kind}`);
    }
  }
}

/** The other way. */
export function writeStruct(fields: Struct): Uint8Array {
  const out: number[] = [];
  putStruct(out, fields);
  return Uint8Array.from(out);
}

function putStruct(out: number[], fields: Struct): void {
  let last = 0;
  for (const id of [...fields.keys()].sort((a, b) => a - b)) {
    const { kind, value } = fields.get(id)!;
    const real = kind === Kind.yes || kind === Kind.no ? (value === true ? Kind.yes : Kind.no) : kind;
    if (id - last > 0 && id - last <= 15) out.push(((id - last) << 4) | real);
    else {
      out.push(real);
      putZigzag(out, BigInt(id));
    }
    last = id;
    if (real !== Kind.yes && real !== Kind.no) putValue(out, kind, value);
  }
  out.push(0);
}

function putVarint(out: number[], value: bigint): void {
  let left = value;
  while (left > 127n) {
    out.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  out.push(Number(left));
}

function putZigzag(out: number[], value: bigint): void {
  putVarint(out, value < 0n ? -value * 2n - 1n : value * 2n);
}

function putBytes(out: number[], bytes: Uint8Array): void {
  for (const byte of bytes) out.push(byte);
}

function putValue(out: number[], kind: number, value: Value): void {
  switch (kind) {
    case Kind.yes:
    case Kind.no:
      out.push(value === true ? Kind.yes : Kind.no);
      return;
    case Kind.byte:
      out.push(value as number);
      return;
    case Kind.i16:
    case Kind.i32:
    case Kind.i64:
      putZigzag(out, BigInt(value as number | bigint));
      return;
    case Kind.double:
      putBytes(out, value as Uint8Array);
      return;
    case Kind.binary:
      putVarint(out, BigInt((value as Uint8Array).length));
      putBytes(out, value as Uint8Array);
      return;
    case Kind.struct:
      putStruct(out, value as Struct);
      return;
    default: {
      const { kind: inner, items } = value as List;
      if (items.length < 15) out.push((items.length << 4) | inner);
      else {
        out.push(0xf0 | inner);
        putVarint(out, BigInt(items.length));
      }
      for (const item of items) putValue(out, inner, item);
    }
  }
}
