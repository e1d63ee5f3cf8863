import { quoteName, quoteText } from '../dialect/translate/quote.js';
import { type DuckDBConnection, DuckDBInstance } from './api.js';
import { registerHostFunctions } from './host-functions.js';
import { macros } from './macros.js';

export type { DuckDBConnection } from './api.js';

export interface EngineOptions {
  /** `2GB`; DuckDB's own default (80 % of the memory) when not given. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Where DuckDB may put what does not fit into memory. */
  readonly temporaryDirectory: string;
}

/** One DuckDB process-wide: an empty database in memory that every pool database is attached to. */
export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #own: DuckDBConnection;
  readonly #attached = new Set<string>();
  #closed = false;

  private constructor(instance: DuckDBInstance, own: DuckDBConnection) {
    this.#instance = instance;
    this.#own = own;
  }

  static async start(options: EngineOptions): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', {
      default_collation: 'nocase',
      default_null_order: 'nulls_first_on_asc_last_on_desc',
      temp_directory: options.temporaryDirectory,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      preserve_insertion_order: 'true',
      ...(options.memoryLimit ? { memory_limit: options.memoryLimit } : {}),
      ...(options.threads ? { threads: String(options.threads) } : {}),
    });
    const own = await instance.connect();
    await own.run("SET GLOBAL TimeZone = 'UTC'");
    registerHostFunctions(own);
    await own.run(macros.map((macro) => `CREATE OR REPLACE MACRO memory.main.${macro}`).join(';\n'));
    return new Engine(instance, own);
  }

  async connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /** The file is made when it is not there. */
  async attach(name: string, file: string): Promise<void> {
    if (this.#attached.has(name)) return;
    await this.#own.run(`ATTACH ${quoteText(file)} AS ${quoteName(name)}`);
    this.#attached.add(name);
  }

  async detach(name: string): Promise<void> {
    if (!this.#attached.delete(name)) return;
    await this.#own.run(`DETACH ${quoteName(name)}`);
  }

  /** Writes the log of changes into the files, so that the next start has nothing to replay. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const name of this.#attached) {
      try {
        await this.#own.run(`DETACH ${quoteName(name)}`);
      } catch {
        // A statement that still runs keeps it attached: the log is replayed at the next start.
      }
    }
    this.#own.closeSync();
    this.#instance.closeSync();
  }
}
