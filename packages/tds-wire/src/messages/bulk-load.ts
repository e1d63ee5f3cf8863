import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';
import { type Column, readColumnMetadata } from '../tokens/column-metadata.js';
import { readNullBitmapRow, readRow } from '../tokens/row.js';
import { Token } from '../tokens/token.js';
import type { TdsValue } from '../types/value.js';

export interface BulkRows {
  readonly columns: readonly Column[];
  readonly rows: readonly TdsValue[][];
}

/** Reads the rows of a bulk load (MS-TDS 2.2.6.1) from bytes in any pieces; keeps only a row that is cut off. */
export class BulkLoadReader {
  #held: Uint8Array = new Uint8Array(0);
  #columns: readonly Column[] | undefined;
  #done = false;

  get columns(): readonly Column[] | undefined {
    return this.#columns;
  }

  /** The rows that these bytes complete. @throws MalformedBytes for a token that has no place in a bulk load. */
  push(bytes: Uint8Array): TdsValue[][] {
    const rows: TdsValue[][] = [];
    if (this.#done) return rows;
    let all = bytes;
    if (this.#held.length > 0) {
      all = new Uint8Array(this.#held.length + bytes.length);
      all.set(this.#held);
      all.set(bytes, this.#held.length);
    }
    const reader = new ByteReader(all);
    let start = 0;
    try {
      while (reader.remaining > 0) {
        start = reader.offset;
        const token = reader.uint8();
        if (token === Token.columnMetadata) this.#columns = readColumnMetadata(reader, { tableNames: true });
        else if (token === Token.done) {
          reader.take(12);
          this.#done = true;
          break;
        } else {
          if (!this.#columns) throw new MalformedBytes('a bulk load without column metadata');
          if (token === Token.row) rows.push(readRow(reader, this.#columns));
          else if (token === Token.nullBitmapRow) rows.push(readNullBitmapRow(reader, this.#columns));
          else throw new MalformedBytes(`the token 0x${token.toString(16)} in a bulk load`);
        }
        start = reader.offset;
      }
    } catch (error) {
      if (!(error instanceof NotEnoughBytes)) throw error;
    }
    this.#held = all.slice(start);
    return rows;
  }

  /** @throws MalformedBytes when the message ended inside a row. */
  end(): void {
    if (!this.#done && this.#held.length > 0) throw new MalformedBytes('a bulk load ends inside a row');
  }
}
