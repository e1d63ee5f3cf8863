import { join } from 'node:path';
import {
  CrossviewError,
  type PoolTarget,
  type SqlConnection,
  type SqlMessage,
  type SqlParameter,
  type SqlResultSet,
} from '@crossview/contracts';
import { type Connection, Request } from 'tedious';
import { ArrowFile } from './arrow-file.js';
import { addParameter } from './parameters.js';
import { resultColumns, type TediousColumn } from './result-columns.js';
import { queryError } from './sql-errors.js';

type QueryOptions = Parameters<SqlConnection['query']>[1];

interface ServerMessage {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
  readonly lineNumber: number;
}

/** Gathers the answer to one batch: result sets as Arrow files, counts, and the first failure of our own. */
class Answer {
  readonly sets: SqlResultSet[] = [];
  failure: unknown;
  #open: ArrowFile | undefined;

  constructor(
    private readonly options: QueryOptions,
    private readonly serial: number,
  ) {}

  columns(columns: readonly TediousColumn[]): void {
    this.#close();
    const path = join(this.options.directory, `result-${this.serial}-${this.sets.length}.arrow`);
    this.#open = new ArrowFile(path, resultColumns(columns), this.options.limit ?? Number.POSITIVE_INFINITY);
  }

  row(columns: readonly { readonly value: unknown }[]): void {
    this.#open?.append(columns);
  }

  done(rowCount: number | undefined): void {
    if (this.#open !== undefined) this.#close();
    else if (rowCount !== undefined) this.sets.push({ rows: undefined, rowsAffected: rowCount });
  }

  #close(): void {
    if (this.#open === undefined) return;
    const file = this.#open;
    this.#open = undefined;
    this.sets.push({ rows: file.finish(), rowsAffected: undefined });
  }

  end(): void {
    this.#close();
  }

  abandon(): void {
    this.#open?.abandon();
    this.#open = undefined;
  }
}

let queries = 0;

function runOne(
  connection: Connection,
  target: PoolTarget,
  text: string,
  options: QueryOptions,
): Promise<readonly SqlResultSet[]> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const answer = new Answer(options, queries++);
    const guarded =
      <A extends readonly unknown[]>(run: (...values: A) => void) =>
      (...values: A): void => {
        if (answer.failure !== undefined) return;
        try {
          run(...values);
        } catch (thrown) {
          // Thrown into tedious's parser it would leave the connection half-read; so the batch is cancelled and the failure kept.
          answer.failure = thrown;
          connection.cancel();
        }
      };
    const onAbort = () => connection.cancel();
    const onMessage = (message: ServerMessage) =>
      options.onMessage?.({
        number: message.number,
        severity: message.class,
        state: message.state,
        line: message.lineNumber,
        text: message.message,
      } satisfies SqlMessage);
    const request = new Request(text, (error) => {
      signal?.removeEventListener('abort', onAbort);
      connection.removeListener('infoMessage', onMessage);
      if (answer.failure === undefined && !error) {
        try {
          answer.end();
          resolve(answer.sets);
          return;
        } catch (thrown) {
          answer.failure = thrown;
        }
      }
      answer.abandon();
      reject(answer.failure ?? queryError(error, target, signal?.aborted === true));
    });
    request.on(
      'columnMetadata',
      guarded((columns) => answer.columns(columns as unknown as readonly TediousColumn[])),
    );
    request.on(
      'row',
      guarded((columns: readonly { readonly value: unknown }[]) => answer.row(columns)),
    );
    const done = guarded((rowCount: number | undefined) => answer.done(rowCount));
    request.on('done', done);
    request.on('doneInProc', done);
    request.on(
      'doneProc',
      guarded(() => answer.end()),
    );
    request.on('error', (error) => reject(queryError(error, target, false)));
    if (options.timeoutMs !== undefined) request.setTimeout(options.timeoutMs);
    for (const parameter of options.parameters ?? []) addParameter(request, parameter satisfies SqlParameter);
    connection.on('infoMessage', onMessage);
    signal?.addEventListener('abort', onAbort, { once: true });
    // sp_executesql has a scope of its own, in which temp tables would end; a batch without parameters is sent as a batch.
    if ((options.parameters ?? []).length > 0) connection.execSql(request);
    else connection.execSqlBatch(request);
  });
}

/** One tedious connection behind the contract: calls wait for each other, closing twice is safe. */
export function openConnection(connection: Connection, target: PoolTarget): SqlConnection {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let ended: Promise<void> | undefined;
  connection.on('end', () => {
    closed = true;
  });
  // Without a listener a connection that breaks while idle would end the process; the next query reports it.
  connection.on('error', () => {});

  async function query(text: string, options: QueryOptions): Promise<readonly SqlResultSet[]> {
    const turn = last.then(async () => {
      if (options.signal?.aborted) throw queryError(new Error('aborted'), target, true);
      if (closed)
        throw new CrossviewError('SQL_CONNECTION_LOST', `The connection to ${target.server} is closed.`, {
          hint: 'Connect again.',
          facts: { server: target.server, database: target.database },
        });
      return runOne(connection, target, text, options);
    });
    last = turn.catch(() => {});
    return turn;
  }

  function close(): Promise<void> {
    ended ??= new Promise<void>((resolve) => {
      if (closed) {
        resolve();
        return;
      }
      closed = true;
      const late = setTimeout(resolve, 5_000);
      connection.once('end', () => {
        clearTimeout(late);
        resolve();
      });
      connection.close();
    });
    return ended;
  }

  return { target, query, close };
}
