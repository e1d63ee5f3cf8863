import { rm } from 'node:fs/promises';
import { CrossviewError, type Json, type WireParts } from '@crossview/contracts';
import type { RecordBatch, Table } from 'apache-arrow';
import type { KernelCalls } from './kernel-calls.js';
import type { Outputs } from './outputs.js';
import { plainTable } from './plain-columns.js';
import { type Columns, readParts, toTable, writeTable } from './views.js';

/** Options of `synapsesql` by their names, `dataSource` or `DATA_SOURCE`; whatever the connector for Spark takes. */
export type SynapseOptions = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SynapseReadOptions {
  /** Columns to read, in this order. */
  readonly columns?: readonly string[];
  readonly limit?: number;
  /** To read more than half of the memory that is free. */
  readonly large?: boolean;
}

export interface SynapseWriteOptions {
  /** `error` unless given. */
  readonly mode?: 'error' | 'errorifexists' | 'append' | 'overwrite' | 'ignore';
  /** `Constants.INTERNAL` unless given. */
  readonly tableType?: string;
  /** Of an external table, below its data source. */
  readonly location?: string;
}

/** Reads and writes tables of a dedicated SQL pool without Spark. */
export interface SynapseSql {
  /**
   * A table, `database.schema.table`, or the text of a SELECT with the option `database`.
   * @throws CrossviewError `TABLE_NOT_FOUND`, `GRANTS_MISSING`, `QUERY_INVALID`, …
   */
  read(source?: string, options?: SynapseReadOptions & SynapseOptions): Promise<Table>;
  /**
   * Writes a table, columns (`{name: values}`) or the view of a name, and gives the metrics of the write.
   * @throws CrossviewError `TABLE_EXISTS`, `PREFLIGHT_FAILED` with every column that does not fit, …
   */
  write(
    rows: Table | RecordBatch | Columns | string,
    table: string,
    options?: SynapseWriteOptions & SynapseOptions,
  ): Promise<{ [key: string]: Json }>;
  readonly Constants: typeof constants;
}

/** Option keys, by the names that the Synapse connector documents. */
export const constants = {
  SERVER: 'SERVER',
  USER: 'USER',
  PASSWORD: 'PASSWORD',
  DATABASE: 'DATABASE',
  QUERY: 'QUERY',
  DATA_SOURCE: 'DATA_SOURCE',
  FILE_FORMAT: 'FILE_FORMAT',
  TEMP_FOLDER: 'TEMP_FOLDER',
  STAGING_STORAGE_ACCOUNT_KEY: 'STAGING_STORAGE_ACCOUNT_KEY',
  INTERNAL: 'INTERNAL',
  EXTERNAL: 'EXTERNAL',
} as const;

/** Spark's words for the modes. */
const modes: Readonly<Record<string, string>> = {
  error: 'ErrorIfExists',
  errorifexists: 'ErrorIfExists',
  append: 'Append',
  overwrite: 'Overwrite',
  ignore: 'Ignore',
};

function texts(options: Readonly<Record<string, unknown>>): { [key: string]: string } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
}

function modeOf(mode: string): string {
  const known = modes[mode.toLowerCase()];
  if (known !== undefined) return known;
  throw new CrossviewError('SAVE_MODE_UNKNOWN', `"${mode}" is not a save mode.`, {
    hint: 'It is error, append, overwrite or ignore.',
  });
}

export function createSynapseSql(calls: KernelCalls, outputs: Pick<Outputs, 'cell'>): SynapseSql {
  const say = (line: unknown): void => {
    if (line) console.log(line);
  };
  const allocate = async (): Promise<string> =>
    ((await calls.call('views.allocate', {})) as { directory: string }).directory;

  async function publish(rows: Table | RecordBatch | Columns, directory: string): Promise<string[]> {
    const table = plainTable(toTable('rows', rows));
    return (await writeTable('rows', table, directory)).parts;
  }

  return {
    Constants: constants,

    async read(source = '', { columns, limit, large = false, ...options } = {}) {
      const directory = await allocate();
      try {
        const answer = (await calls.call('synapse.fetch', {
          source,
          options: texts(options),
          cellId: outputs.cell,
          columns: columns === undefined ? null : [...columns],
          limit: limit ?? null,
          directory,
        })) as unknown as { data: WireParts; note: string };
        say(answer.note);
        return await readParts(source || 'query', answer.data, large);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },

    async write(rows, table, { mode = 'error', tableType = constants.INTERNAL, location, ...options } = {}) {
      const request = { table, tableType, location: location ?? null, mode: modeOf(mode), options: texts(options) };
      const directory = await allocate();
      try {
        const parts =
          typeof rows === 'string'
            ? ((await calls.call('views.read', { name: rows })) as unknown as WireParts).parts
            : await publish(rows, directory);
        const answer = (await calls.call('synapse.store', { ...request, cellId: outputs.cell, parts })) as unknown as {
          metrics: { [key: string]: Json };
          summary: string;
          note: string;
        };
        say(answer.note);
        say(answer.summary);
        return answer.metrics;
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
