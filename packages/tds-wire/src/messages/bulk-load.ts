import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';
import { concatBytes } from '../packets/message.js';
import { type Column, readColumnMetadata } from '../tokens/column-metadata.js';
import { readNullBitmapRow, readRow } from '../tokens/row.js';
import { Token } from '../tokens/token.js';
import type { TdsValue } from '../types/value.js';

/** Takes the rows of a bulk load one after the other. */
export interface BulkRowTaker {
  /**
   * Takes the row that begins at `at`, behind its token.
   * @param bitmap whether a bitmap of the NULLs stands first (NBCROW)
   * @returns where it ends, or -1 when it goes on in bytes that have not arrived: then it comes again as a whole
   */
  take(bytes: Uint8Array, at: number, bitmap: boolean): number;
}

/** Bytes that are read at once: a packet's worth costs more in joining than in reading. */
const step = 64 * 1024;

/** Reads a bulk load (MS-TDS 2.2.6.1) from bytes in any pieces; keeps a few packets and a row that is cut off. */
export class BulkLoadReader {
  readonly #takerFor: (columns: readonly Column[]) => BulkRowTaker;
  #parts: Uint8Array[] = [];
  #held = 0;
  /** Bytes to have before it is worth reading again: twice what was too little, so that a huge value is not read anew for every packet. */
  #enough = 1;
  #columns: readonly Column[] | undefined;
  #taker: BulkRowTaker | undefined;
  #done = false;
  #rows = 0;

  /** @param takerFor is asked once the columns are known */
  constructor(takerFor: (columns: readonly Column[]) => BulkRowTaker) {
    this.#takerFor = takerFor;
  }

  get columns(): readonly Column[] | undefined {
    return this.#columns;
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows;
  }

  /** @throws MalformedBytes for a token that has no place in a bulk load */
  push(bytes: Uint8Array): void {
    if (this.#done) return;
    this.#parts.push(bytes);
    this.#held += bytes.length;
    if (this.#held >= this.#enough) this.#read();
  }

  #read(): void {
    const all = this.#parts.length === 1 ? this.#parts[0]! : concatBytes(this.#parts, this.#held);
    let at = 0;
    while (at < all.length && !this.#done) {
      const end = this.#token(all, at);
      if (end < 0) break;
      at = end;
    }
    const rest = all.slice(at);
    this.#parts = [rest];
    this.#held = rest.length;
    this.#enough = Math.max(step, rest.length * 2);
  }

  #token(all: Uint8Array, at: number): number {
    const token = all[at]!;
    switch (token) {
      case Token.row:
      case Token.nullBitmapRow: {
        if (!this.#taker) throw new MalformedBytes('a bulk load without column metadata');
        const end = this.#taker.take(all, at + 1, token === Token.nullBitmapRow);
        if (end >= 0) this.#rows++;
        return end;
      }
      case Token.columnMetadata:
        return this.#metadata(all, at + 1);
      case Token.done:
        this.#done = at + 13 <= all.length;
        return this.#done ? at + 13 : -1;
      default:
        throw new MalformedBytes(`the token 0x${token.toString(16)} in a bulk load`);
    }
  }

  #metadata(all: Uint8Array, at: number): number {
    const reader = new ByteReader(all, at);
    try {
      this.#columns = readColumnMetadata(reader, { tableNames: true });
    } catch (error) {
      if (error instanceof NotEnoughBytes) return -1;
      throw error;
    }
    this.#taker = this.#takerFor(this.#columns);
    return reader.offset;
  }

  /** @throws MalformedBytes when the message ended inside a row */
  end(): void {
    if (!this.#done && this.#held > 0) this.#read();
    if (this.#done || this.#held === 0) return;
    // A DONE whose count has four bytes, as before TDS 7.2: mssql-python sends it.
    if (this.#held === 9 && this.#parts[0]![0] === Token.done) return;
    throw new MalformedBytes('a bulk load ends inside a row');
  }
}

/** Rows as values. */
export class BulkRowValues implements BulkRowTaker {
  readonly #columns: readonly Column[];
  readonly rows: TdsValue[][] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  take(bytes: Uint8Array, at: number, bitmap: boolean): number {
    const reader = new ByteReader(bytes, at);
    try {
      this.rows.push(bitmap ? readNullBitmapRow(reader, this.#columns) : readRow(reader, this.#columns));
    } catch (error) {
      if (error instanceof NotEnoughBytes) return -1;
      throw error;
    }
    return reader.offset;
  }
}
