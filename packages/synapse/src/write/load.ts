import { toSqlType } from '@crossview/columns';
import { CrossviewError, type Json, type StoredFile } from '@crossview/contracts';
import { openPool, type Synapse } from '../context.js';
import { loaders } from '../loaders/index.js';
import { objectNames } from '../names.js';
import type { Pool } from '../pool.js';
import type { LoadColumn } from '../preflight.js';
import { signatureSeconds } from '../spark-storage-conf.js';
import { containerOf, type StagingBase } from '../staging.js';
import { dropTableIfExists } from '../tsql/ddl.js';
import { literal, type TableName, tableName } from '../tsql/quote.js';
import { loadExternal } from './external-load.js';
import type { Staged } from './fill.js';
import { bytesText, metricsOf, summaryOf } from './metrics.js';
import type { PlannedWrite, WriteWay } from './plan.js';
import { showProgress } from './progress.js';
import { ways } from './ways.js';

/** What Spark tells of the files it has staged. */
export interface StagedBySpark {
  readonly rows: number;
  readonly stagingMilliseconds: number;
  /** The longest value of each column that was to be measured: UTF-16 units of a text, bytes of a binary. */
  readonly lengths?: Readonly<Record<string, number>> | undefined;
  /** The names of the files, where Spark knows them. */
  readonly files?: readonly string[] | undefined;
}

interface FoundFiles {
  readonly files: readonly StoredFile[];
  /** Of attempts that failed and could not clear up after themselves. */
  readonly strays: readonly StoredFile[];
}

async function findFiles(
  synapse: Synapse,
  { staging, external }: PlannedWrite,
  committed: ReadonlySet<string> | undefined,
): Promise<FoundFiles> {
  const files: StoredFile[] = [];
  const strays: StoredFile[] = [];
  for await (const file of containerOf(synapse.storage, staging).list(`${staging.directory}/`)) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (name.startsWith('_') || name.startsWith('.') || external?.foreign.has(file.path)) continue;
    (committed?.has(name) === false ? strays : files).push(file);
  }
  return { files, strays };
}

function missing(found: number, given: StagedBySpark, { account, container }: StagingBase): CrossviewError | undefined {
  const { rows, files } = given;
  const facts = { account: account.name, container };
  if (rows > 0 && found === 0)
    return new CrossviewError('STAGING_EMPTY', `Spark wrote ${rows} rows, but the staging directory has no file.`, {
      hint: 'Spark and Crossview must reach the same storage account.',
      facts,
    });
  if (files === undefined || files.length === found) return undefined;
  return new CrossviewError(
    'STAGING_INCOMPLETE',
    `Spark wrote ${files.length} files, but the staging directory has ${found} of them.`,
    { facts: { ...facts, written: files.length, found } },
  );
}

/** What the pool will find in the staging directory: what Spark has committed, and nothing else. */
async function listStaged(synapse: Synapse, write: PlannedWrite, given: StagedBySpark): Promise<Staged> {
  const committed = given.files === undefined ? undefined : new Set(given.files);
  const { files, strays } = await synapse.step('listStaging', () => findFiles(synapse, write, committed));
  const error = missing(files.length, given, write.staging);
  if (error !== undefined) throw error;
  for (const { path } of strays)
    await synapse.step('removeStrays', () => containerOf(synapse.storage, write.staging).removeDirectory(path));
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), rows: given.rows };
}

const consequences = {
  runPreActions: 'Nothing was written: the preActions failed.',
  runPostActions: 'The rows are in the table; the postActions failed.',
} as const;

async function actions(pool: Pool, step: keyof typeof consequences, text: string | undefined): Promise<void> {
  if (text === undefined || text.trim() === '') return;
  await pool.run(step, text).catch((thrown: unknown) => {
    if (!(thrown instanceof CrossviewError)) throw thrown;
    const hint = thrown.hint === undefined ? consequences[step] : `${consequences[step]} ${thrown.hint}`;
    throw new CrossviewError(thrown.code, thrown.message, { hint, facts: thrown.facts, cause: thrown.cause });
  });
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

/** The next power of two: rows that come later may be a little longer, and the type does not change with each load. */
function roomyLength(longest: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, longest)));
}

/** The columns with the lengths that were measured. */
function withLengths(write: PlannedWrite, lengths: Readonly<Record<string, number>>): readonly LoadColumn[] {
  return write.columns.map((load) => {
    const { column } = load;
    if (!write.measured.includes(column.name)) return load;
    const length = roomyLength(lengths[column.name] ?? 0);
    return { ...load, sqlType: toSqlType(column, { stringLength: length, binaryLength: length }) };
  });
}

/** Second half of a write. The caller removes the staged files. */
export async function loadWrite(
  synapse: Synapse,
  planned: PlannedWrite,
  given: StagedBySpark,
  signal: AbortSignal,
): Promise<{ metrics: { [key: string]: Json }; summary: string }> {
  const started = Date.now();
  const write = { ...planned, columns: withLengths(planned, given.lengths ?? {}) };
  const staged = await listStaged(synapse, write, given);
  const checked = Date.now();
  const names = objectNames(synapse.sessionId);
  const loader = loaders[write.loader];
  const label = write.options.label ?? `crossview synapsesql ${names('stage').slice(0, -'_stage'.length)}`;
  const title = write.way === 'external' ? 'external table' : loader.title;
  const ended = showProgress(
    synapse,
    () => `${title} → ${tableName(write.table)}: ${staged.rows.toLocaleString('en')} rows, ${bytesText(staged.bytes)}`,
  );
  const pool = await openPool(synapse, write.target, signal, write.options.queryTimeout).catch((thrown: unknown) => {
    ended();
    throw thrown;
  });
  const connected = Date.now();
  const stage: TableName = { schema: write.table.schema, name: names('stage') };
  try {
    await actions(pool, 'runPreActions', write.options.preActions);
    let command: string;
    let { way }: { way: WriteWay } = write;
    if (write.way === 'external') command = await loadExternal(synapse, write, pool);
    else {
      const signature = () =>
        synapse.step('signStaging', async () => {
          const sas = await containerOf(synapse.storage, write.staging).signature({
            permissions: 'rl',
            expiresInSeconds: signatureSeconds,
            directory: write.staging.directory,
          });
          synapse.addSecret?.(sas);
          return sas;
        });
      const { dataSource, fileFormat } = write.options;
      const external = { dataSource, fileFormat, names, log: synapse.log };
      const job = { pool, staging: write.staging, columns: write.columns, label, signature, external };
      ({ command, way = way } = await ways[write.way]({ synapse, write, pool, staged, loader, job, stage }));
    }
    await actions(pool, 'runPostActions', write.options.postActions);
    const requestId = await requestIdOf(pool, label, synapse.log);
    const finished = Date.now();
    const facts = {
      ...{ way, rows: staged.rows, bytes: staged.bytes, files: staged.files, command, requestId },
      ...{ stagingMilliseconds: given.stagingMilliseconds, started, checked, connected, finished },
    };
    return { metrics: metricsOf(write, facts), summary: summaryOf(write, facts, title) };
  } finally {
    ended();
    if (write.way === 'create' || write.way === 'switch' || write.way === 'rename')
      await dropStage(synapse, write, pool, stage);
    await pool.close();
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
  }
}
