import { CrossviewError } from '@crossview/contracts';
import type { Calls } from './calls.js';
import { type FetchedRows, sizeOf } from './row-set.js';
import type { StructValue } from './structs.js';
import { orientation, typeNames } from './tcli-service.js';

export interface ResultField {
  readonly name: string;
  /** In Spark's words, as far as the protocol tells: `timestamp_ntz` is `timestamp` here. */
  readonly type: string;
}

/** How often a fetch is tried again after a lost connection, and the pauses before, in milliseconds. */
const retryPauses = [200, 1_000, 3_000];

/** Replies that may wait for the caller, and what they may hold together; one is always fetched ahead. */
const repliesAhead = 4;
const bytesAhead = 16 * 1024 * 1024;

const nothing: FetchedRows = { status: {}, startRowOffset: 0, columns: [], rows: 0 };

/** The rows of one query, front to back. The next rows are fetched while the last ones are worked on. */
export class ResultCursor {
  fields: readonly ResultField[] = [];
  #closing: Promise<void> | undefined;
  #received = 0;

  constructor(
    readonly calls: Calls,
    readonly operation: StructValue,
  ) {}

  async describe(): Promise<void> {
    const reply = await this.calls.call('GetResultSetMetadata', { operationHandle: this.operation });
    const columns = ((reply.schema as StructValue | undefined)?.columns ?? []) as StructValue[];
    this.fields = columns.map((column) => ({ name: String(column.columnName), type: typeOf(column) }));
  }

  /**
   * Fetches go on while the caller works, a few replies ahead of it, so that a pause of the caller (a file that is full, a
   * collection of garbage) does not become one of the server.
   * @param maxRows rows of one fetch.
   */
  async *rows(maxRows: number): AsyncGenerator<FetchedRows> {
    const ahead: Promise<FetchedRows>[] = [];
    let last: Promise<unknown> = Promise.resolve();
    let ended = false;
    const fetchNext = () => {
      const next = last.then(async () => {
        // The one before was the last, or failed, or nobody wants more: there is nothing to ask.
        if (ended) return nothing;
        const fetched = await this.#fetch(maxRows);
        this.#received += fetched.rows;
        if (fetched.rows === 0) ended = true;
        return fetched;
      });
      last = next.catch(() => {
        ended = true;
      });
      ahead.push(next);
    };
    try {
      fetchNext();
      for (;;) {
        const fetched = await ahead.shift()!;
        if (fetched.rows === 0) return;
        const room = Math.min(repliesAhead, Math.max(1, Math.floor(bytesAhead / sizeOf(fetched))));
        while (ahead.length < room) fetchNext();
        yield fetched;
      }
    } finally {
      ended = true;
    }
  }

  async #fetch(maxRows: number): Promise<FetchedRows> {
    const request = (way: number) => ({
      operationHandle: this.operation,
      orientation: way,
      maxRows,
      fetchType: 0,
    });
    const expected = this.#received;
    let failure: unknown;
    try {
      return await this.calls.fetch(request(orientation.next));
    } catch (error) {
      failure = error;
    }
    // A server that forgets the query with the connection cannot go on; one over HTTP may not have sent the rows, or
    // they were lost on the way: go back one step, then forth to the first row that is missing.
    for (const pause of retryPauses) {
      if (!isLost(failure) || !this.calls.transport.outlivesConnection) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
      try {
        await this.calls.fetch(request(orientation.prior));
        for (;;) {
          const fetched = await this.calls.fetch(request(orientation.next));
          if (fetched.rows === 0 || fetched.startRowOffset === expected) return fetched;
          if (fetched.startRowOffset > expected || fetched.startRowOffset + fetched.rows > expected) break;
        }
        failure = new CrossviewError(
          'COPY_CONNECTION_LOST',
          'the server does not find the place where the rows ended',
          {
            hint: 'Run the copy again.',
            facts: { rowsRead: expected },
          },
        );
        break;
      } catch (error) {
        failure = error;
      }
    }
    if (isLost(failure))
      throw new CrossviewError(
        'COPY_CONNECTION_LOST',
        `${(failure as CrossviewError).message}, after ${expected} rows were read`,
        {
          hint: 'Nothing was left half written. Run the copy again; over HTTP a copy survives a connection that breaks for a moment.',
          facts: { ...(failure as CrossviewError).facts, rowsRead: expected },
          cause: failure,
        },
      );
    throw failure;
  }

  /** Never fails; may be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.calls.call('CloseOperation', { operationHandle: this.operation }).then(
      () => undefined,
      () => undefined,
    );
    return this.#closing;
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof CrossviewError &&
  (error.code === 'COPY_CONNECTION_LOST' || error.code === 'COPY_SERVER_UNREACHABLE');

function typeOf(column: StructValue): string {
  const types = ((column.typeDesc as StructValue | undefined)?.types ?? []) as StructValue[];
  const entry = types[0]?.primitiveEntry as StructValue | undefined;
  const name = typeNames[Number(entry?.type)] ?? 'string';
  if (name === 'array' || name === 'map' || name === 'struct') return `${name}<>`;
  if (name === 'char' || name === 'varchar') return 'string';
  if (name !== 'decimal') return name;
  const qualifiers = (entry?.typeQualifiers as StructValue | undefined)?.qualifiers as
    | Record<string, { i32Value?: number }>
    | undefined;
  return `decimal(${qualifiers?.precision?.i32Value ?? 38},${qualifiers?.scale?.i32Value ?? 18})`;
}
