import { ByteWriter, type TypeInfo, writeValue } from '@crossview/tds-wire';
import type { DuckDBType } from '../api.js';
import { fromDuckDB } from '../values.js';
import type { ColumnEncoder } from './column-encoder.js';
import type { RawVector } from './raw-vector.js';

/** Any type at all, value by value. */
export class ValueEncoder implements ColumnEncoder {
  readonly #type: TypeInfo;
  readonly #stored: DuckDBType;
  readonly #writer = new ByteWriter(4096);
  /** Where each row's bytes end. */
  #ends: number[] = [];

  constructor(type: TypeInfo, stored: DuckDBType) {
    this.#type = type;
    this.#stored = stored;
  }

  take(vector: RawVector, rows: number): number {
    this.#writer.truncate(0);
    this.#ends = [];
    for (let row = 0; row < rows; row++) {
      writeValue(this.#writer, this.#type, fromDuckDB(vector.getItem(row), this.#stored));
      this.#ends.push(this.#writer.length);
    }
    return 0;
  }

  measure(sizes: Int32Array, from: number, count: number): void {
    for (let index = 0; index < count; index++) {
      const row = from + index;
      sizes[index]! += this.#ends[row]! - (this.#ends[row - 1] ?? 0);
    }
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const all = this.#writer.view();
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const value = all.subarray(this.#ends[row - 1] ?? 0, this.#ends[row]!);
      bytes.set(value, at[index]!);
      at[index]! += value.length;
    }
  }
}
