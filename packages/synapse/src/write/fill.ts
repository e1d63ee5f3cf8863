import { sqlColumnText } from '@crossview/columns';
import { CrossviewError } from '@crossview/contracts';
import type { Synapse } from '../context.js';
import type { Loaded, Loader, LoadJob } from '../loaders/index.js';
import { objectNames } from '../names.js';
import type { Pool } from '../pool.js';
import { describeColumns } from '../preflight.js';
import {
  columnList,
  countRows,
  createTable,
  defaultTableOptions,
  dropTableIfExists,
  labelOption,
} from '../tsql/ddl.js';
import type { PoolColumn } from '../tsql/inspect.js';
import { identifier, type TableName, tableName } from '../tsql/quote.js';
import { readsStraight } from './grants-for.js';
import type { PlannedWrite } from './plan.js';

/** What lies in the staging directory. */
export interface Staged {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
}

export interface Loading {
  readonly synapse: Synapse;
  readonly write: PlannedWrite;
  readonly pool: Pool;
  readonly staged: Staged;
  readonly loader: Loader;
  readonly job: LoadJob;
  /** A name for a table of ours; it is dropped when the write has ended. */
  readonly stage: TableName;
}

function compareRows(staged: number, inPool: number, table: TableName): void {
  if (staged === inPool) return;
  throw new CrossviewError(
    'ROWS_MISSING',
    `Spark staged ${staged} rows, but ${inPool} came into ${tableName(table)}.`,
    { facts: { staged, inPool } },
  );
}

/** A failure of the pool's reader names no column; the columns with their types on the way help to find it. */
async function withColumns<T>(write: PlannedWrite, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (!(thrown instanceof CrossviewError) || thrown.code !== 'SQL_FAILED') throw thrown;
    throw new CrossviewError(thrown.code, thrown.message, {
      hint: `${thrown.hint === undefined ? '' : `${thrown.hint} `}The columns: ${describeColumns(write.columns)}`,
      facts: thrown.facts,
    });
  }
}

/** The pool says how many rows it took; where it does not, they are counted. */
async function proveRows({ pool, staged }: Loading, loaded: Loaded, table: TableName): Promise<void> {
  const rows = loaded.rows ?? Number((await pool.rows('countRows', countRows(table)))[0]?.row_count);
  compareRows(staged.rows, rows, table);
}

/** Makes the stage table of the frame's types and fills it, and proves that every staged row is in it. */
export async function fillStage(loading: Loading, tableOptions: string): Promise<Loaded> {
  const { job, loader, pool, staged, stage, write } = loading;
  if (staged.rows === 0) {
    const command = createTable(stage, job.columns, tableOptions);
    await pool.run('createStageTable', command);
    return { rows: 0, command };
  }
  const loaded = await withColumns(write, () => loader.create(job, stage, tableOptions));
  await proveRows(loading, loaded, stage);
  return loaded;
}

/** Runs with a further table of ours, filled with the frame's types, which goes when `use` has ended. */
async function throughTableBetween(loading: Loading, use: (between: TableName) => Promise<Loaded>): Promise<Loaded> {
  const { synapse, pool, job } = loading;
  const between = { schema: loading.stage.schema, name: objectNames(synapse.sessionId)('stage') };
  try {
    await fillStage({ ...loading, stage: between }, defaultTableOptions(job.columns));
    return await use(between);
  } finally {
    await pool
      .run('dropStageTable', dropTableIfExists(between), { toTheEnd: true })
      .catch((thrown: unknown) => synapse.log(`left behind: ${tableName(between)}: ${String(thrown)}`));
  }
}

/** Adds the rows to a table: straight when its types are those of the Parquet, else by a table between, where SQL converts. */
export async function addRows(loading: Loading, table: TableName): Promise<Loaded> {
  const { job, loader, pool, staged, write } = loading;
  if (staged.rows === 0) return { rows: 0, command: '' };
  if (readsStraight(write.columns)) {
    const loaded = await withColumns(write, () => loader.append(job, table));
    if (loaded.rows !== undefined) compareRows(staged.rows, loaded.rows, table);
    return loaded;
  }
  return throughTableBetween(loading, async (between) => {
    const list = columnList(job.columns);
    const command = `INSERT INTO ${tableName(table)} (${list}) SELECT ${list} FROM ${tableName(between)}${labelOption(job.label)}`;
    const rows = await withColumns(write, () => pool.run('insertFromStage', command));
    if (rows !== undefined) compareRows(staged.rows, rows, table);
    return { rows, command };
  });
}

function definition(column: PoolColumn): string {
  return `${identifier(column.name)} ${sqlColumnText(column)} ${column.nullable ? 'NULL' : 'NOT NULL'}`;
}

/** Makes the stage table like the target (columns, types, NOT NULL, distribution, index), so that the two can be switched, and fills it. */
export async function fillLikeTarget(loading: Loading): Promise<Loaded> {
  const { pool, stage, write } = loading;
  const columns = (write.existing ?? []).map(definition).join(', ');
  await pool.run(
    'createStageTable',
    `CREATE TABLE ${tableName(stage)} (${columns}) WITH (${write.layout?.options ?? ''})`,
  );
  const loaded = await addRows(loading, stage);
  if (loaded.rows === undefined) await proveRows(loading, loaded, stage);
  return loaded;
}
