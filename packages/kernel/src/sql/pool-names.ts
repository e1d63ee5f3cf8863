import type { LanguageContext, SqlConnection } from '@crossview/contracts';
import { tsqlKeywords } from './keywords.js';
import type { PoolConnections } from './pool-connections.js';
import { removeParts } from './remove-parts.js';
import type { SqlColumn, SqlNames, SqlTable } from './sql-names.js';

const mostColumns = 20_000;
const catalog = `SELECT c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME, c.DATA_TYPE
FROM INFORMATION_SCHEMA.COLUMNS AS c ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;

const quote = (name: string) => `[${name.replaceAll(']', ']]')}]`;
const keywordsOnly: SqlNames = { tables: [], functions: [], keywords: tsqlKeywords, quote };

/**
 * Tables and columns of the pool that T-SQL cells last went to, else of the default one. Asked for when a completion
 * is, and kept until the next cell has run: it may have made a table.
 */
export class PoolNames {
  #known: Promise<SqlNames> | undefined;
  #last: SqlConnection | undefined;

  constructor(
    readonly context: LanguageContext,
    readonly connections: PoolConnections,
  ) {}

  /** Call after a cell has run on this connection. */
  changed(connection: SqlConnection): void {
    this.#last = connection;
    this.#known = undefined;
  }

  async names(signal: AbortSignal): Promise<SqlNames> {
    this.#known ??= this.#ask(signal);
    return this.#known.catch(() => {
      // Front ends ask at each key: a pool that does not answer is asked again after the next cell only.
      this.#known = Promise.resolve(keywordsOnly);
      return keywordsOnly;
    });
  }

  async #ask(signal: AbortSignal): Promise<SqlNames> {
    const connection = this.#last ?? (await this.#default(signal));
    const directory = await this.context.views.allocate();
    const results = await connection.query(catalog, { directory, signal, limit: mostColumns });
    const tables = new Map<string, SqlTable & { columns: SqlColumn[] }>();
    for (const { rows } of results) {
      if (!rows) continue;
      try {
        const { batches } = await (await import('../frames/arrow-rows.js')).readHead(rows, mostColumns);
        for (const batch of batches)
          for (const row of batch) {
            const [schema = '', name = '', column = '', type = ''] = [...row].map(([, value]) => String(value ?? ''));
            const key = `${schema}.${name}`;
            const table = tables.get(key) ?? { schema, name, what: 'Table of the pool', columns: [] };
            table.columns.push({ name: column, type });
            tables.set(key, table);
          }
      } finally {
        await removeParts(rows);
      }
    }
    return { ...keywordsOnly, tables: [...tables.values()] };
  }

  async #default(signal: AbortSignal): Promise<SqlConnection> {
    return this.connections.connect(await this.connections.resolve(undefined, undefined), signal);
  }
}
