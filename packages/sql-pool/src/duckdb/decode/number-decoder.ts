import type { TypeInfo } from '@crossview/tds-wire';
import { wrongLength } from './column-decoder.js';
import { FixedDecoder } from './fixed-decoder.js';

/** Integers and floating point numbers: the same bytes on the wire and in DuckDB. */
export class PlainDecoder extends FixedDecoder {
  readonly #size: number;

  constructor(type: TypeInfo, size: number) {
    super(type, size);
    this.#size = size;
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    const size = this.#size;
    if (length !== size) throw wrongLength('number', length);
    const to = row * size;
    for (let index = 0; index < size; index++) this.target[to + index] = bytes[from + index]!;
  }
}

export class BitDecoder extends FixedDecoder {
  constructor(type: TypeInfo) {
    super(type, 1);
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    if (length !== 1) throw wrongLength('bit', length);
    this.target[row] = bytes[from] === 0 ? 0 : 1;
  }
}

/** Sign and magnitude (MS-TDS 2.2.5.5.1.6) as two's complement in the bytes that DuckDB has for the precision. */
export class DecimalDecoder extends FixedDecoder {
  readonly #stored: number;
  readonly #words = new Int32Array(4);

  constructor(type: TypeInfo, stored: number) {
    super(type, stored);
    this.#stored = stored;
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    // MS-TDS has 5, 9, 13 or 17 bytes; FreeTDS sends no more than the precision needs.
    if (length < 2 || length > 17) throw wrongLength('decimal', length);
    const words = this.#words;
    words.fill(0);
    for (let index = 0; index < length - 1; index++)
      words[index >> 2]! |= bytes[from + 1 + index]! << ((index & 3) * 8);
    const stored = this.#stored;
    const count = Math.max(1, stored >> 2);
    for (let index = count; index < 4; index++) if (words[index] !== 0) throw wrongLength('decimal too large', length);
    if (bytes[from] === 0) negate(words);
    const to = row * stored;
    for (let index = 0; index < stored; index++) this.target[to + index] = words[index >> 2]! >> ((index & 3) * 8);
  }
}

function negate(words: Int32Array): void {
  let carry = 1;
  for (let index = 0; index < words.length; index++) {
    const value = (~words[index]! >>> 0) + carry;
    words[index] = value;
    carry = value > 0xffff_ffff ? 1 : 0;
  }
}

/** Ten-thousandths: of eight bytes the high half comes first; DuckDB has DECIMAL(19,4) in 16 bytes and DECIMAL(10,4) in eight. */
export class MoneyDecoder extends FixedDecoder {
  readonly #stored: number;

  constructor(type: TypeInfo, stored: number) {
    super(type, stored);
    this.#stored = stored;
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    if (length !== 4 && length !== 8) throw wrongLength('money', length);
    const to = row * this.#stored;
    for (let index = 0; index < 4; index++) {
      if (length === 4) this.target[to + index] = bytes[from + index]!;
      else {
        this.target[to + index] = bytes[from + 4 + index]!;
        this.target[to + 4 + index] = bytes[from + index]!;
      }
    }
    const negative = (bytes[from + 3]! & 0x80) !== 0;
    this.target.fill(negative ? 0xff : 0, to + length, to + this.#stored);
  }
}

/** Big-endian place of each byte of a GUID (MS-TDS 2.2.5.5.3). */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** DuckDB keeps a UUID as a 128-bit number, lowest byte first, with its highest bit turned. */
export class GuidDecoder extends FixedDecoder {
  constructor(type: TypeInfo) {
    super(type, 16);
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    if (length !== 16) throw wrongLength('uniqueidentifier', length);
    const last = row * 16 + 15;
    for (let index = 0; index < 16; index++) this.target[last - guidOrder[index]!] = bytes[from + index]!;
    this.target[last]! ^= 0x80;
  }
}
