import { BulkLoadReader, MalformedBytes, type TdsValue, UnsupportedType } from '@crossview/tds-wire';
import { quoteName } from '../dialect/translate/quote.js';
import { BulkTable } from '../duckdb/bulk-table.js';
import { changeRows } from '../duckdb/run.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { assigned } from '../interpreter/assignment.js';
import { shownName, storedName } from '../interpreter/names.js';
import { tableOf } from '../interpreter/relations.js';
import type { Session } from '../interpreter/session.js';
import { fromTypeInfo } from '../types/tds-type.js';

/** Takes the rows of a bulk load as they come (MS-TDS 2.2.6.1), into a table of its own; one INSERT at the end. */
export class BulkLoad {
  readonly #session: Session;
  readonly #reader = new BulkLoadReader();
  #table: BulkTable | undefined;
  #rows = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  async push(bytes: Uint8Array): Promise<void> {
    try {
      await this.#take(this.#reader.push(bytes));
    } catch (error) {
      if (error instanceof UnsupportedType) throw notSupported(`bulk load of a column of the type ${error.typeName}`);
      throw error;
    }
  }

  async #take(rows: readonly TdsValue[][]): Promise<void> {
    if (rows.length === 0) return;
    const columns = this.#reader.columns;
    if (!columns) throw new MalformedBytes('a bulk load without column metadata');
    this.#table ??= await BulkTable.create(
      this.#session.connection,
      columns.map((column) => fromTypeInfo(column.type)),
    );
    this.#table.append(rows);
    this.#rows += rows.length;
  }

  /** @returns rows loaded */
  async finish(): Promise<number> {
    const session = this.#session;
    const target = session.bulk;
    session.bulk = undefined;
    try {
      await this.#take(this.#reader.end());
      const columns = this.#reader.columns;
      if (!target || !columns)
        throw new SqlError(4022, 'Bulk load data was expected but not sent. The batch will be terminated.');
      if (!this.#table || this.#rows === 0) return 0;
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
