import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, SynapseWritePlan } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { azurite } from './azurite.js';
import { temporaryDirectory } from './paths.js';
import { parquetFile, parquetSchema, stage } from './staged-parquet.js';
import { keptSql, type SynapseSession, type TestPool } from './synapse.js';

/** Rows that every write brings. */
export const newRows = 10;
const oldRows = 2;
const folder = temporaryDirectory('fault-scenarios');

/** A write or read that is broken at each of its steps. */
export interface Scenario {
  readonly name: string;
  /** A database of its own, because what one makes for good (a file format) another must not find. */
  readonly database: string;
  /** Rows of the table before and after; -1 is no table. */
  readonly before: number;
  readonly after: number;
  /** What else the table may have after a failure: only a write that says so is not all or nothing. */
  readonly between?: readonly number[];
  reset(pool: TestPool): Promise<void>;
  run(session: SynapseSession): Promise<void>;
}

export async function content(pool: TestPool, database: string): Promise<number> {
  const rows = await keptSql(
    pool,
    database,
    `IF OBJECT_ID('dbo.target') IS NULL SELECT CAST(-1 AS bigint) AS n ELSE SELECT COUNT_BIG(*) AS n FROM dbo.target`,
  );
  return Number(rows[0]?.n);
}

const table = (idType: string, name = 'name nvarchar(40) NULL') =>
  `CREATE TABLE dbo.target (id ${idType} NULL, ${name}) WITH (DISTRIBUTION = HASH(id), HEAP);
INSERT INTO dbo.target (id) VALUES (0); INSERT INTO dbo.target (id) VALUES (1);`;

async function clear(pool: TestPool, database: string, more = ''): Promise<void> {
  await keptSql(
    pool,
    database,
    `IF EXISTS (SELECT * FROM sys.external_tables WHERE name = 'target') DROP EXTERNAL TABLE dbo.target;
IF OBJECT_ID('dbo.target') IS NOT NULL DROP TABLE dbo.target; ${more}`,
  );
}

export function writeRequest(database: string, mode: string, options: Record<string, string>, external: boolean) {
  return {
    table: `${database}.dbo.target`,
    tableType: external ? 'EXTERNAL' : 'INTERNAL',
    location: null,
    mode,
    options,
    conf: {},
    schema: parquetSchema,
    cellId: 'c',
  };
}

/** A whole write as the JVM does it. */
async function write(session: SynapseSession, request: Json): Promise<void> {
  const plan = (await session.peer.call('synapse.write.plan', request)) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(100, newRows)]);
  await session.peer.call('synapse.write.load', { planId: plan.planId, rows: newRows, stagingMilliseconds: 1 });
}

/** A write of which a task failed and could not remove its file: Spark names those that were committed. */
async function writeBesideStray(session: SynapseSession): Promise<void> {
  const request = writeRequest('faults', 'ErrorIfExists', {}, false) as unknown as Json;
  const plan = (await session.peer.call('synapse.write.plan', request)) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(100, newRows), parquetFile(0, oldRows)]);
  const files = ['part-0.snappy.parquet'];
  await session.peer.call('synapse.write.load', { planId: plan.planId, rows: newRows, stagingMilliseconds: 1, files });
}

interface Written {
  readonly mode: string;
  readonly options?: Record<string, string>;
  /** Type of the table's id, when the table is there before. */
  readonly table?: string;
  readonly external?: boolean;
}

function writing(
  name: string,
  { mode, options = {}, table: made, external = false }: Written,
  more: Partial<Scenario> = {},
): Scenario {
  const database = external ? 'faults_external' : 'faults';
  const before = made === undefined ? -1 : oldRows;
  return {
    name,
    database,
    before,
    after: (mode === 'Append' && before > 0 ? before : 0) + newRows,
    reset: (pool) => clear(pool, database, made ?? ''),
    run: (session) => write(session, writeRequest(database, mode, options, external) as unknown as Json),
    ...more,
  };
}

const polybase = { writeSemantics: 'polybase' };
const actions = { preActions: 'SELECT 1 AS a', postActions: 'SELECT 2 AS b' };
const source = { DATA_SOURCE: 'lake' };

/** An external table with two rows, or with none, over files that no other run has. */
async function external(pool: TestPool, there: boolean): Promise<void> {
  const lake = createStorageClient().container((await azurite()).account, 'lake');
  await lake.ensure();
  const { key } = await azurite();
  await clear(
    pool,
    'faults_external',
    `IF NOT EXISTS (SELECT * FROM sys.symmetric_keys WHERE name = '##MS_DatabaseMasterKey##') CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'A-master-key-2013';
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'lake') BEGIN
  CREATE DATABASE SCOPED CREDENTIAL lakekey WITH IDENTITY = 'storage', SECRET = '${key}';
  CREATE EXTERNAL DATA SOURCE lake WITH (TYPE = HADOOP, LOCATION = 'abfss://lake@devstoreaccount1.dfs.core.windows.net/root', CREDENTIAL = lakekey);
END;
IF EXISTS (SELECT * FROM sys.external_file_formats WHERE name = 'crossview_parquet') DROP EXTERNAL FILE FORMAT crossview_parquet;`,
  );
  await lake.removeDirectory('root');
  if (!there) return;
  await lake.upload(parquetFile(0, oldRows), 'root/faults_external/dbo/target/old.snappy.parquet');
  await keptSql(
    pool,
    'faults_external',
    `CREATE EXTERNAL FILE FORMAT crossview_parquet WITH (FORMAT_TYPE = PARQUET);
CREATE EXTERNAL TABLE dbo.target (id bigint NULL, name nvarchar(40) NULL) WITH (LOCATION = '/faults_external/dbo/target/', DATA_SOURCE = lake, FILE_FORMAT = crossview_parquet)`,
  );
}

async function read(
  session: SynapseSession,
  text: string,
  options: Record<string, string>,
  columns: string[],
): Promise<void> {
  const { planId } = (await session.peer.call('synapse.read.plan', {
    source: text,
    options,
    conf: {},
    cellId: 'c',
  })) as {
    planId: string;
  };
  await session.peer.call('synapse.read.export', { planId, columns, filters: [], limit: null });
  await session.peer.call('synapse.read.release', { planId });
}

function reading(name: string, run: Scenario['run']): Scenario {
  return {
    name,
    database: 'faults',
    before: oldRows,
    after: oldRows,
    reset: (pool) => clear(pool, 'faults', table('bigint')),
    run,
  };
}

async function fetchRows(session: SynapseSession, reader: string): Promise<void> {
  const directory = mkdtempSync(join(folder, 'fetch-'));
  await session.peer.call('synapse.fetch', {
    source: 'faults.dbo.target',
    options: { reader },
    cellId: 'c',
    columns: null,
    limit: null,
    directory,
  });
}

async function store(session: SynapseSession): Promise<void> {
  const path = join(folder, 'rows.arrows');
  if (!existsSync(path))
    writeFileSync(
      path,
      tableToIPC(tableFromArrays({ id: BigInt64Array.from({ length: newRows }, (_, row) => BigInt(row)) }), 'stream'),
    );
  const { schema: _schema, conf: _conf, ...request } = writeRequest('faults', 'ErrorIfExists', {}, false);
  await session.peer.call('synapse.store', { ...request, parts: [path] });
}

/** Every way in and out. That no step is missing here is a test of its own. */
export const scenarios: readonly Scenario[] = [
  writing('create', { mode: 'ErrorIfExists' }),
  { ...writing('create beside a file of a failed task', { mode: 'ErrorIfExists' }), run: writeBesideStray },
  writing('create by PolyBase', { mode: 'ErrorIfExists', options: polybase }),
  writing('append', { mode: 'Append', table: table('bigint'), options: actions }),
  writing('append by PolyBase', { mode: 'Append', table: table('bigint'), options: polybase }),
  writing('append with conversion', { mode: 'Append', table: table('int') }),
  writing('overwrite', { mode: 'Overwrite', table: table('bigint') }),
  writing('overwrite by PolyBase', { mode: 'Overwrite', table: table('bigint'), options: polybase }),
  writing('overwrite with conversion', { mode: 'Overwrite', table: table('int') }),
  writing('overwrite a table of other columns', {
    mode: 'Overwrite',
    table: `${table('bigint', 'other int NULL')} GRANT SELECT ON dbo.target TO public;`,
  }),
  writing(
    'overwrite by TRUNCATE',
    { mode: 'Overwrite', table: table('bigint'), options: { overwriteMode: 'truncate' } },
    { between: [0] },
  ),
  writing(
    'external table',
    { mode: 'ErrorIfExists', options: source, external: true },
    { reset: (pool) => external(pool, false) },
  ),
  writing(
    'append to an external table',
    { mode: 'Append', options: source, external: true },
    { before: oldRows, after: oldRows + newRows, between: [oldRows + newRows], reset: (pool) => external(pool, true) },
  ),
  writing(
    'overwrite an external table',
    { mode: 'Overwrite', options: source, external: true },
    { before: oldRows, reset: (pool) => external(pool, true) },
  ),
  reading('read', (session) => read(session, 'faults.dbo.target', {}, ['id'])),
  reading('read a query', (session) => read(session, 'SELECT id FROM dbo.target', { DATABASE: 'faults' }, ['id'])),
  reading('count', (session) => read(session, 'faults.dbo.target', {}, [])),
  reading('fetch over TDS', (session) => fetchRows(session, 'auto')),
  reading('fetch by an export', (session) => fetchRows(session, 'export')),
  {
    ...writing('store Arrow rows', { mode: 'ErrorIfExists' }),
    run: store,
  },
  {
    ...reading('sweep', async ({ synapse, pool }) => {
      await synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target('faults')] });
    }),
    name: 'sweep',
  },
];
