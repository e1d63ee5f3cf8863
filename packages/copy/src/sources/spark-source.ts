import { CrossviewError } from '@crossview/contracts';
import type { RecordBatch } from 'apache-arrow';
import type { ResultCursor } from '../thrift/result-cursor.js';
import { sizeOf, toBatch } from '../thrift/row-set.js';
import { cancelled, type ThriftSession } from '../thrift/session.js';
import { planRead, type ReadOptions, type ReadPlan } from './read-plan.js';
import { SeenRows } from './seen-rows.js';
import { openSparkSession, type SparkConnection } from './spark-connection.js';

/** Rows of one fetch: enough that the way to the server does not count, few enough that they stay in the cache. */
export const fetchSize = 10_000;

/** A query on its way from a Spark Thrift server, as Arrow batches. `close` may be called twice and cancels what runs. */
export class SparkSource {
  #session: ThriftSession;
  #cursor: ResultCursor | undefined;
  #done = false;
  /** Rows that were given on, and their bytes on the wire. */
  rowsRead = 0;
  bytesRead = 0;

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
    const session = await openUnlessStopped(connection, options.signal);
    try {
      const plan = await planRead(session, query, options);
      return new SparkSource(connection, session, plan, options.signal);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * Runs the query; may be iterated once. @throws CrossviewError as the session does; `COPY_CANCELLED` after the signal.
   * When the server forgets the query together with a broken connection, the query is asked again over a new one and goes on
   * behind the last full batch, provided that the batches before are the same again.
   */
  async *batches(maxRows = fetchSize): AsyncGenerator<RecordBatch> {
    const seen = isQuery(this.plan.statement) ? new SeenRows() : undefined;
    for (let attempt = 0; ; attempt += 1) {
      const before = this.rowsRead;
      try {
        yield* this.#run(maxRows, seen);
        this.#done = true;
        return;
      } catch (error) {
        if (this.signal?.aborted) throw cancelled();
        if (this.rowsRead > before) attempt = 0;
        const pause = pauses[attempt];
        if (!isLost(error) || seen === undefined || pause === undefined) throw this.#ended(error);
        await this.#reconnect(pause, error);
      }
    }
  }

  async *#run(maxRows: number, seen: SeenRows | undefined): AsyncGenerator<RecordBatch> {
    const { signal } = this;
    const session = this.#session;
    const cursor = await session.execute(this.plan.statement, { signal });
    this.#cursor = cursor;
    seen?.begin();
    const stop = () => void session.cancel(cursor.operation);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const fetched of cursor.rows(maxRows)) {
        if (signal?.aborted) throw cancelled();
        const verdict = seen?.judge(fetched) ?? 'new';
        if (verdict === 'same') continue;
        if (verdict === 'other') throw changed(this.rowsRead);
        this.rowsRead += fetched.rows;
        this.bytesRead += sizeOf(fetched);
        yield toBatch(fetched, this.plan.schema);
      }
      if (seen?.complete === false) throw changed(this.rowsRead);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** A new session after `pause` milliseconds; the first failure is the one that is told. */
  async #reconnect(pause: number, failure: unknown): Promise<void> {
    await this.#session.close();
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (this.signal?.aborted) throw cancelled();
    try {
      this.#session = await openUnlessStopped(this.connection, this.signal);
    } catch (error) {
      if (this.signal?.aborted || !isLost(error)) throw this.#ended(failure);
    }
  }

  /** How far it came stands in the error of a connection that could not be mended. */
  #ended(error: unknown): unknown {
    if (!isLost(error) || this.rowsRead === 0) return error;
    const { message, facts } = error as CrossviewError;
    return new CrossviewError(
      'COPY_CONNECTION_LOST',
      `${message.replace(/, after \d+ rows were read$/, '')}, after ${this.rowsRead} rows were read`,
      {
        hint: 'Nothing was left half written. Run the copy again when the server is back.',
        facts: { ...facts, rowsRead: this.rowsRead },
        cause: error,
      },
    );
  }

  async close(): Promise<void> {
    if (this.#cursor && !this.#done) await this.#session.cancel(this.#cursor.operation);
    await this.#cursor?.close();
    await this.#session.close();
  }
}

/** A server that does not answer must not hold up a user who has pressed Stop; a session that comes late is closed. */
async function openUnlessStopped(connection: SparkConnection, signal: AbortSignal | undefined): Promise<ThriftSession> {
  if (signal?.aborted) throw cancelled();
  const opening = openSparkSession(connection, { signal });
  if (signal === undefined) return opening;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([opening, stopped]);
  } catch (error) {
    opening.then(
      (session) => session.close(),
      () => undefined,
    );
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Milliseconds before a lost query is asked again; progress in between starts them anew. */
const pauses = [200, 1_000, 3_000];

const isLost = (error: unknown): boolean =>
  error instanceof CrossviewError &&
  ['COPY_CONNECTION_LOST', 'COPY_SESSION_LOST', 'COPY_SERVER_UNREACHABLE'].includes(error.code);

const changed = (rowsRead: number): CrossviewError =>
  new CrossviewError(
    'COPY_QUERY_NOT_REPEATABLE',
    `the connection ended after ${rowsRead} rows, and the query gave other rows when it was asked again`,
    {
      hint: 'Nothing was left half written. Run the copy again; a query with ORDER BY gives the same rows each time, and over HTTP a copy goes on without being asked again.',
      facts: { rowsRead },
    },
  );

/** Statements that change nothing, so that asking twice does no harm. */
const isQuery = (statement: string): boolean =>
  /^\s*(\(|SELECT\b|WITH\b|VALUES\b|TABLE\b|SHOW\b|DESC)/i.test(statement) && !/\bINSERT\b/i.test(statement);
