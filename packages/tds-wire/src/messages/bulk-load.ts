import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';
import { concatBytes } from '../packets/message.js';
import { type Column, readColumnMetadata } from '../tokens/column-metadata.js';
import { readNullBitmapRow, readRow } from '../tokens/row.js';
import { Token } from '../tokens/token.js';
import type { TdsValue } from '../types/value.js';

export interface BulkRows {
  readonly columns: readonly Column[];
  readonly rows: readonly TdsValue[][];
}

/** Bytes that are read at once: a packet's worth costs more in joining than in reading. */
const step = 64 * 1024;

/** Reads the rows of a bulk load (MS-TDS 2.2.6.1) from bytes in any pieces; keeps a few packets and a row that is cut off. */
export class BulkLoadReader {
  #parts: Uint8Array[] = [];
  #held = 0;
  /** Bytes to have before it is worth reading again: twice what was too little, so that a huge value is not read anew for every packet. */
  #enough = 1;
  #columns: readonly Column[] | undefined;
  #done = false;

  get columns(): readonly Column[] | undefined {
    return this.#columns;
  }

  /** The rows that these bytes complete, perhaps later. @throws MalformedBytes for a token that has no place in a bulk load. */
  push(bytes: Uint8Array): TdsValue[][] {
    if (this.#done) return [];
    this.#parts.push(bytes);
    this.#held += bytes.length;
    return this.#held < this.#enough ? [] : this.#read();
  }

  #read(): TdsValue[][] {
    const rows: TdsValue[][] = [];
    const all = this.#parts.length === 1 ? this.#parts[0]! : concatBytes(this.#parts, this.#held);
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
    const rest = all.slice(start);
    this.#parts = [rest];
    this.#held = rest.length;
    this.#enough = Math.max(step, rest.length * 2);
    return rows;
  }

  /** The last rows. @throws MalformedBytes when the message ended inside a row. */
  end(): TdsValue[][] {
    const rows = this.#done || this.#held === 0 ? [] : this.#read();
    if (!this.#done && this.#held > 0) throw new MalformedBytes('a bulk load ends inside a row');
    return rows;
  }
}
