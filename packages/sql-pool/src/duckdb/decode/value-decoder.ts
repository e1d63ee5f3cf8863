import { ByteReader, readValue, type TdsValue, type TypeInfo } from '@crossview/tds-wire';
import type { SqlType } from '../../types/sql-type.js';
import { DuckDBVector } from '../api.js';
import { toDuckDB } from '../values.js';
import { ColumnDecoder } from './column-decoder.js';

/** Any type at all, value by value. */
export class ValueDecoder extends ColumnDecoder {
  readonly #type: TypeInfo;
  readonly #sqlType: SqlType;
  #values: TdsValue[] = [];

  constructor(type: TypeInfo, sqlType: SqlType) {
    super(type);
    this.#type = type;
    this.#sqlType = sqlType;
  }

  override setNull(row: number): void {
    super.setNull(row);
    this.#values[row] = null;
  }

  override reset(): void {
    super.reset();
    this.#values = [];
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    // With its length byte, as the reader of single values wants it.
    const one = new Uint8Array(length + 1);
    one[0] = length;
    one.set(bytes.subarray(from, from + length), 1);
    this.#values[row] = readValue(new ByteReader(one), this.#type);
  }

  fill(vector: Parameters<typeof DuckDBVector.create>[0], rows: number): void {
    const target = DuckDBVector.create(vector, rows);
    for (let row = 0; row < rows; row++) target.setItem(row, toDuckDB(this.#values[row] ?? null, this.#sqlType));
    target.flush();
  }
}
