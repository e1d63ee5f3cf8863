import { CrossviewError, type Json } from '@crossview/contracts';
import { openPool, type Synapse } from '../context.js';
import { type Loaded, type Loader, type LoadJob, loaders } from '../loaders/index.js';
import { objectNames } from '../names.js';
import type { Pool } from '../pool.js';
import { describeColumns, readsInto } from '../preflight.js';
import { signatureSeconds } from '../spark-storage-conf.js';
import { containerOf } from '../staging.js';
import {
  columnList,
  countRows,
  createTable,
  defaultTableOptions,
  dropTableIfExists,
  labelOption,
  renameTable,
} from '../tsql/ddl.js';
import { literal, type TableName, tableName } from '../tsql/quote.js';
import { tableOptionsOf } from './distribution.js';
import { metricsOf, summaryOf } from './metrics.js';
import type { PlannedWrite } from './plan.js';
import { replaceTable } from './replace.js';
import { writeSwapRecord } from './swap-record.js';

/** What lies in the staging directory. */
interface Staged {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
}

async function listStaged(synapse: Synapse, write: PlannedWrite, rows: number): Promise<Staged> {
  return synapse.step('listStaging', async () => {
    let files = 0;
    let bytes = 0;
    for await (const file of containerOf(synapse.storage, write.staging).list(`${write.staging.directory}/`)) {
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      if (name.startsWith('_') || name.startsWith('.')) continue;
      files++;
      bytes += file.bytes;
    }
    if (rows > 0 && files === 0)
      throw new CrossviewError('STAGING_EMPTY', `Spark wrote ${rows} rows, but the staging directory has no file.`, {
        hint: 'Spark and Crossview must reach the same storage account.',
        facts: { account: write.staging.account.name, container: write.staging.container },
      });
    return { files, bytes, rows };
  });
}

function compareRows(staged: number, inPool: number, table: TableName): void {
  if (staged === inPool) return;
  throw new CrossviewError(
    'ROWS_MISSING',
    `Spark staged ${staged} rows, but ${inPool} came into ${tableName(table)}.`,
    {
      hint: 'The table was left as it was.',
      facts: { staged, inPool },
    },
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

interface Loading {
  readonly synapse: Synapse;
  readonly write: PlannedWrite;
  readonly pool: Pool;
  readonly staged: Staged;
  readonly loader: Loader;
  readonly job: LoadJob;
  readonly stage: TableName;
  readonly oldName: string;
  readonly log: (line: string) => void;
}

/** Makes the stage table and fills it, and proves that every staged row is in it. */
async function fillStage(loading: Loading, tableOptions: string): Promise<Loaded> {
  const { job, loader, pool, staged, stage, write } = loading;
  if (staged.rows === 0) {
    const command = createTable(stage, job.columns, tableOptions);
    await pool.run('createStageTable', command);
    return { rows: 0, command };
  }
  const loaded = await withColumns(write, () => loader.create(job, stage, tableOptions));
  const counted = await pool.rows('countRows', countRows(stage));
  compareRows(staged.rows, Number(counted[0]?.row_count), stage);
  return loaded;
}

/** An empty table made like the target, filled by the loader; for types that the pool's reader does not convert, by a table between. */
async function fillLikeTarget(loading: Loading): Promise<Loaded> {
  const { pool, stage, write } = loading;
  const like = await tableOptionsOf(pool, write.table);
  const fits = write.columns.every(({ target, sqlType }) => target !== undefined && readsInto(sqlType, target));
  if (!fits || loading.loader.name === 'polybase') return fillStage(loading, write.options.tableOptions ?? like);
  const list = columnList(write.columns);
  await pool.run(
    'createStageTable',
    `CREATE TABLE ${tableName(stage)} WITH (${like}) AS SELECT ${list} FROM ${tableName(write.table)} WHERE 1 = 0`,
  );
  if (loading.staged.rows === 0) return { rows: 0, command: '' };
  const loaded = await withColumns(write, () => loading.loader.append(loading.job, stage));
  const counted = await pool.rows('countRows', countRows(stage));
  compareRows(loading.staged.rows, Number(counted[0]?.row_count), stage);
  return loaded;
}

/** Adds the rows to the target: straight when its types are those of the Parquet, else over the stage table, where SQL converts. */
async function appendRows(loading: Loading): Promise<Loaded> {
  const { job, loader, pool, staged, stage, write } = loading;
  if (staged.rows === 0) return { rows: 0, command: '' };
  const straight = write.columns.every(({ target, sqlType }) => target !== undefined && readsInto(sqlType, target));
  if (straight) {
    const loaded = await withColumns(write, () => loader.append(job, write.table));
    if (loaded.rows !== undefined) compareRows(staged.rows, loaded.rows, write.table);
    return loaded;
  }
  await fillStage(loading, defaultTableOptions(job.columns));
  const command = `INSERT INTO ${tableName(write.table)} (${columnList(job.columns)}) SELECT ${columnList(job.columns)} FROM ${tableName(stage)}${labelOption(job.label)}`;
  const rows = await withColumns(write, () => pool.run('insertFromStage', command));
  if (rows !== undefined) compareRows(staged.rows, rows, write.table);
  return { rows, command };
}

const ways: Readonly<Record<PlannedWrite['way'], (loading: Loading) => Promise<Loaded>>> = {
  async create(loading) {
    const { job, pool, stage, write } = loading;
    const loaded = await fillStage(loading, write.options.tableOptions ?? defaultTableOptions(job.columns));
    await pool.run('renameNew', renameTable(stage, write.table.name));
    return loaded;
  },
  append: appendRows,
  async swap(loading) {
    const { job, pool, stage, write, log } = loading;
    const sameColumns = write.columns.every(({ target }) => target !== undefined);
    const loaded = sameColumns
      ? await fillLikeTarget(loading)
      : await fillStage(loading, write.options.tableOptions ?? defaultTableOptions(job.columns));
    const { synapse, oldName } = loading;
    const { server, database } = write.target;
    const { schema, name: table } = write.table;
    await replaceTable(
      {
        pool,
        log,
        reconnect: () => openPool(synapse, write.target, undefined),
        record: () =>
          writeSwapRecord(synapse, write.staging, { server, database, schema, table, stage: stage.name, old: oldName }),
      },
      { target: write.table, stage, old: { schema, name: oldName } },
    );
    return loaded;
  },
  async truncate(loading) {
    await loading.pool.run('truncateTarget', `TRUNCATE TABLE ${tableName(loading.write.table)}`);
    return appendRows(loading);
  },
};

async function actions(pool: Pool, step: 'runPreActions' | 'runPostActions', text: string | undefined): Promise<void> {
  if (text !== undefined && text.trim() !== '') await pool.run(step, text);
}

async function requestIdOf(pool: Pool, label: string, log: (line: string) => void): Promise<string | undefined> {
  try {
    const rows = await pool.rows(
      'requestId',
      `SELECT TOP 1 request_id FROM sys.dm_pdw_exec_requests WHERE [label] = ${literal(label)} ORDER BY submit_time DESC`,
    );
    const id = rows[0]?.request_id;
    return typeof id === 'string' ? id : undefined;
  } catch (thrown) {
    // Seeing requests needs VIEW DATABASE STATE; a load without it is as good.
    log(`no request id: ${String(thrown)}`);
    return undefined;
  }
}

/** Second half of a write. The caller removes the staged files. */
export async function loadWrite(
  synapse: Synapse,
  write: PlannedWrite,
  given: { readonly rows: number; readonly stagingMilliseconds: number },
  signal: AbortSignal,
): Promise<{ metrics: { [key: string]: Json }; summary: string }> {
  const started = Date.now();
  const staged = await listStaged(synapse, write, given.rows);
  const checked = Date.now();
  const names = objectNames(synapse.sessionId);
  const loader = loaders[write.loader];
  const label = write.options.label ?? `crossview synapsesql ${names('stage').slice(0, -'_stage'.length)}`;
  const pool = await openPool(synapse, write.target, signal);
  const stage: TableName = { schema: write.table.schema, name: names('stage') };
  try {
    const job: LoadJob = {
      pool,
      staging: write.staging,
      columns: write.columns,
      label,
      signature: () =>
        synapse.step('signStaging', async () => {
          const sas = await containerOf(synapse.storage, write.staging).signature({
            permissions: 'rl',
            expiresInSeconds: signatureSeconds,
          });
          synapse.addSecret?.(sas);
          return sas;
        }),
      external: {
        dataSource: write.options.dataSource,
        fileFormat: write.options.fileFormat,
        names,
        log: synapse.log,
      },
    };
    const loading: Loading = {
      synapse,
      write,
      pool,
      staged,
      loader,
      job,
      stage,
      oldName: names('old'),
      log: synapse.log,
    };
    await actions(pool, 'runPreActions', write.options.preActions);
    const loaded = await ways[write.way](loading);
    await actions(pool, 'runPostActions', write.options.postActions);
    const requestId = await requestIdOf(pool, label, synapse.log);
    const finished = Date.now();
    const facts = {
      rows: staged.rows,
      bytes: staged.bytes,
      files: staged.files,
      command: loaded.command,
      requestId,
      stagingMilliseconds: given.stagingMilliseconds,
      checkMilliseconds: checked - started,
      sqlMilliseconds: finished - checked,
      finished,
    };
    return { metrics: metricsOf(write, facts), summary: summaryOf(write, facts, loader.title) };
  } finally {
    await dropStage(synapse, write, pool, stage);
  }
}

/** Drops the stage table if it is still there, on a connection of its own when the first was lost or cancelled. */
async function dropStage(synapse: Synapse, write: PlannedWrite, pool: Pool, stage: TableName): Promise<void> {
  const text = dropTableIfExists(stage);
  try {
    await pool.run('dropStageTable', text).catch(async () => {
      const second = await openPool(synapse, write.target, undefined);
      try {
        await second.run('dropStageTable', text);
      } finally {
        await second.close();
      }
    });
  } catch (thrown) {
    synapse.log(`left behind: ${tableName(stage)}: ${String(thrown)}`);
  } finally {
    await pool.close();
  }
}
