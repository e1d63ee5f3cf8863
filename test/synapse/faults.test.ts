import { CrossviewError, type Json, type StoredFile, type SynapseWritePlan } from '@crossview/contracts';
import { createStorageClient, type Step, type StepHook } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { parquetFile, parquetSchema, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, sql, type TestPool, usePool } from '../support/synapse.js';

const test = suite('faults', undefined, { timeout: 120_000 });
const open = usePool(test);
const database = 'faults';
let sessions = 0;

interface WriteOptions {
  readonly mode: string;
  readonly options?: Record<string, string>;
  readonly rows?: number;
}

/** A whole write as the JVM does it; gives the error it ended with. */
async function write(
  session: SynapseSession,
  table: string,
  { mode, options = {}, rows = 10 }: WriteOptions,
): Promise<CrossviewError | undefined> {
  try {
    const plan = (await session.peer.call('synapse.write.plan', {
      table: `${database}.dbo.${table}`,
      tableType: 'INTERNAL',
      location: null,
      mode,
      options,
      conf: {},
      schema: parquetSchema,
      cellId: 'c',
    })) as unknown as SynapseWritePlan;
    await stage(session.storage, plan, [parquetFile(100, rows)]);
    await session.peer.call('synapse.write.load', { planId: plan.planId, rows, stagingMilliseconds: 1 });
    return undefined;
  } catch (thrown) {
    return thrown as CrossviewError;
  }
}

async function read(session: SynapseSession, table: string): Promise<CrossviewError | undefined> {
  try {
    const plan = (await session.peer.call('synapse.read.plan', {
      source: `${database}.dbo.${table}`,
      options: {},
      conf: {},
      cellId: 'c',
    })) as { planId: string };
    await session.peer.call('synapse.read.export', { planId: plan.planId, columns: ['id'], filters: [], limit: null });
    await session.peer.call('synapse.read.release', { planId: plan.planId });
    return undefined;
  } catch (thrown) {
    return thrown as CrossviewError;
  }
}

async function newSession(onStep?: StepHook): Promise<SynapseSession> {
  const { storage, pool } = await open();
  return newSynapse(storage, pool, { sessionId: `fault${sessions++}`, ...(onStep === undefined ? {} : { onStep }) });
}

async function content(pool: TestPool, table: string): Promise<Json> {
  const rows = await sql(
    pool,
    database,
    `IF OBJECT_ID('dbo.${table}') IS NULL SELECT CAST(-1 AS bigint) AS n ELSE SELECT COUNT_BIG(*) AS n FROM dbo.${table}`,
  );
  return Number(rows[0]?.n);
}

async function leftovers(session: SynapseSession): Promise<string[]> {
  const files: StoredFile[] = [];
  for await (const file of createStorageClient().container(session.storage.account, 'staging').list(''))
    files.push(file);
  const objects = await sql(
    session.pool,
    database,
    "SELECT name FROM sys.tables WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.external_data_sources WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.external_file_formats WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.database_scoped_credentials WHERE name LIKE 'crossview%'",
  );
  return [...files.map(({ path }) => path), ...objects.map(({ name }) => String(name))];
}

async function reset(pool: TestPool, table: string, rows: number | undefined): Promise<void> {
  const statements = [`IF OBJECT_ID('dbo.${table}') IS NOT NULL DROP TABLE dbo.${table}`];
  if (rows !== undefined)
    statements.push(
      `CREATE TABLE dbo.${table} (id bigint NULL, name nvarchar(40) NULL) WITH (DISTRIBUTION = HASH(id), HEAP)`,
      ...Array.from({ length: rows }, (_, row) => `INSERT INTO dbo.${table} VALUES (${row}, N'old')`),
    );
  await sql(pool, database, `${statements.join(';\n')};`);
}

const cases: readonly { name: string; before: number | undefined; after: number; write: WriteOptions }[] = [
  { name: 'create', before: undefined, after: 10, write: { mode: 'ErrorIfExists' } },
  {
    name: 'create by PolyBase',
    before: undefined,
    after: 10,
    write: { mode: 'ErrorIfExists', options: { writeSemantics: 'polybase' } },
  },
  { name: 'append', before: 2, after: 12, write: { mode: 'Append' } },
  {
    name: 'append by PolyBase',
    before: 2,
    after: 12,
    write: { mode: 'Append', options: { writeSemantics: 'polybase' } },
  },
  { name: 'overwrite', before: 2, after: 10, write: { mode: 'Overwrite' } },
  {
    name: 'overwrite by PolyBase',
    before: 2,
    after: 10,
    write: { mode: 'Overwrite', options: { writeSemantics: 'polybase' } },
  },
];

for (const one of cases)
  test(`${one.name}: each step that fails leaves the table as before or complete, and nothing of ours`, async () => {
    const { pool } = await open();
    const seen: Step[] = [];
    const watching = await newSession((step) => void seen.push(step));
    await reset(pool, 'target', one.before);
    assert.is(await write(watching, 'target', one.write), undefined);
    assert.is(await content(pool, 'target'), one.after);
    assert.equal(await leftovers(watching), []);
    await watching.close();

    for (const [at, broken] of seen.entries()) {
      await reset(pool, 'target', one.before);
      let count = -1;
      const session = await newSession((step) => {
        count++;
        if (count !== at) return;
        assert.is(step, broken);
        throw new CrossviewError('SQL_FAILED', `refused ${step}`, { facts: { number: 50_000 } });
      });
      const error = await write(session, 'target', one.write);
      const now = await content(pool, 'target');
      assert.ok(
        now === (one.before ?? -1) || now === one.after,
        `${broken} (step ${at}) left ${now} rows: ${error?.message}`,
      );
      if (error === undefined) assert.is(now, one.after, `${broken} was said to have worked`);
      else {
        assert.is(error.facts.step, broken, `the error of step ${at}`);
        assert.is(now, one.before ?? -1, `${broken} failed, and the table changed`);
      }
      await session.close();
      const sweeper = await newSession();
      await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target(database)] });
      assert.equal(await leftovers(sweeper), [], `after ${broken} and a sweep`);
      await sweeper.close();
    }
  });

test('a read that fails at any step leaves nothing', async () => {
  const { pool } = await open();
  await reset(pool, 'source', 3);
  const seen: Step[] = [];
  const watching = await newSession((step) => void seen.push(step));
  assert.is(await read(watching, 'source'), undefined);
  await watching.close();
  assert.equal(await leftovers(watching), []);
  for (const [at, broken] of seen.entries()) {
    let count = -1;
    const session = await newSession(() => {
      if (++count === at) throw new CrossviewError('SQL_FAILED', `refused ${broken}`, { facts: { number: 50_000 } });
    });
    const error = await read(session, 'source');
    if (error !== undefined) assert.is(error.facts.step, broken);
    await session.close();
    const sweeper = await newSession();
    await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target(database)] });
    assert.equal(await leftovers(sweeper), [], `after ${broken} and a sweep`);
    await sweeper.close();
  }
});

test('a sweep says what it would do, and does not touch what is young or of no session of ours', async () => {
  const { pool } = await open();
  await sql(pool, database, "IF OBJECT_ID('dbo.crossview_mine') IS NULL CREATE TABLE dbo.crossview_mine (a int)");
  const session = await newSession((step) => {
    if (step === 'dropStageTable' || step === 'renameNew') throw new CrossviewError('SQL_FAILED', 'refused');
  });
  await reset(pool, 'target', undefined);
  await write(session, 'target', { mode: 'ErrorIfExists' });
  await session.close();
  const sweeper = await newSession();
  const pools = [await pool.target(database)];
  const young = await sweeper.synapse.sweep({ olderThanMs: 3_600_000, dryRun: false, pools });
  assert.equal(young.objects, []);
  const dry = await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: true, pools });
  assert.is(dry.objects.length, 1);
  assert.is((await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools })).objects.length, 1);
  assert.equal(await leftovers(sweeper), ['crossview_mine']);
  await sql(pool, database, 'DROP TABLE dbo.crossview_mine');
  await sweeper.close();
});

test.run();
