import { FixedEncoder, isNull } from './column-encoder.js';
import type { RawVector } from './raw-vector.js';

/** Integers, bits and floating point numbers of four bytes: the same in DuckDB and on the wire. */
class PlainEncoder4 extends FixedEncoder {
  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    const { words, valid } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = 4;
      view.setUint32(to + 1, words[row]!, true);
      at[index] = to + 5;
    }
  }
}

/** The same of eight bytes. */
class PlainEncoder8 extends FixedEncoder {
  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    const { words, valid } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = 8;
      view.setUint32(to + 1, words[row * 2]!, true);
      view.setUint32(to + 5, words[row * 2 + 1]!, true);
      at[index] = to + 9;
    }
  }
}

/** The same of one or two bytes. */
class PlainEncoderShort extends FixedEncoder {
  #source: Uint8Array = new Uint8Array(0);

  override take(vector: RawVector, rows: number): number {
    this.#source = vector.bytes;
    return super.take(vector, rows);
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const source = this.#source;
    const { valid, length } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      bytes[to + 1] = source[row * length]!;
      if (length === 2) bytes[to + 2] = source[row * 2 + 1]!;
      at[index] = to + 1 + length;
    }
  }
}

/** Values that have the same bytes in DuckDB and on the wire. */
export function plainEncoder(width: 1 | 2 | 4 | 8): FixedEncoder {
  return width === 4 ? new PlainEncoder4(4) : width === 8 ? new PlainEncoder8(8) : new PlainEncoderShort(width);
}

/** MS-TDS 2.2.5.5.3: the first three parts of a GUID are little-endian. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** DuckDB keeps a UUID as a 128-bit number, lowest byte first, with its highest bit turned so that it sorts. */
export class GuidEncoder extends FixedEncoder {
  #source: Uint8Array = new Uint8Array(0);

  constructor() {
    super(16);
  }

  override take(vector: RawVector, rows: number): number {
    this.#source = vector.bytes;
    return super.take(vector, rows);
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const source = this.#source;
    const { valid } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = 16;
      const last = row * 16 + 15;
      for (let byte = 0; byte < 16; byte++) {
        const part = guidOrder[byte]!;
        bytes[to + 1 + byte] = part === 0 ? source[last]! ^ 0x80 : source[last - part]!;
      }
      at[index] = to + 17;
    }
  }
}
