import { randomInt } from 'node:crypto';
import type { StorageClient, StorageDirectory } from '@crossview/contracts';
import type { TdsValue } from '@crossview/tds-wire';
import type { Database } from '../catalog/database.js';
import { columnRights, isDenied, isPermitted, type Securable } from '../catalog/security.js';
import type { ServerCatalog } from '../catalog/server-catalog.js';
import type { ProcedureParameter } from '../dialect/ast.js';
import type { DuckDBConnection } from '../duckdb/engine.js';
import type { ResultColumn } from '../duckdb/row-encoder.js';
import { errors } from '../errors/catalogue.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import { RandomNumbers } from './random-numbers.js';
import { TemporaryTables } from './temporary-tables.js';

/** What a pool hands to its sessions. */
export interface PoolServices {
  readonly catalog: ServerCatalog;
  readonly storage: () => Promise<StorageClient>;
  readonly accounts: StorageDirectory;
  readonly scratch: string;
  readonly administrator: string;
  readonly serverName: string;
  readonly sessions: Map<number, Session>;
}

export interface PreparedText {
  readonly text: string;
  readonly parameters: readonly ProcedureParameter[];
  /** The procedure to call, when it was prepared as a call and not as a text. */
  readonly procedure?: string;
}

/** Rows that a driver fetches a few at a time (sp_cursoropen). */
export interface ServerCursor {
  /** Of the temporary table that holds them. */
  readonly table: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
  /** The first row of the last fetch, 1-based; 0 before the first one. */
  position: number;
  fetched: number;
}

export interface Variable {
  readonly type: SqlType;
  value: TdsValue;
}

/** State of one connection: its database, its user, its temporary tables, its transaction. */
export class Session {
  readonly id: number;
  readonly services: PoolServices;
  readonly connection: DuckDBConnection;
  readonly login: string;
  readonly #administrator: boolean;
  /** Users that EXECUTE AS has put in place of the one before, innermost last. */
  readonly #before: string[] = [];
  readonly application: string;
  readonly host: string;
  readonly started = new Date();
  database: Database;
  /** The user of the database at hand. */
  user: string;
  /** Keyed by lower-case name with its `#`. */
  readonly temporary = new TemporaryTables();
  readonly prepared = new Map<number, PreparedText>();
  nextHandle = 1;
  readonly cursors = new Map<number, ServerCursor>();
  nextCursor = 180150000;
  /** In a transaction the client began: none, open, or failed and only good for ROLLBACK. */
  transaction: 'none' | 'open' | 'failed' = 'none';
  transactionId = 0n;
  /** SET IMPLICIT_TRANSACTIONS ON: how drivers turn autocommit off. */
  implicitTransactions = false;
  noCount = false;
  formatOnly = false;
  noExecute = false;
  /** SET ROWCOUNT: statements stop after so many rows; 0 for all. */
  rowLimit = 0;
  /** The first day of the week: 1 is Monday, 7 Sunday. */
  dateFirst = 7;
  rowCount = 0;
  lastError = 0;
  readonly random = new RandomNumbers(randomInt(1, 2 ** 31 - 1));
  identityInsert: string | undefined;
  /** What sp_set_session_context has set, by lower-case key. */
  readonly context = new Map<string, string | null>();
  cancelled = false;
  lastRequest: string | undefined;
  /** Errors of CATCH blocks around the statement at hand, innermost last. */
  readonly caught: SqlError[] = [];
  bulk: { readonly table: readonly string[]; readonly columns: readonly string[] } | undefined;

  constructor(parts: {
    id: number;
    services: PoolServices;
    connection: DuckDBConnection;
    login: string;
    isAdministrator: boolean;
    application: string;
    host: string;
    database: Database;
    user: string;
  }) {
    this.id = parts.id;
    this.services = parts.services;
    this.connection = parts.connection;
    this.login = parts.login;
    this.#administrator = parts.isAdministrator;
    this.application = parts.application;
    this.host = parts.host;
    this.database = parts.database;
    this.user = parts.user;
  }

  /** An administrator who executes as another user is none meanwhile. */
  get isAdministrator(): boolean {
    return this.#administrator && (this.#before.length === 0 || this.user.toLowerCase() === 'dbo');
  }

  /** EXECUTE AS USER. */
  impersonate(user: string): void {
    this.#before.push(this.user);
    this.user = user;
  }
  /** REVERT; nothing without an EXECUTE AS. */
  revert(): void {
    this.user = this.#before.pop() ?? this.user;
  }
  get impersonations(): number {
    return this.#before.length;
  }

  get sessionId(): string {
    return `SID${this.id}`;
  }

  /** The user that this login is in a database; `undefined` when it may not enter. */
  userIn(database: Database): string | undefined {
    if (this.isAdministrator) return 'dbo';
    return userOf(database, this.login);
  }

  may(permission: string, on?: Securable): boolean {
    return this.isAdministrator || isPermitted(this.database, this.user, permission, on);
  }

  /** @throws SqlError 229 for an object, 262 for the database */
  demand(permission: string, on?: Securable): void {
    if (this.may(permission, on)) return;
    if (on) throw errors.denied(permission, 'object', on.name ?? on.schema, this.database.name, on.schema);
    throw errors.deniedInDatabase(permission, this.database.name);
  }

  /** Reading some columns of an object. @throws SqlError 229 for the object, 230 for a column */
  demandColumns(on: Securable, columns: ReadonlySet<string>): void {
    if (this.isAdministrator) return;
    const { database, user } = this;
    const { granted, denied } = columnRights(database, user, 'SELECT', on);
    const whole = this.may('SELECT', on);
    if (!whole && (granted.size === 0 || isDenied(database, user, 'SELECT', on))) this.demand('SELECT', on);
    for (const column of columns)
      if (denied.has(column) || (!whole && !granted.has(column)))
        throw new SqlError(
          230,
          `The SELECT permission was denied on the column '${column}' of the object '${on.name}', database '${database.name}', schema '${on.schema}'.`,
          { severity: 14 },
        );
  }

  #spare: DuckDBConnection | undefined;

  /**
   * For expressions of the host: the session's own connection, or another one while a failed transaction lets that
   * take no statement (`IF @@TRANCOUNT > 0 ROLLBACK`).
   */
  async evaluator(): Promise<DuckDBConnection> {
    if (this.transaction !== 'failed') return this.connection;
    this.#spare ??= await this.services.catalog.engine.connect();
    return this.#spare;
  }

  /** Undoes what a reset of the connection has to undo: temporary tables, prepared texts, options, transaction. */
  async reset({ keepTransaction = false }: { keepTransaction?: boolean } = {}): Promise<void> {
    if (this.transaction !== 'none' && !keepTransaction) {
      await this.connection.run('ROLLBACK').catch(() => undefined);
      this.temporary.restore();
      this.transaction = 'none';
    }
    while (this.impersonations > 0) this.revert();
    await this.dropTemporary(this.temporary.clear());
    this.prepared.clear();
    this.context.clear();
    for (const { table } of this.cursors.values())
      await this.connection.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
    this.cursors.clear();
    this.implicitTransactions = false;
    this.noCount = false;
    this.formatOnly = false;
    this.noExecute = false;
    this.rowLimit = 0;
    this.dateFirst = 7;
    this.rowCount = 0;
    this.lastError = 0;
    this.identityInsert = undefined;
    this.bulk = undefined;
  }

  /** ` LIMIT n` while SET ROWCOUNT is in force. */
  get limitText(): string {
    return this.rowLimit > 0 ? ` LIMIT ${this.rowLimit}` : '';
  }

  /** @throws SqlError 40517 while SET ROWCOUNT is in force */
  refuseRowLimit(statement: string, line: number): void {
    if (this.rowLimit > 0) throw notSupported(`${statement} with SET ROWCOUNT ${this.rowLimit}`, line, 'Use TOP.');
  }

  /** Drops temporary tables by their names in DuckDB. */
  async dropTemporary(names: readonly string[]): Promise<void> {
    for (const name of names)
      await this.connection
        .run(`DROP TABLE IF EXISTS temp.main."${name.replaceAll('"', '""')}"`)
        .catch(() => undefined);
  }

  /** SET options that a procedure or a dynamic text changes last until its end. */
  async withOwnOptions<T>(body: () => Promise<T>): Promise<T> {
    const { noCount, formatOnly, noExecute, implicitTransactions, rowLimit } = this;
    try {
      return await body();
    } finally {
      Object.assign(this, { noCount, formatOnly, noExecute, implicitTransactions, rowLimit });
    }
  }

  /** Whether DuckDB's transaction still takes statements. */
  async isAlive(): Promise<boolean> {
    try {
      await this.connection.run('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /** Whether any session, this one too, is in the database of that name. */
  isInUse(database: string): boolean {
    const wanted = database.toLowerCase();
    return [...this.services.sessions.values()].some((one) => one.database.name.toLowerCase() === wanted);
  }

  async close(): Promise<void> {
    if (this.transaction !== 'none') await this.connection.run('ROLLBACK').catch(() => undefined);
    this.transaction = 'none';
    this.connection.closeSync();
    this.#spare?.closeSync();
    this.services.sessions.delete(this.id);
  }
}

/** The user for a login: the one made FOR LOGIN, else none; anybody may enter master. */
export function userOf(database: Database, login: string): string | undefined {
  const found = database
    .all('principal')
    .find((principal) => principal.kind === 'user' && principal.login?.toLowerCase() === login.toLowerCase());
  return found?.name ?? (database.name.toLowerCase() === 'master' ? 'guest' : undefined);
}
