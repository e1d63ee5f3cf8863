import { quoteName, quoteText } from '../dialect/translate/quote.js';
import type { DuckDBConnection, Engine } from '../duckdb/engine.js';
import { storageType } from '../types/sql-type.js';
import { declaredName } from './declared.js';
import type { Dated, ObjectKind, ObjectKinds, TableColumn, TableDefinition } from './objects.js';

const ownSchema = '$crossview';

/** Keys are compared without case, as the pool's collation does. */
export function keyOf(...parts: readonly string[]): string {
  return parts.map((part) => part.toLowerCase()).join('\u0000');
}

/**
 * One database of the pool: its DuckDB file and what DuckDB does not know. Declared types and distributions stand in
 * DuckDB's comments on columns and tables, so they live and die with the table; everything else is in one table of
 * documents in a schema of our own. Both are in the same file: what was committed survives any end of the process.
 */
export class Database {
  readonly name: string;
  readonly created = new Date();
  readonly #connection: DuckDBConnection;
  readonly #objects = new Map<ObjectKind, Map<string, ObjectKinds[ObjectKind]>>();
  #tables = new Map<string, TableDefinition>();
  #schemas = new Set<string>();
  /** Grows with every change of the catalog. */
  version = 1;

  private constructor(name: string, connection: DuckDBConnection) {
    this.name = name;
    this.#connection = connection;
  }

  static async open(engine: Engine, name: string, file: string): Promise<Database> {
    await engine.attach(name, file);
    const connection = await engine.connect();
    const own = `${quoteName(name)}.${quoteName(ownSchema)}`;
    await connection.run(
      `CREATE SCHEMA IF NOT EXISTS ${own};
       CREATE TABLE IF NOT EXISTS ${own}.objects(kind VARCHAR COLLATE "binary", id VARCHAR COLLATE "binary", body VARCHAR, PRIMARY KEY(kind, id));
       CREATE SCHEMA IF NOT EXISTS ${quoteName(name)}.dbo`,
    );
    const database = new Database(name, connection);
    await database.#load();
    await database.#bringUp();
    return database;
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #load(): Promise<void> {
    const rows = await this.#rows(`SELECT kind, id, body FROM ${this.#own}.objects`);
    for (const [kind, id, body] of rows) this.#map(kind as ObjectKind).set(id!, JSON.parse(body!));
    await this.refresh();
  }

  /** Moments that an older pool kept as DuckDB's types, as this one keeps them. */
  async #bringUp(): Promise<void> {
    const stored = await this.#rows(
      `SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ${quoteText(this.name)} AND data_type LIKE 'TIME%'`,
    );
    let changed = false;
    for (const [schema, name, column, kept] of stored) {
      const type = this.table(schema!, name!)?.columns.find((known) => known.name === column)?.type;
      if (!type || storageType(type) === kept) continue;
      const { castTo } = await import('../dialect/translate/cast.js');
      const own = quoteName(column!);
      const clock = kept === 'TIMESTAMP WITH TIME ZONE' ? `timezone('UTC', ${own})` : own;
      const six = { name: kept === 'TIME' ? ('time' as const) : ('datetime2' as const), scale: 6 };
      await this.#connection.run(
        `ALTER TABLE ${[this.name, schema!, name!].map(quoteName).join('.')} ALTER COLUMN ${own} TYPE ${storageType(type)} USING ${castTo({ sql: clock, type: six }, type).sql}`,
      );
      changed = true;
    }
    if (changed) await this.refresh();
  }

  get #own(): string {
    return `${quoteName(this.name)}.${quoteName(ownSchema)}`;
  }

  async #rows(sql: string): Promise<(string | null)[][]> {
    const result = await this.#connection.runAndReadAll(sql);
    return result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
  }

  #map<K extends ObjectKind>(kind: K): Map<string, ObjectKinds[K]> {
    let map = this.#objects.get(kind);
    if (!map) {
      map = new Map();
      this.#objects.set(kind, map);
    }
    return map as Map<string, ObjectKinds[K]>;
  }

  /** Reads tables and schemas anew, after DDL. */
  async refresh(): Promise<void> {
    const where = `database_name = ${quoteText(this.name)} AND schema_name <> ${quoteText(ownSchema)} AND NOT internal`;
    const tables = await this.#rows(`SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE ${where}`);
    const columns = await this.#rows(
      `SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE ${where} ORDER BY column_index`,
    );
    const schemas = await this.#rows(
      `SELECT schema_name FROM duckdb_schemas() WHERE ${where} AND schema_name NOT IN ('main', 'information_schema', 'pg_catalog')`,
    );
    this.#schemas = new Set(schemas.map(([name]) => name!));
    const found = new Map<string, { table: TableDefinition; columns: TableColumn[] }>();
    for (const [schema, name, comment] of tables) {
      const own: TableColumn[] = [];
      const options = comment ? JSON.parse(comment) : {};
      found.set(keyOf(schema!, name!), {
        columns: own,
        table: {
          distribution: 'ROUND_ROBIN',
          distributionColumns: [],
          index: 'CLUSTERED COLUMNSTORE INDEX',
          ...options,
          schema: schema!,
          name: name!,
          columns: own,
        },
      });
    }
    for (const [schema, table, name, type, nullable, comment] of columns) {
      const entry = found.get(keyOf(schema!, table!));
      const declared = comment ? JSON.parse(comment) : { type: declaredName(type!) };
      entry?.columns.push({ ...declared, name: name!, nullable: nullable === 'true' });
    }
    this.#tables = new Map([...found].map(([key, entry]) => [key, entry.table]));
    this.version++;
  }

  get tables(): readonly TableDefinition[] {
    return [...this.#tables.values()];
  }
  table(schema: string, name: string): TableDefinition | undefined {
    return this.#tables.get(keyOf(schema, name));
  }
  get schemas(): readonly string[] {
    return [...this.#schemas];
  }
  /** The schema's name as it was written when it was made. */
  schema(name: string): string | undefined {
    return [...this.#schemas].find((known) => known.toLowerCase() === name.toLowerCase());
  }

  all<K extends ObjectKind>(kind: K): readonly ObjectKinds[K][] {
    return [...this.#map(kind).values()];
  }
  find<K extends ObjectKind>(kind: K, ...name: readonly string[]): ObjectKinds[K] | undefined {
    return this.#map(kind).get(keyOf(...name));
  }
  /** Keeps an object; it is on disk when this resolves. */
  async put<K extends ObjectKind>(kind: K, name: readonly string[], body: ObjectKinds[K]): Promise<void> {
    const id = keyOf(...name);
    const modified = new Date().toISOString();
    const dated = { ...body, created: (this.#map(kind).get(id) as Dated | undefined)?.created ?? modified, modified };
    await this.#connection.run(`INSERT OR REPLACE INTO ${this.#own}.objects VALUES ($1, $2, $3)`, [
      kind,
      id,
      JSON.stringify(dated),
    ]);
    this.#map(kind).set(id, dated);
    this.version++;
  }
  /** @returns whether it was there */
  async remove(kind: ObjectKind, ...name: readonly string[]): Promise<boolean> {
    const id = keyOf(...name);
    if (!this.#map(kind).has(id)) return false;
    await this.#connection.run(`DELETE FROM ${this.#own}.objects WHERE kind = $1 AND id = $2`, [kind, id]);
    this.#map(kind).delete(id);
    this.version++;
    return true;
  }

  /** Runs DDL as one transaction and reads the catalog anew. */
  async change(
    connection: DuckDBConnection,
    statements: readonly string[],
    options: { within?: boolean } = {},
  ): Promise<void> {
    try {
      if (!options.within) await connection.run('BEGIN TRANSACTION');
      try {
        for (const sql of statements) await connection.run(sql);
        if (!options.within) await connection.run('COMMIT');
      } catch (error) {
        if (!options.within) await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      await this.refresh();
    }
  }

  async createSchema(name: string): Promise<void> {
    await this.#connection.run(`CREATE SCHEMA ${quoteName(this.name)}.${quoteName(name)}`);
    await this.refresh();
  }
}
