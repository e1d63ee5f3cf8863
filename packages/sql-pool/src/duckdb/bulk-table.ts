import type { TdsValue } from '@crossview/tds-wire';
import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { type SqlType, storageType } from '../types/sql-type.js';
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

  static async create(connection: DuckDBConnection, types: readonly SqlType[]): Promise<BulkTable> {
    const table = `$bulk${next++}`;
    await connection.run(
      `CREATE TEMP TABLE "${table}" (${types.map((type, index) => `c${index} ${storageType(type)}`).join(', ')})`,
    );
    const appender = await connection.createAppender(table, 'main', 'temp');
    return new BulkTable(connection, `temp.main."${table}"`, types, appender);
  }

  append(rows: readonly TdsValue[][]): void {
    for (const row of rows) {
      for (let index = 0; index < this.#types.length; index++)
        this.#columns[index]!.push(toDuckDB(row[index] ?? null, this.#types[index]!));
      if (++this.#count === chunkRows) this.#flush();
    }
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
    if (!this.#closed) this.#appender.closeSync();
    this.#closed = true;
    await this.#connection.run(`DROP TABLE IF EXISTS ${this.name}`).catch(() => undefined);
  }
}
