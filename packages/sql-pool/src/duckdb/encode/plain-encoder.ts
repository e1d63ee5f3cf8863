import { FixedEncoder } from './column-encoder.js';

/** Integers, bits and floating point numbers: the same bytes in DuckDB and on the wire. */
export class PlainEncoder extends FixedEncoder {
  readonly #width: number;

  constructor(width: number) {
    super(width);
    this.#width = width;
  }

  protected value(bytes: Uint8Array, to: number, row: number): void {
    const source = this.source;
    const width = this.#width;
    const from = row * width;
    bytes[to] = source[from]!;
    if (width === 1) return;
    bytes[to + 1] = source[from + 1]!;
    if (width === 2) return;
    bytes[to + 2] = source[from + 2]!;
    bytes[to + 3] = source[from + 3]!;
    if (width === 4) return;
    bytes[to + 4] = source[from + 4]!;
    bytes[to + 5] = source[from + 5]!;
    bytes[to + 6] = source[from + 6]!;
    bytes[to + 7] = source[from + 7]!;
  }
}

/** MS-TDS 2.2.5.5.3: the first three parts of a GUID are little-endian. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** DuckDB keeps a UUID as a 128-bit number, lowest byte first, with its highest bit turned so that it sorts. */
export class GuidEncoder extends FixedEncoder {
  constructor() {
    super(16);
  }

  protected value(bytes: Uint8Array, to: number, row: number): void {
    const last = row * 16 + 15;
    for (let index = 0; index < 16; index++) {
      const part = guidOrder[index]!;
      bytes[to + index] = part === 0 ? this.source[last]! ^ 0x80 : this.source[last - part]!;
    }
  }
}
