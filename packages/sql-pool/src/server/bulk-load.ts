import { BulkLoadReader, MalformedBytes, UnsupportedType } from '@crossview/tds-wire';
import { quoteName } from '../dialect/translate/quote.js';
import { BulkRows } from '../duckdb/bulk-rows.js';
import { BulkTable } from '../duckdb/bulk-table.js';
import { changeRows } from '../duckdb/run.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { assigned } from '../interpreter/assignment.js';
import { shownName, storedName } from '../interpreter/names.js';
import { tableOf } from '../interpreter/relations.js';
import type { Session } from '../interpreter/session.js';
import type { SqlType } from '../types/sql-type.js';
import { fromTypeInfo } from '../types/tds-type.js';

/** Takes the rows of a bulk load as they come (MS-TDS 2.2.6.1), into a table of its own; one INSERT at the end. */
export class BulkLoad {
  readonly #session: Session;
  readonly #reader: BulkLoadReader;
  #table: BulkTable | undefined;
  #rows: BulkRows | undefined;
  #types: readonly SqlType[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.#reader = new BulkLoadReader((columns) => {
      if (this.#types.length > 0) throw new MalformedBytes('column metadata twice in a bulk load');
      this.#types = columns.map((column) => fromTypeInfo(column.type));
      // Rows that come before the table is there come again.
      return { take: (bytes, at, bitmap) => this.#rows?.take(bytes, at, bitmap) ?? -1 };
    });
  }

  async push(bytes: Uint8Array): Promise<void> {
    try {
      this.#reader.push(bytes);
    } catch (error) {
      if (error instanceof UnsupportedType) throw notSupported(`bulk load of a column of the type ${error.typeName}`);
      throw error;
    }
    await this.#prepare();
  }

  async #prepare(): Promise<void> {
    const { columns } = this.#reader;
    if (this.#table || !columns) return;
    this.#table = await BulkTable.create(this.#session.connection, this.#types);
    this.#rows = new BulkRows(columns, this.#types, this.#table);
  }

  /** @returns rows loaded */
  async finish(): Promise<number> {
    const session = this.#session;
    const target = session.bulk;
    session.bulk = undefined;
    try {
      await this.#prepare();
      this.#reader.end();
      this.#rows?.flush();
      const columns = this.#reader.columns;
      if (!target || !columns)
        throw new SqlError(4022, 'Bulk load data was expected but not sent. The batch will be terminated.');
      if (!this.#table || this.#reader.rows === 0) return 0;
      const types = this.#table.finish();
      const { resolved, table } = tableOf(session, target.table);
      const names = target.columns.length === columns.length ? target.columns : columns.map((column) => column.name);
      const chosen = names.map((name) => {
        const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
        if (!column) throw new SqlError(207, `Invalid column name '${name}'.`);
        return column;
      });
      const items = chosen.map((column, index) =>
        assigned({ sql: `b.c${index}`, type: types[index]! }, column, shownName(resolved)),
      );
      const sql = `INSERT INTO ${storedName(resolved)} (${chosen.map((column) => quoteName(column.name)).join(', ')}) SELECT ${items.join(', ')} FROM ${this.#table.name} AS b`;
      return await changeRows(session.connection, sql, []);
    } finally {
      await this.abandon();
    }
  }

  /** Forgets the rows. May be called twice. */
  async abandon(): Promise<void> {
    const table = this.#table;
    this.#table = undefined;
    await table?.drop();
  }
}
