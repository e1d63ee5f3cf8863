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
  #cursor: ResultCursor | undefined;
  #done = false;
  rowsRead = 0;

  private constructor(
    readonly session: ThriftSession,
    readonly plan: ReadPlan,
    readonly signal: AbortSignal | undefined,
  ) {}

  static async open(connection: SparkConnection, query: string, options: ReadOptions): Promise<SparkSource> {
    if (options.signal?.aborted) throw cancelled();
    const session = await openSparkSession(connection);
    try {
      return new SparkSource(session, await planRead(session, query, options), options.signal);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  get bytesRead(): number {
    return this.#cursor?.bytesRead ?? 0;
  }

  /** Runs the query; may be iterated once. @throws CrossviewError as the session does; `COPY_CANCELLED` after the signal. */
  async *batches(maxRows = fetchSize): AsyncGenerator<RecordBatch> {
    const { signal } = this;
    const cursor = await this.session.execute(this.plan.statement, { signal });
    this.#cursor = cursor;
    const stop = () => void this.session.cancel(cursor.operation);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const fetched of cursor.rows(maxRows)) {
        if (signal?.aborted) throw cancelled();
        this.rowsRead += fetched.rows;
        yield toBatch(fetched, this.plan.schema);
      }
      this.#done = true;
    } catch (error) {
      throw signal?.aborted ? cancelled() : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    if (this.#cursor && !this.#done) await this.session.cancel(this.#cursor.operation);
    await this.#cursor?.close();
    await this.session.close();
  }
}
