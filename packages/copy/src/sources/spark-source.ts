import { CrossviewError } from '@crossview/contracts';
import type { RecordBatch } from 'apache-arrow';
import type { ResultCursor } from '../thrift/result-cursor.js';
import { toBatch } from '../thrift/row-set.js';
import { cancelled, type ThriftSession } from '../thrift/session.js';
import { planRead, type ReadOptions, type ReadPlan } from './read-plan.js';
import { openSparkSession, type SparkConnection } from './spark-connection.js';

/** Rows of one fetch: enough that the way to the server does not count, few enough that they stay in the cache. */
export const fetchSize = 10_000;

/** A query on its way from a Spark Thrift server, as Arrow batches. `close` may be called twice and cancels what runs. */
export class SparkSource {
  #session: ThriftSession;
  #cursor: ResultCursor | undefined;
  #done = false;
  rowsRead = 0;

  private constructor(
    readonly connection: SparkConnection,
    session: ThriftSession,
    readonly plan: ReadPlan,
    readonly signal: AbortSignal | undefined,
  ) {
    this.#session = session;
  }

  /** Connects and asks for the query's columns; nothing is computed yet. */
  static async open(connection: SparkConnection, query: string, options: ReadOptions): Promise<SparkSource> {
    if (options.signal?.aborted) throw cancelled();
    const session = await openSparkSession(connection);
    try {
      const plan = await planRead(session, query, options);
      return new SparkSource(connection, session, plan, options.signal);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  get bytesRead(): number {
    return this.#cursor?.bytesRead ?? 0;
  }

  /**
   * Runs the query; may be iterated once. @throws CrossviewError as the session does; `COPY_CANCELLED` after the signal.
   * A query whose connection broke before its first row is asked again, once.
   */
  async *batches(maxRows = fetchSize): AsyncGenerator<RecordBatch> {
    for (let attempt = 0; ; attempt += 1)
      try {
        yield* this.#run(maxRows);
        this.#done = true;
        return;
      } catch (error) {
        if (this.signal?.aborted) throw cancelled();
        const lost = error instanceof CrossviewError && error.code === 'COPY_CONNECTION_LOST';
        if (!lost || this.rowsRead > 0 || attempt > 0 || !isQuery(this.plan.statement)) throw error;
        await this.#session.close();
        this.#session = await openSparkSession(this.connection);
      }
  }

  async *#run(maxRows: number): AsyncGenerator<RecordBatch> {
    const { signal } = this;
    const session = this.#session;
    const cursor = await session.execute(this.plan.statement, { signal });
    this.#cursor = cursor;
    const stop = () => void session.cancel(cursor.operation);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const fetched of cursor.rows(maxRows)) {
        if (signal?.aborted) throw cancelled();
        this.rowsRead += fetched.rows;
        yield toBatch(fetched, this.plan.schema);
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    if (this.#cursor && !this.#done) await this.#session.cancel(this.#cursor.operation);
    await this.#cursor?.close();
    await this.#session.close();
  }
}

/** Statements that change nothing, so that asking twice does no harm. */
const isQuery = (statement: string): boolean =>
  /^\s*(\(|SELECT\b|WITH\b|VALUES\b|TABLE\b|SHOW\b|DESC)/i.test(statement) && !/\bINSERT\b/i.test(statement);
