import { decimalBytes } from '@crossview/tds-wire';
import { FixedEncoder } from './column-encoder.js';
import type { RawVector } from './raw-vector.js';

function words(source: Uint8Array): Int32Array {
  return new Int32Array(source.buffer, source.byteOffset, source.byteLength >> 2);
}

/** Bytes that DuckDB keeps a decimal in, by its precision. */
export function storedBytes(precision: number): 2 | 4 | 8 | 16 {
  return precision <= 4 ? 2 : precision <= 9 ? 4 : precision <= 18 ? 8 : 16;
}

/** The words of row `row` of decimals kept in `width` bytes, lowest first, with their sign carried on to 128 bits. */
class DecimalWords {
  readonly parts = new Int32Array(4);
  readonly #width: number;
  #words = new Int32Array(0);
  #bytes = new Uint8Array(0);

  constructor(width: number) {
    this.#width = width;
  }

  take(bytes: Uint8Array): void {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>;
    if (this.#width > 2) this.#words = words(bytes) as Int32Array<ArrayBuffer>;
  }

  load(row: number): void {
    const { parts } = this;
    const width = this.#width;
    if (width === 2) {
      parts[0] = ((this.#bytes[row * 2]! | (this.#bytes[row * 2 + 1]! << 8)) << 16) >> 16;
      parts.fill(parts[0]! >> 31, 1);
      return;
    }
    const count = width >> 2;
    for (let index = 0; index < count; index++) parts[index] = this.#words[row * count + index]!;
    if (count < 4) parts.fill(parts[count - 1]! >> 31, count);
  }

  negate(): void {
    const { parts } = this;
    let carry = 1;
    for (let index = 0; index < 4; index++) {
      const value = (~parts[index]! >>> 0) + carry;
      parts[index] = value;
      carry = value > 0xffff_ffff ? 1 : 0;
    }
  }
}

function putWord(bytes: Uint8Array, to: number, word: number): void {
  bytes[to] = word;
  bytes[to + 1] = word >> 8;
  bytes[to + 2] = word >> 16;
  bytes[to + 3] = word >> 24;
}

/** Sign byte (1 is positive), then the magnitude (MS-TDS 2.2.5.5.1.6). */
export class DecimalEncoder extends FixedEncoder {
  readonly #words: DecimalWords;
  readonly #count: number;

  /** @param stored the precision DuckDB has, which says how it keeps the values */
  constructor(precision: number, stored: number) {
    super(decimalBytes(precision) + 1);
    this.#words = new DecimalWords(storedBytes(stored));
    this.#count = decimalBytes(precision) >> 2;
  }

  override take(vector: RawVector, rows: number): void {
    super.take(vector, rows);
    this.#words.take(vector.bytes);
  }

  protected value(bytes: Uint8Array, to: number, row: number): void {
    const { parts } = this.#words;
    this.#words.load(row);
    const negative = parts[3]! < 0;
    if (negative) this.#words.negate();
    bytes[to] = negative ? 0 : 1;
    for (let index = 0; index < this.#count; index++) putWord(bytes, to + 1 + index * 4, parts[index]!);
  }
}

/** Ten-thousandths; of eight bytes the high half comes first (MS-TDS 2.2.5.5.1.3). */
export class MoneyEncoder extends FixedEncoder {
  readonly #words: DecimalWords;
  readonly #long: boolean;

  constructor(length: number, stored: number) {
    super(length);
    this.#words = new DecimalWords(storedBytes(stored));
    this.#long = length === 8;
  }

  override take(vector: RawVector, rows: number): void {
    super.take(vector, rows);
    this.#words.take(vector.bytes);
  }

  protected value(bytes: Uint8Array, to: number, row: number): void {
    const { parts } = this.#words;
    this.#words.load(row);
    if (!this.#long) {
      putWord(bytes, to, parts[0]!);
      return;
    }
    putWord(bytes, to, parts[1]!);
    putWord(bytes, to + 4, parts[0]!);
  }
}
