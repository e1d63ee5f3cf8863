import type { BulkRowTaker, Column } from '@crossview/tds-wire';
import type { SqlType } from '../types/sql-type.js';
import type { BulkTable } from './bulk-table.js';
import { type ColumnDecoder, chunkRows } from './decode/column-decoder.js';
import { columnDecoder } from './decode/index.js';

/** Puts the rows of a bulk load into a table, a chunk at a time, column by column. */
export class BulkRows implements BulkRowTaker {
  readonly #decoders: readonly ColumnDecoder[];
  readonly #table: BulkTable;
  #count = 0;

  constructor(columns: readonly Column[], types: readonly SqlType[], table: BulkTable) {
    this.#decoders = columns.map((column, index) => columnDecoder(column.type, types[index]!));
    this.#table = table;
  }

  take(bytes: Uint8Array, at: number, bitmap: boolean): number {
    const decoders = this.#decoders;
    const row = this.#count;
    let from = bitmap ? at + ((decoders.length + 7) >> 3) : at;
    for (let index = 0; index < decoders.length; index++) {
      const decoder = decoders[index]!;
      if (bitmap && at + (index >> 3) < bytes.length && bytes[at + (index >> 3)]! & (1 << (index & 7))) {
        decoder.setNull(row);
        continue;
      }
      from = from > bytes.length ? -1 : decoder.read(bytes, from, row);
      if (from < 0) {
        for (let before = 0; before <= index; before++) decoders[before]!.rewind(row);
        return -1;
      }
    }
    if (from > bytes.length) return -1;
    if (++this.#count === chunkRows) this.flush();
    return from;
  }

  /** Every row is in the table after this. */
  flush(): void {
    if (this.#count === 0) return;
    this.#table.appendColumns(this.#decoders, this.#count);
    for (const decoder of this.#decoders) decoder.reset();
    this.#count = 0;
  }
}
