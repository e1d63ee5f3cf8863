import { decimalBytes } from '@crossview/tds-wire';
import { FixedEncoder, isNull } from './column-encoder.js';
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

/** Sign byte (1 is positive), then the magnitude (MS-TDS 2.2.5.5.1.6). */
export class DecimalEncoder extends FixedEncoder {
  readonly #words: DecimalWords;
  readonly #count: number;
  readonly #eight: boolean;

  /** @param stored the precision DuckDB has, which says how it keeps the values */
  constructor(precision: number, stored: number) {
    super(decimalBytes(precision) + 1);
    this.#words = new DecimalWords(storedBytes(stored));
    this.#count = decimalBytes(precision) >> 2;
    this.#eight = storedBytes(stored) === 8 && this.#count === 2;
  }

  override take(vector: RawVector, rows: number): number {
    this.#words.take(vector.bytes);
    return super.take(vector, rows);
  }

  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    const { valid, length, words } = this;
    const { parts } = this.#words;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      at[index] = to + 1 + length;
      if (this.#eight) {
        let low = words[row * 2]! | 0;
        let high = words[row * 2 + 1]! | 0;
        const negative = high < 0;
        if (negative) {
          high = ~high + (low === 0 ? 1 : 0);
          low = -low;
        }
        bytes[to + 1] = negative ? 0 : 1;
        view.setInt32(to + 2, low, true);
        view.setInt32(to + 6, high, true);
        continue;
      }
      this.#words.load(row);
      const negative = parts[3]! < 0;
      if (negative) this.#words.negate();
      bytes[to + 1] = negative ? 0 : 1;
      for (let word = 0; word < this.#count; word++) view.setInt32(to + 2 + word * 4, parts[word]!, true);
    }
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

  override take(vector: RawVector, rows: number): number {
    this.#words.take(vector.bytes);
    return super.take(vector, rows);
  }

  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    const { valid, length } = this;
    const { parts } = this.#words;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      this.#words.load(row);
      view.setInt32(to + 1, this.#long ? parts[1]! : parts[0]!, true);
      if (this.#long) view.setInt32(to + 5, parts[0]!, true);
      at[index] = to + 1 + length;
    }
  }
}
