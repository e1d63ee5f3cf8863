import { type ByteWriter, type Column, Token } from '@crossview/tds-wire';
import { type SqlType, storageType } from '../types/sql-type.js';
import { toTypeInfo } from '../types/tds-type.js';
import type { DuckDBDataChunk, DuckDBType } from './api.js';
import type { ColumnEncoder } from './encode/column-encoder.js';
import { columnEncoder } from './encode/index.js';
import { rawVector } from './encode/raw-vector.js';
import { declaredType } from './values.js';

export type Chunk = DuckDBDataChunk;

export interface ResultColumn {
  readonly name: string;
  readonly type: SqlType | undefined;
  readonly nullable: boolean;
  readonly identity?: boolean;
  readonly stored?: boolean;
}

/** Turns chunks of one result into ROW tokens (MS-TDS 2.2.7.19), straight from DuckDB's vectors. */
export class RowEncoder {
  readonly columns: readonly Column[];
  readonly #encoders: readonly ColumnEncoder[];
  #at = new Int32Array(0);
  #taken: DuckDBDataChunk | undefined;
  /** Bytes that every row of the chunk takes: its token and the columns of one length. */
  #same = 1;
  /** The other columns. */
  #measured: ColumnEncoder[] = [];

  /** @param declared the translator's types; where the storage does not agree, DuckDB's own type counts. */
  constructor(declared: readonly ResultColumn[], types: readonly DuckDBType[]) {
    this.columns = declared.map((column, index): Column => {
      const type = types[index]!;
      const own = column.type && storageType(column.type) === type.toString() ? column.type : declaredType(type);
      return {
        name: column.name,
        type: toTypeInfo(own),
        nullable: column.nullable,
        identity: column.identity ?? false,
        computed: !column.stored,
      };
    });
    this.#encoders = this.columns.map((column, index) => columnEncoder(column.type, types[index]!));
  }

  /** Writes the rows `from` to `to` of a chunk: first each row's length, then column after column. */
  writeChunk(writer: ByteWriter, chunk: DuckDBDataChunk, from: number, to: number): void {
    const count = to - from;
    if (this.#taken !== chunk) {
      const rows = chunk.rowCount;
      this.#same = 1;
      this.#measured = [];
      for (const [index, encoder] of this.#encoders.entries()) {
        const size = encoder.take(rawVector(chunk, index), rows);
        this.#same += size;
        if (size === 0) this.#measured.push(encoder);
      }
      this.#taken = chunk;
    }
    if (this.#at.length < count) this.#at = new Int32Array(count);
    const at = this.#at;
    at.fill(this.#same, 0, count);
    for (const encoder of this.#measured) encoder.measure(at, from, count);
    let total = 0;
    for (let row = 0; row < count; row++) {
      const size = at[row]!;
      at[row] = total;
      total += size;
    }
    const bytes = writer.claim(total);
    for (let row = 0; row < count; row++) bytes[at[row]!++] = Token.row;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const encoder of this.#encoders) encoder.write(bytes, view, at, from, count);
  }
}
