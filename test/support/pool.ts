import { join } from 'node:path';
import { type Pool, startPool } from '@crossview/sql-pool';
import { createStorageClient } from '@crossview/synapse';
import { Connection, type ConnectionConfiguration, Request } from 'tedious';
import { type Azurite, azurite } from './azurite.js';
import { temporaryDirectory } from './paths.js';

export const administrator = { user: 'crossview', password: 'Adm1n-of-the-tests' };

export interface TestPool extends Pool {
  readonly storage: Azurite;
  readonly directory: string;
  /** PEM file for clients that want a path. */
  readonly user: string;
  readonly password: string;
}

/** A pool of its own on a directory of its own; the caller closes it. */
export async function startTestPool(
  options: { directory?: string; createDatabases?: boolean; log?: (text: string) => void } = {},
): Promise<TestPool> {
  const storage = await azurite();
  const directory = options.directory ?? temporaryDirectory('pool');
  const pool = await startPool({
    directory: join(directory, 'data'),
    administrator,
    createDatabases: options.createDatabases ?? true,
    storage: createStorageClient(),
    accounts: storage.accounts,
    acceptToken: async (token) => (token === 'good-token' ? { user: 'token@example.com' } : undefined),
    ...(options.log ? { log: options.log } : {}),
  });
  return { ...pool, storage, directory, ...administrator };
}

let shared: Promise<TestPool> | undefined;

/** One pool for all tests of a process; it ends with the process. */
export function testPool(): Promise<TestPool> {
  // A suite's own timers keep the process while a test runs; the pool must not keep it afterwards.
  shared ??= startTestPool().then((pool) => {
    pool.unref();
    return pool;
  });
  return shared;
}

export type Row = Record<string, unknown>;

export interface Outcome {
  /** Result sets as rows by column name, in order. */
  readonly sets: readonly (readonly Row[])[];
  readonly messages: readonly string[];
  /** Row counts of the statements, as DONE tokens gave them. */
  readonly counts: readonly number[];
}

export interface SqlFailure extends Error {
  readonly number: number;
  readonly class: number;
  readonly state: number;
  readonly lineNumber: number;
}

/** A tedious connection that answers with promises. */
export class Client {
  readonly connection: Connection;
  #messages: string[] = [];

  private constructor(connection: Connection) {
    this.connection = connection;
    connection.on('infoMessage', (message) => this.#messages.push(message.message));
  }

  static async open(
    pool: TestPool,
    options: {
      database?: string;
      user?: string;
      password?: string;
      token?: string;
      config?: Partial<NonNullable<ConnectionConfiguration['options']>>;
    } = {},
  ): Promise<Client> {
    const connection = new Connection({
      server: 'localhost',
      authentication: options.token
        ? { type: 'azure-active-directory-access-token', options: { token: options.token } }
        : {
            type: 'default',
            options: {
              userName: options.user ?? administrator.user,
              password: options.password ?? administrator.password,
            },
          },
      options: {
        port: pool.port,
        database: options.database ?? 'testpool',
        encrypt: true,
        cryptoCredentialsDetails: { ca: pool.certificateAuthority },
        requestTimeout: 30_000,
        connectTimeout: 10_000,
        useColumnNames: false,
        ...options.config,
      },
    });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    // A test that failed before it closed its client must not keep the process.
    (connection as unknown as { socket?: { unref?: () => void } }).socket?.unref?.();
    return new Client(connection);
  }

  /** Runs a batch, or parametrised text when `prepare` adds parameters. @throws the first error with its number */
  run(text: string, prepare?: (request: Request) => void): Promise<Outcome> {
    this.#messages = [];
    const sets: Row[][] = [];
    const counts: number[] = [];
    return new Promise((resolve, reject) => {
      const request = new Request(text, (error) =>
        error ? reject(error) : resolve({ sets, counts, messages: [...this.#messages] }),
      );
      request.on('columnMetadata', () => sets.push([]));
      request.on('row', (columns: { metadata: { colName: string }; value: unknown }[]) => {
        sets
          .at(-1)!
          .push(
            Object.fromEntries(columns.map((column, index) => [column.metadata.colName || `#${index}`, column.value])),
          );
      });
      const count = (rows: number | undefined) => {
        if (rows !== undefined) counts.push(rows);
      };
      request.on('done', count);
      request.on('doneInProc', count);
      prepare?.(request);
      if (prepare) this.connection.execSql(request);
      else this.connection.execSqlBatch(request);
    });
  }

  async rows(text: string, prepare?: (request: Request) => void): Promise<readonly Row[]> {
    return (await this.run(text, prepare)).sets.at(-1) ?? [];
  }

  /** The only value of the last result set. */
  async value(text: string, prepare?: (request: Request) => void): Promise<unknown> {
    return Object.values((await this.rows(text, prepare))[0] ?? {})[0];
  }

  /** The error that the text has to end in. */
  async failure(text: string): Promise<SqlFailure> {
    try {
      await this.run(text);
    } catch (error) {
      return error as SqlFailure;
    }
    throw new Error(`no error from: ${text}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.once('end', () => resolve());
      this.connection.close();
    });
  }
}
