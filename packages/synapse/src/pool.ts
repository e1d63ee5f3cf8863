import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CrossviewError,
  type PoolTarget,
  type SqlClient,
  type SqlMessage,
  type SqlResultSet,
  type WireParts,
} from '@crossview/contracts';
import { type Table, tableFromIPC } from 'apache-arrow';
import { withNeededGrants } from './needed-grants.js';
import { isTransient, wasRefused } from './sql-client/index.js';
import type { Step, StepRunner } from './steps.js';

const retryDelaysMs = [500, 2_000, 8_000];

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

  /**
   * A statement that the server put off (throttling) is sent again: its error says that it did not run. When the connection was
   * lost, or the server failed over in the middle, nobody knows, so only questions are asked again.
   */
  async function persistent<T>(step: Step, run: () => Promise<T>): Promise<T> {
    for (const wait of retryDelaysMs) {
      try {
        return await run();
      } catch (thrown) {
        const lost = thrown instanceof CrossviewError && thrown.code === 'SQL_CONNECTION_LOST';
        if (lost && !questions.has(step)) throw thrown;
        if (!lost && !(questions.has(step) ? isTransient(thrown) : wasRefused(thrown)))
          throw withNeededGrants(thrown, step, target);
        await delay(wait, undefined, stop);
        if (lost) {
          await connection.close();
          connection = await connect();
        }
      }
    }
    return run();
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
        persistent(step, async () =>
          take(
            await connection.query(text, {
              directory,
              ...(toTheEnd ? {} : stop),
              ...(options.onMessage === undefined ? {} : { onMessage: options.onMessage }),
            }),
          ),
        ),
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
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
        persistent(step, async () => {
          const sets = await connection.query(text, { directory, ...stop });
          const rows = sets.find((set) => set.rows !== undefined)?.rows;
          if (rows === undefined) throw new Error('the pool gave no result');
          return { ...rows, parts: [...rows.parts], totalRows: null };
        }),
      ),
    close: () => connection.close(),
  };
}
