import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, SynapseWritePlan } from '@crossview/contracts';
import { createStorageClient, type StepHook } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { writeRequest } from '../support/fault-scenarios.js';
import { parquetFile, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, sql, usePool } from '../support/synapse.js';

const test = suite('heartbeat of staging directories', undefined, { timeout: 60_000 });
const open = usePool(test);
const database = 'heartbeats';
const rows = 50;
/** Longer than beats of a busy machine are apart, shorter than the load. */
const limitMs = 5_000;
const loadMs = 7_000;

interface LongLoad {
  /** The load is at COPY INTO, with its stage table, and older than the limit. */
  readonly old: Promise<void>;
  readonly ended: Promise<void>;
  /** Lets COPY INTO begin. */
  goOn(): void;
  /** When files of the staging directory were last written. */
  newest(): Promise<number>;
  close(): Promise<void>;
}

/** A write that stays at COPY INTO for longer than a sweep waits. */
async function longLoad(sessionId: string, heartbeatMs: number): Promise<LongLoad> {
  const { storage, pool } = await open();
  await sql(pool, database, "IF OBJECT_ID('dbo.target') IS NOT NULL DROP TABLE dbo.target");
  let reached = () => {};
  const old = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let goOn = () => {};
  const swept = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const onStep: StepHook = async (step) => {
    if (step !== 'copyInto') return;
    await sleep(loadMs);
    reached();
    await swept;
  };
  const session = await newSynapse(storage, pool, { sessionId, onStep, replaced: { heartbeatMs } });
  const request = writeRequest(database, 'ErrorIfExists', {}, false) as unknown as Json;
  const plan = (await session.peer.call('synapse.write.plan', request)) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(100, rows)]);
  const directory = new URL(plan.location.replace('abfs://', 'http://')).pathname.slice(1);
  const ended = session.peer.call('synapse.write.load', { planId: plan.planId, rows, stagingMilliseconds: 1 });
  ended.catch(() => {});
  return {
    old,
    goOn,
    ended: ended.then(() => undefined),
    async newest() {
      let newest = 0;
      for await (const { lastModified } of createStorageClient()
        .container(storage.account, 'staging')
        .list(`${directory}/`))
        newest = Math.max(newest, lastModified.getTime());
      return newest;
    },
    close: () => session.close(),
  };
}

async function sweep() {
  const { storage, pool } = await open();
  const session = await newSynapse(storage, pool, { sessionId: 'sweeper' });
  const pools = [await pool.target(database)];
  const report = await session.synapse.sweep({ olderThanMs: limitMs, dryRun: false, pools });
  await session.close();
  return report;
}

test('a long load renews its heartbeat, and a sweep with a short limit takes neither its files nor its stage table', async () => {
  const { pool } = await open();
  const load = await longLoad('long', 200);
  const first = await load.newest();
  await load.old;
  // Storage keeps whole seconds.
  assert.ok((await load.newest()) - first >= 2_000, 'nothing was written after the files');
  const report = await sweep();
  assert.equal(report, { directories: [], objects: [], failures: [] });
  load.goOn();
  await load.ended;
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.target'), [{ n: rows }]);
  assert.is(await load.newest(), 0, 'the staging directory is there after the load');
  await load.close();
  assert.is(await load.newest(), 0, 'the heartbeat brought the directory back');
});

test('without a heartbeat the same load is taken for one that was left', async () => {
  const load = await longLoad('silent', 600_000);
  await load.old;
  const { directories, objects } = await sweep();
  assert.is(directories.length, 1);
  assert.equal(
    objects.map(({ kind }) => kind),
    ['stage table'],
  );
  load.goOn();
  await load.ended.then(
    () => assert.unreachable('the load ended well without its files'),
    (thrown: { facts: { step: string } }) => assert.is(thrown.facts.step, 'copyInto'),
  );
  await load.close();
});

test.run();
