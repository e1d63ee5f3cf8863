import type { RawVector } from './raw-vector.js';

/**
 * Writes the values of one column into rows whose bytes were measured before. Column by column, because a loop over one type
 * is several times faster than a switch over types in each row.
 */
export interface ColumnEncoder {
  /** Takes a vector; `measure` and `write` are about this one. */
  take(vector: RawVector, rows: number): void;
  /** Adds the bytes of each row's value to `sizes`. */
  measure(sizes: Int32Array, from: number, count: number): void;
  /** Writes each row's value at `at` and moves that behind it. */
  write(bytes: Uint8Array, at: Int32Array, from: number, count: number): void;
}

/** One of {@link ColumnEncoder} whose values are NULL (a zero length byte) or all of the same length. */
export abstract class FixedEncoder implements ColumnEncoder {
  readonly #length: number;
  protected source: Uint8Array = new Uint8Array(0);
  #valid: Uint32Array | undefined;

  /** @param length bytes of a value, without its length byte */
  constructor(length: number) {
    this.#length = length;
  }

  take(vector: RawVector, _rows: number): void {
    this.source = vector.bytes;
    this.#valid = vector.valid;
  }

  measure(sizes: Int32Array, from: number, count: number): void {
    const valid = this.#valid;
    const size = this.#length + 1;
    if (!valid) for (let index = 0; index < count; index++) sizes[index]! += size;
    else
      for (let index = 0; index < count; index++) {
        const row = from + index;
        sizes[index]! += (valid[row >> 5]! >>> (row & 31)) & 1 ? size : 1;
      }
  }

  write(bytes: Uint8Array, at: Int32Array, from: number, count: number): void {
    const length = this.#length;
    const valid = this.#valid;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (valid && !((valid[row >> 5]! >>> (row & 31)) & 1)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      this.value(bytes, to + 1, row);
      at[index] = to + 1 + length;
    }
  }

  /** Writes the value of a row that has one. */
  protected abstract value(bytes: Uint8Array, to: number, row: number): void;
}
