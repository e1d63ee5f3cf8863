import type { PoolDirectory, PoolTarget, SqlClient, SqlConnection } from '@crossview/contracts';

/** One connection for each server and database, kept for the session: temp tables and SET options last. */
export class PoolConnections {
  readonly #open = new Map<string, Promise<SqlConnection>>();

  constructor(
    readonly pools: PoolDirectory,
    readonly sql: SqlClient,
  ) {}

  async resolve(server: string | undefined, database: string | undefined): Promise<PoolTarget> {
    return this.pools.resolve({ server, database });
  }

  /** @throws CrossviewError what resolving and connecting throw. */
  async connect(target: PoolTarget, signal: AbortSignal): Promise<SqlConnection> {
    const key = JSON.stringify([target.host, target.port, target.server, target.database]).toLowerCase();
    const known = this.#open.get(key);
    if (known) return known;
    const connecting = this.sql.connect(target, { signal, applicationName: 'Crossview notebook' });
    this.#open.set(key, connecting);
    connecting.catch(() => this.#open.delete(key));
    return connecting;
  }

  /** After a failure of the connection itself: the next cell connects again. */
  async forget(connection: SqlConnection): Promise<void> {
    for (const [key, known] of this.#open)
      if ((await known.catch(() => undefined)) === connection) this.#open.delete(key);
    await connection.close();
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(all.map(async (connection) => (await connection).close()));
  }
}
