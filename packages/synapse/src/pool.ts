import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CrossviewError,
  type PoolTarget,
  type SqlClient,
  type SqlConnection,
  type SqlMessage,
  type SqlResultSet,
  type WireParts,
} from '@crossview/contracts';
import { type Table, tableFromIPC } from 'apache-arrow';
import { withNeededGrants } from './needed-grants.js';
import { isTransient, wasRefused, wasTakenBack } from './sql-client/index.js';
import type { Step, StepRunner } from './steps.js';

const usualRetriesMs = [500, 2_000, 8_000];

/** Steps that change nothing. */
const questions: ReadonlySet<Step> = new Set([
  'inspectTable',
  'checkGrants',
  'readExternalTable',
  'inspectQuery',
  'inspectDistribution',
  'inspectGrants',
  'inspectDataSource',
  'inspectFileFormat',
  'inspectSwap',
  'countRows',
  'countOnly',
  'fetchRows',
  'requestId',
  'findLeftObjects',
]);

/** Steps that may be done twice: each says itself that it does nothing when nothing is there. */
const cleanings: ReadonlySet<Step> = new Set([
  'dropExternalTable',
  'dropStageTable',
  'dropFileFormat',
  'dropDataSource',
  'dropCredential',
]);

/** Steps of one statement that changes rows: taken back, it has changed nothing. */
const single: ReadonlySet<Step> = new Set([
  'copyInto',
  'loadFromExternalTable',
  'insertFromStage',
  'truncateTarget',
  'switchTables',
  'createStageTable',
]);

const lostCodes = new Set(['SQL_CONNECTION_LOST', 'SQL_TIMEOUT', 'SQL_UNREACHABLE']);

/** How long statements may take, and when they are sent again, in milliseconds. */
export interface PoolTimeouts {
  /** For those that change nothing; five minutes. */
  readonly questionMs?: number;
  /** For all others; for ever. */
  readonly statementMs?: number | undefined;
  /** Waits before each further try. */
  readonly retriesMs?: readonly number[];
  /** Waits before each look at how far something came whose end nobody saw. */
  readonly settleMs?: readonly number[];
}

export type Row = Readonly<Record<string, unknown>>;

/** One connection of a read or a write; every statement is a step. */
export interface Pool {
  readonly target: PoolTarget;
  /**
   * Runs a statement and gives the rows it affected, when the pool says.
   * @param options.toTheEnd the statement belongs to a group that must not be stopped half-way: the signal is not heard.
   */
  run(step: Step, text: string, options?: { readonly toTheEnd: boolean }): Promise<number | undefined>;
  /** Runs a query with a small result. */
  rows(step: Step, text: string): Promise<Row[]>;
  /** Runs a query and gives its first result as Arrow, for its schema. */
  table(step: Step, text: string): Promise<Table>;
  /** Runs a query and leaves its first result in `directory`, which exists. */
  fetch(step: Step, text: string, directory: string): Promise<WireParts>;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly sql: SqlClient;
  readonly step: StepRunner;
  /** A directory of the session for results; made when it is not there. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: PoolTimeouts | undefined;
  readonly onMessage?: (message: SqlMessage) => void;
}

function rowsOf(table: Table): Row[] {
  return table.toArray().map((row) => {
    const values: Record<string, unknown> = {};
    for (const field of table.schema.fields) {
      const value: unknown = (row as Record<string, unknown>)[field.name];
      values[field.name] = typeof value === 'bigint' ? Number(value) : value;
    }
    return values;
  });
}

export async function connectPool(target: PoolTarget, options: PoolOptions): Promise<Pool> {
  const { signal } = options;
  const stop = signal === undefined ? {} : { signal };
  const connect = () =>
    options.step('connect', () => options.sql.connect(target, { ...stop, applicationName: 'Crossview synapsesql' }));
  let connection = await connect();

  let broken = false;

  async function connected(): Promise<SqlConnection> {
    if (broken) {
      await connection.close();
      connection = await connect();
      broken = false;
    }
    return connection;
  }

  /**
   * A statement that the server put off (throttling) is sent again: its error says that it did not run. When the connection was
   * lost, no answer came, or the server failed over in the middle, nobody knows, so only what may be repeated is.
   */
  async function persistent<T>(step: Step, run: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const repeatable = questions.has(step) || cleanings.has(step);
    for (const wait of [...(options.timeouts?.retriesMs ?? usualRetriesMs), undefined]) {
      try {
        return await run(await connected());
      } catch (thrown) {
        const lost = thrown instanceof CrossviewError && lostCodes.has(thrown.code);
        broken ||= lost;
        const again = repeatable
          ? lost || isTransient(thrown)
          : wasRefused(thrown) || (single.has(step) && wasTakenBack(thrown));
        if (!again || wait === undefined) throw withNeededGrants(thrown, step, target);
        await delay(wait, undefined, stop);
      }
    }
    throw new Error('unreachable');
  }

  async function query<T>(
    step: Step,
    text: string,
    take: (sets: readonly SqlResultSet[]) => T,
    toTheEnd = false,
  ): Promise<T> {
    const directory = join(options.directory, randomUUID());
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      return await options.step(step, () =>
        persistent(step, async (connection) =>
          take(
            await connection.query(text, {
              directory,
              ...(toTheEnd ? {} : stop),
              ...limitOf(step),
              ...(options.onMessage === undefined ? {} : { onMessage: options.onMessage }),
            }),
          ),
        ),
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** Questions are short; how long a load may take, or wait for a lock, nobody knows. */
  function limitOf(step: Step): { timeoutMs?: number } {
    const { questionMs = 300_000, statementMs } = options.timeouts ?? {};
    const limit = questions.has(step) && step !== 'fetchRows' ? questionMs : statementMs;
    return limit === undefined ? {} : { timeoutMs: limit };
  }

  const firstTable = (sets: readonly SqlResultSet[]): Table => {
    const path = sets.find((set) => set.rows !== undefined)?.rows?.parts[0];
    if (path === undefined) throw new Error('the pool gave no result');
    return tableFromIPC(readFileSync(path));
  };

  return {
    target,
    run: (step, text, { toTheEnd } = { toTheEnd: false }) =>
      query(step, text, (sets) => sets.findLast((set) => set.rowsAffected !== undefined)?.rowsAffected, toTheEnd),
    rows: (step, text) => query(step, text, (sets) => rowsOf(firstTable(sets))),
    table: (step, text) => query(step, text, firstTable),
    fetch: (step, text, directory) =>
      options.step(step, () =>
        persistent(step, async (connection) => {
          const sets = await connection.query(text, { directory, ...stop, ...limitOf(step) });
          const rows = sets.find((set) => set.rows !== undefined)?.rows;
          if (rows === undefined) throw new Error('the pool gave no result');
          return { ...rows, parts: [...rows.parts], totalRows: null };
        }),
      ),
    close: () => connection.close(),
  };
}
