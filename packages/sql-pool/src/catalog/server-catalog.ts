import { mkdirSync, readdirSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSettings } from '../dialect/ast.js';
import type { Engine } from '../duckdb/engine.js';
import { errors } from '../errors/catalogue.js';
import { SqlError } from '../errors/sql-error.js';
import { Database } from './database.js';
import { RequestLog } from './request-log.js';
import { SecretBox } from './secrets.js';

/** The databases of the pool; `master` has the logins. */
export class ServerCatalog {
  readonly engine: Engine;
  readonly secrets: SecretBox;
  readonly requests = new RequestLog();
  readonly #directory: string;
  readonly #open = new Map<string, Promise<Database>>();
  readonly #names = new Map<string, string>();
  readonly createDatabases: boolean;
  master!: Database;

  private constructor(engine: Engine, directory: string, createDatabases: boolean) {
    this.engine = engine;
    this.#directory = join(directory, 'databases');
    this.createDatabases = createDatabases;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.secrets = new SecretBox(directory);
  }

  static async open(engine: Engine, directory: string, createDatabases: boolean): Promise<ServerCatalog> {
    const catalog = new ServerCatalog(engine, directory, createDatabases);
    for (const file of readdirSync(catalog.#directory)) {
      if (!file.endsWith('.duckdb')) continue;
      const name = decodeURIComponent(file.slice(0, -'.duckdb'.length));
      catalog.#names.set(name.toLowerCase(), name);
    }
    catalog.#names.set('master', catalog.#names.get('master') ?? 'master');
    catalog.master = (await catalog.database('master'))!;
    return catalog;
  }

  get names(): readonly string[] {
    return [...this.#names.values()];
  }

  /** A database's name as it was written when it was made; names are compared without case. */
  nameOf(name: string): string | undefined {
    return this.#names.get(name.toLowerCase());
  }

  #file(name: string): string {
    return join(this.#directory, `${encodeURIComponent(name).replaceAll('*', '%2A')}.duckdb`);
  }

  /** The database of that name, opened when it is first asked for; `undefined` when there is none. */
  async database(name: string): Promise<Database | undefined> {
    const known = this.nameOf(name);
    if (known === undefined) return undefined;
    let opening = this.#open.get(known.toLowerCase());
    if (!opening) {
      opening = Database.open(this.engine, known, this.#file(known));
      this.#open.set(known.toLowerCase(), opening);
      opening.catch(() => this.#open.delete(known.toLowerCase()));
    }
    return opening;
  }

  /** The database, made when the pool is one that makes databases on first use. @throws SqlError 911 */
  async require(name: string): Promise<Database> {
    const found = await this.database(name);
    if (found) return found;
    if (!this.createDatabases) throw errors.noDatabase(name);
    return this.create(name);
  }

  async create(name: string): Promise<Database> {
    if (this.#names.has(name.toLowerCase()))
      throw new SqlError(1801, `Database '${name}' already exists. Choose a different database name.`, { state: 3 });
    if (name === '' || name.length > 128 || ['memory', 'system', 'temp', '$external'].includes(name.toLowerCase()))
      throw new SqlError(40522, `The database name '${name}' cannot be used.`);
    this.#names.set(name.toLowerCase(), name);
    try {
      return (await this.database(name))!;
    } catch (error) {
      this.#names.delete(name.toLowerCase());
      throw error;
    }
  }

  async #release(name: string): Promise<string> {
    const known = this.nameOf(name);
    if (known === undefined)
      throw new SqlError(
        3701,
        `Cannot drop the database '${name}', because it does not exist or you do not have permission.`,
        { severity: 11 },
      );
    if (known.toLowerCase() === 'master')
      throw new SqlError(3708, `Cannot drop the database '${name}' because it is a system database.`);
    const opened = this.#open.get(known.toLowerCase());
    if (opened) {
      (await opened).close();
      await this.engine.detach(known);
      this.#open.delete(known.toLowerCase());
    }
    this.#names.delete(known.toLowerCase());
    return known;
  }

  /** What was set for a database, open or not. */
  settings(name: string): DatabaseSettings {
    return this.master.find('databaseSettings', name)?.settings ?? {};
  }

  /** Keeps settings of a database; those that are not named stay. */
  async set(name: string, settings: DatabaseSettings): Promise<void> {
    await this.master.put('databaseSettings', [name], { settings: { ...this.settings(name), ...settings } });
  }

  async drop(name: string): Promise<void> {
    const known = await this.#release(name);
    await this.master.remove('databaseSettings', known);
    rmSync(this.#file(known), { force: true });
    rmSync(`${this.#file(known)}.wal`, { force: true });
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.#names.has(to.toLowerCase()))
      throw new SqlError(1801, `Database '${to}' already exists. Choose a different database name.`, { state: 3 });
    const known = await this.#release(from);
    renameSync(this.#file(known), this.#file(to));
    try {
      unlinkSync(`${this.#file(known)}.wal`);
    } catch {
      // DETACH wrote everything into the file; a log is only there when it did not.
    }
    this.#names.set(to.toLowerCase(), to);
    const settings = this.settings(known);
    if (await this.master.remove('databaseSettings', known)) await this.set(to, settings);
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) {
      const database = await opening.catch(() => undefined);
      database?.close();
    }
    this.#open.clear();
  }
}
