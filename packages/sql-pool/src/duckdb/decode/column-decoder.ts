import { MalformedBytes, TypeId, type TypeInfo, unlimited } from '@crossview/tds-wire';

/** Rows of a chunk that is being filled. */
export const chunkRows = 2048;

/** Where a value stands in a row (MS-TDS 2.2.5.2): the length of what stands before it, or how it is told. */
type Prefix = 'none' | 'byte' | 'short' | 'chunks' | 'pointer';

function prefixOf({ id, length }: TypeInfo): Prefix {
  switch (id) {
    case TypeId.tinyint:
    case TypeId.bit:
    case TypeId.smallint:
    case TypeId.int:
    case TypeId.bigint:
    case TypeId.real:
    case TypeId.float:
    case TypeId.money:
    case TypeId.smallmoney:
    case TypeId.datetime:
    case TypeId.smalldatetime:
      return 'none';
    case TypeId.bigVarBinary:
    case TypeId.bigBinary:
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.nVarChar:
    case TypeId.nChar:
      return length === unlimited ? 'chunks' : 'short';
    case TypeId.text:
    case TypeId.nText:
    case TypeId.image:
      return 'pointer';
    default:
      return 'byte';
  }
}

/** Fills a column of DuckDB's from the values of a bulk load, straight from the bytes on the wire. */
export abstract class ColumnDecoder {
  readonly #prefix: Prefix;
  readonly #fixed: number;
  /** A bit for each row, set when there is a value. */
  readonly valid = new Uint32Array(chunkRows / 32).fill(0xffff_ffff);
  hasNulls = false;

  constructor(type: TypeInfo) {
    this.#prefix = prefixOf(type);
    this.#fixed = type.length;
  }

  setNull(row: number): void {
    this.valid[row >> 5]! &= ~(1 << (row & 31));
    this.hasNulls = true;
  }

  /** Forgets the rows. */
  reset(): void {
    if (this.hasNulls) this.valid.fill(0xffff_ffff);
    this.hasNulls = false;
  }

  /** Reads the value at `at` into a row that has none yet. @returns where it ends, -1 when it is cut off */
  read(bytes: Uint8Array, at: number, row: number): number {
    const end = bytes.length;
    let start = at;
    let length: number;
    switch (this.#prefix) {
      case 'none':
        length = this.#fixed;
        break;
      case 'byte':
        if (at >= end) return -1;
        length = bytes[at]!;
        start = at + 1;
        if (length === 0) {
          this.setNull(row);
          return start;
        }
        break;
      case 'short':
        if (at + 2 > end) return -1;
        length = bytes[at]! | (bytes[at + 1]! << 8);
        start = at + 2;
        if (length === 0xffff) {
          this.setNull(row);
          return start;
        }
        break;
      case 'chunks':
        return this.#readChunks(bytes, at, row);
      case 'pointer': {
        // A text pointer of no length is NULL; else the pointer and a timestamp come first (MS-TDS 2.2.5.2.3).
        if (at >= end) return -1;
        const pointer = bytes[at]!;
        if (pointer === 0) {
          this.setNull(row);
          return at + 1;
        }
        start = at + 1 + pointer + 8 + 4;
        if (start > end) return -1;
        length = uint32(bytes, start - 4);
        break;
      }
    }
    if (start + length > end) return -1;
    this.value(bytes, start, length, row);
    return start + length;
  }

  /** PLP: a total, chunks, and a chunk of no length (MS-TDS 2.2.5.2.3). */
  #readChunks(bytes: Uint8Array, at: number, row: number): number {
    const end = bytes.length;
    if (at + 8 > end) return -1;
    if (uint32(bytes, at) === 0xffff_ffff && uint32(bytes, at + 4) === 0xffff_ffff) {
      this.setNull(row);
      return at + 8;
    }
    const parts: Uint8Array[] = [];
    let total = 0;
    let from = at + 8;
    for (;;) {
      if (from + 4 > end) return -1;
      const length = uint32(bytes, from);
      from += 4;
      if (length === 0) break;
      if (from + length > end) return -1;
      parts.push(bytes.subarray(from, from + length));
      total += length;
      from += length;
    }
    if (parts.length === 1) this.value(parts[0]!, 0, total, row);
    else {
      const all = new Uint8Array(total);
      let to = 0;
      for (const part of parts) {
        all.set(part, to);
        to += part.length;
      }
      this.value(all, 0, total, row);
    }
    return from;
  }

  /** Forgets what a row that turned out to be cut off has left. */
  rewind(_row: number): void {}

  /** Keeps a value. @throws MalformedBytes when it is none of the type's */
  protected abstract value(bytes: Uint8Array, from: number, length: number, row: number): void;

  /** Fills a vector with the first `rows` rows. */
  abstract fill(vector: unknown, rows: number): void;
}

export function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function uint(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index--) value = value * 256 + bytes[at + index]!;
  return value;
}

export function wrongLength(what: string, length: number): MalformedBytes {
  return new MalformedBytes(`a ${what} of ${length} bytes`);
}
