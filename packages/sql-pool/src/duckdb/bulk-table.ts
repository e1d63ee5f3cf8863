import type { TdsValue } from '@crossview/tds-wire';
import { type SqlType, storageType } from '../types/sql-type.js';
import { bindings, type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, type DuckDBValue } from './api.js';
import type { ColumnDecoder } from './decode/column-decoder.js';
import { duckType, toDuckDB } from './values.js';

let next = 1;
const chunkRows = 2048;

/** A temporary table that rows are appended to in chunks. */
export class BulkTable {
  readonly name: string;
  readonly #connection: DuckDBConnection;
  readonly #types: readonly SqlType[];
  readonly #appender: DuckDBAppender;
  #columns: DuckDBValue[][];
  #count = 0;
  #closed = false;

  private constructor(connection: DuckDBConnection, name: string, types: readonly SqlType[], appender: DuckDBAppender) {
    this.#connection = connection;
    this.name = name;
    this.#types = types;
    this.#appender = appender;
    this.#columns = types.map(() => []);
  }

  /** @param names of the table and its columns; its own when not given: `c0`, `c1`, … */
  static async create(
    connection: DuckDBConnection,
    types: readonly SqlType[],
    names: { readonly table?: string; readonly columns?: readonly string[] } = {},
  ): Promise<BulkTable> {
    const table = names.table ?? `$bulk${next++}`;
    const columns = types.map((type, index) => `${names.columns?.[index] ?? `c${index}`} ${storageType(type)}`);
    await connection.run(`CREATE TEMP TABLE "${table}" (${columns.join(', ')})`);
    const appender = await connection.createAppender(table, 'main', 'temp');
    return new BulkTable(connection, `temp.main."${table}"`, types, appender);
  }

  append(row: readonly TdsValue[]): void {
    for (let index = 0; index < this.#types.length; index++)
      this.#columns[index]!.push(toDuckDB(row[index] ?? null, this.#types[index]!));
    if (++this.#count === chunkRows) this.#flush();
  }

  /** Rows that decoders hold as columns. */
  appendColumns(decoders: readonly ColumnDecoder[], rows: number): void {
    const chunk = DuckDBDataChunk.create(this.#types.map(duckType), rows);
    const { chunk: raw } = chunk as unknown as { chunk: Parameters<typeof bindings.data_chunk_get_vector>[0] };
    for (const [index, decoder] of decoders.entries()) decoder.fill(bindings.data_chunk_get_vector(raw, index), rows);
    this.#appender.appendDataChunk(chunk);
  }

  #flush(): void {
    if (this.#count === 0) return;
    const chunk = DuckDBDataChunk.create(this.#types.map(duckType), this.#count);
    chunk.setColumns(this.#columns);
    this.#appender.appendDataChunk(chunk);
    this.#columns = this.#types.map(() => []);
    this.#count = 0;
  }

  /** Every row is in the table after this. @returns the types of its columns */
  finish(): readonly SqlType[] {
    this.#flush();
    if (!this.#closed) this.#appender.closeSync();
    this.#closed = true;
    return this.#types;
  }

  async drop(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      try {
        this.#appender.closeSync();
      } catch {
        // The transaction that made the table is over, and the table with it.
      }
    }
    await this.#connection.run(`DROP TABLE IF EXISTS ${this.name}`).catch(() => undefined);
  }
}
