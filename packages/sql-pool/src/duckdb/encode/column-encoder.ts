import type { RawVector } from './raw-vector.js';

/**
 * Writes the values of one column into rows whose bytes were measured before. Column by column, because a loop over one type
 * is several times faster than a switch over types in each row. Each encoder has a loop of its own: one that they shared would call
 * what differs through a table.
 */
export interface ColumnEncoder {
  /**
   * Takes a vector; `measure` and `write` are about this one.
   * @returns the bytes that each row takes when all take the same; otherwise 0, and `measure` tells
   */
  take(vector: RawVector, rows: number): number;
  /** Adds the bytes of each row's value to `sizes`. */
  measure(sizes: Int32Array, from: number, count: number): void;
  /** Writes each row's value at `at` and moves that behind it. @param view the same bytes */
  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void;
}

/** One of {@link ColumnEncoder} whose values are NULL (a zero length byte) or all of the same length. */
export abstract class FixedEncoder implements ColumnEncoder {
  /** Bytes of a value, without its length byte. */
  protected readonly length: number;
  /** DuckDB's values, by words of 32 bits. */
  protected words: Uint32Array = new Uint32Array(0);
  /** A bit for each row, set when there is a value; `undefined` when all rows have one. */
  protected valid: Uint32Array | undefined;

  constructor(length: number) {
    this.length = length;
  }

  take(vector: RawVector, _rows: number): number {
    const { buffer, byteOffset, byteLength } = vector.bytes;
    this.words = new Uint32Array(buffer as ArrayBuffer, byteOffset, byteLength >> 2);
    this.valid = vector.valid;
    return this.valid ? 0 : this.length + 1;
  }

  measure(sizes: Int32Array, from: number, count: number): void {
    const valid = this.valid!;
    const size = this.length + 1;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      sizes[index]! += (valid[row >> 5]! >>> (row & 31)) & 1 ? size : 1;
    }
  }

  abstract write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void;
}

/** Whether a row has no value; writes that. */
export function isNull(valid: Uint32Array | undefined, row: number): boolean {
  return valid !== undefined && ((valid[row >> 5]! >>> (row & 31)) & 1) === 0;
}
