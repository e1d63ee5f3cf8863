import { CrossviewError, type SqlClient, type StoredFile } from '@crossview/contracts';
import { createSqlClient, createStorageClient, type Step, steps } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { type Fault, FaultProxy } from '../support/fault-proxy.js';
import { content, type Scenario, scenarios } from '../support/fault-scenarios.js';
import { suite } from '../support/suite.js';
import { closeKept, keptSql, newSynapse, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('faults', undefined, { timeout: 240_000 });
const open = usePool(test);

/**
 * What is done to a step: it fails; the pool puts it off once, or always (40501); or one of the faults of the proxies in front of pool
 * and storage. `CROSSVIEW_FAULTS=all` tries each at each step, `CROSSVIEW_FAULTS=hang` that one; otherwise they take turns at the first places where a step occurs.
 */
const kinds = ['error', 'cutBefore', 'cutAfter', 'throttled', 'putOff', 'busy', 'hang'] as const;
type Kind = (typeof kinds)[number];
const everything = process.env.CROSSVIEW_FAULTS === 'all';
const proxied: ReadonlySet<Kind> = new Set(['cutBefore', 'cutAfter', 'busy', 'hang']);

/** Steps that only a failure brings about, which tests of their own bring; and one for pools that do not say how many rows they took. */
const afterwards: ReadonlySet<Step> = new Set(['renameBack', 'inspectSwap', 'readSwap', 'removeNewFiles', 'countRows']);
/** How often each step was broken. */
const broken = new Map<Step, number>();
const counts = new Map<Kind, number>(kinds.map((kind) => [kind, 0]));

let proxies: Promise<{ pool: FaultProxy; storage: FaultProxy }> | undefined;
let sessions = 0;

async function openProxies() {
  const { storage, pool } = await open();
  const { port } = await pool.target('master');
  proxies ??= (async () => ({ pool: await FaultProxy.open(port), storage: await FaultProxy.open(storage.port) }))();
  return proxies;
}
test.after(async () => {
  const opened = await proxies;
  opened?.pool.close();
  opened?.storage.close();
  await (await sweeper)?.close();
  await closeKept();
});

let sweeper: Promise<SynapseSession> | undefined;
/** One session for all sweeps; it is none of those that it sweeps after. */
async function theSweeper(): Promise<SynapseSession> {
  const { storage, pool } = await open();
  sweeper ??= newSynapse(storage, pool, { sessionId: 'sweeper' });
  return sweeper;
}

/** A client whose server puts statements off when it is told to. */
function busyClient(hangs: boolean, isBusy: () => boolean): SqlClient {
  const client = createSqlClient({ connectMs: hangs ? 1_500 : 20_000, cancelMs: 300 });
  const busy = () =>
    new CrossviewError('SQL_FAILED', 'The service is currently busy. Retry the request after 10 seconds.', {
      facts: { number: 40_501 },
    });
  return {
    async connect(target, options) {
      const connection = await client.connect(target, options);
      return {
        ...connection,
        async query(text, queryOptions) {
          if (isBusy()) throw busy();
          return connection.query(text, queryOptions);
        },
      };
    },
  };
}

/** A session behind the proxies in which step number `at` is broken. */
async function faultySession(at: number, kind: Kind, expected: Step): Promise<SynapseSession & { hits: () => number }> {
  const { storage, pool } = await open();
  const { pool: poolProxy, storage: storageProxy } = await openProxies();
  // Short limits only where something hangs: on a busy machine they would end what is merely slow.
  const hangs = kind === 'hang';
  let count = -1;
  let busy = 0;
  let hits = 0;
  const account = { ...storage.account, blobEndpoint: `http://127.0.0.1:${storageProxy.port}/${storage.account.name}` };
  const session = await newSynapse(storage, pool, {
    sessionId: `fault${sessions++}`,
    pools: {
      resolve: async (request) => ({ ...(await pool.pools.resolve(request)), port: poolProxy.port }),
    },
    replaced: {
      sql: busyClient(hangs, () => {
        if (busy === 0) return false;
        busy--;
        hits++;
        return true;
      }),
      storage: createStorageClient({ tries: 2, tryMs: hangs ? 700 : 20_000 }),
      accounts: { account: async () => account },
      timeouts: { ...(hangs ? { questionMs: 700, statementMs: 1_500 } : {}), retriesMs: [20, 50], settleMs: [0, 100] },
    },
    onStep: (step) => {
      count++;
      poolProxy.disarm();
      storageProxy.disarm();
      busy = 0;
      if (count !== at) return;
      assert.is(step, expected);
      broken.set(step, (broken.get(step) ?? 0) + 1);
      if (kind === 'error') {
        hits++;
        throw new CrossviewError('SQL_FAILED', `refused ${step}`, { facts: { number: 50_000 } });
      }
      if (kind === 'throttled') busy = 1;
      else if (kind === 'putOff') busy = Number.POSITIVE_INFINITY;
      else {
        storageProxy.arm(kind as Fault);
        // "Busy" is a word of HTTP.
        if (kind !== 'busy') poolProxy.arm(kind as Fault);
      }
    },
  });
  return {
    ...session,
    hits: () => hits + (proxied.has(kind) ? poolProxy.hits + storageProxy.hits : 0),
    async close() {
      poolProxy.disarm();
      storageProxy.disarm();
      await session.close();
    },
  };
}

async function leftovers(database: string): Promise<string[]> {
  const { storage, pool } = await open();
  const files: StoredFile[] = [];
  const staging = createStorageClient().container(storage.account, 'staging');
  await staging.ensure();
  for await (const file of staging.list('')) files.push(file);
  const like = "name LIKE 'crossview[_]%[_][0-9]%'";
  const objects = await keptSql(
    pool,
    database,
    `SELECT name FROM sys.tables WHERE ${like} UNION ALL SELECT name FROM sys.external_data_sources WHERE ${like} UNION ALL SELECT name FROM sys.external_file_formats WHERE ${like} UNION ALL SELECT name FROM sys.database_scoped_credentials WHERE ${like}`,
  );
  return [...files.map(({ path }) => path), ...objects.map(({ name }) => String(name))];
}

async function attempt(scenario: Scenario, session: SynapseSession): Promise<CrossviewError | undefined> {
  try {
    await scenario.run(session);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CrossviewError) return thrown;
    throw thrown;
  }
}

/** The steps of the scenario, from a run in which nothing breaks. */
async function stepsOf(scenario: Scenario): Promise<Step[]> {
  const { storage, pool } = await open();
  const seen: Step[] = [];
  const session = await newSynapse(storage, pool, {
    sessionId: `watch${sessions++}`,
    onStep: (step) => void seen.push(step),
  });
  await scenario.reset(pool);
  const error = await attempt(scenario, session);
  assert.is(error?.message, undefined);
  assert.is(await content(pool, scenario.database), scenario.after);
  await session.close();
  assert.equal(await leftovers(scenario.database), []);
  return seen;
}

async function breakStep(scenario: Scenario, at: number, step: Step, kind: Kind): Promise<void> {
  const { pool } = await open();
  await scenario.reset(pool);
  const began = performance.now();
  const session = await faultySession(at, kind, step);
  const error = await attempt(scenario, session);
  const hits = session.hits();
  if (process.env.CROSSVIEW_FAULTS)
    console.log(`${kind} at ${step} (${at}): ${error?.code} ${Math.round(performance.now() - began)} ms`);
  await session.close();
  if (hits > 0) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const now = await content(pool, scenario.database);
  const where = `${scenario.name}: ${kind} at ${step} (${at}) left ${now} rows; ${error?.code} ${error?.message}`;
  const allowed = [scenario.before, scenario.after, ...(scenario.between ?? [])];
  assert.ok(allowed.includes(now), where);
  if (error === undefined) assert.is(now, scenario.after, `${where}, and was said to have worked`);
  else assert.ok(String(error.facts.step) in steps, `${where}: the error does not say its step`);
  // Safe to repeat and put off once: the user never hears of it.
  if (kind === 'throttled' || kind === 'busy') assert.is(error, undefined, where);
  if (kind === 'error' && error !== undefined) {
    assert.is(error.facts.step, step, where);
    // What comes after the load cannot take it back, and says so.
    const loaded = step === 'runPostActions' && now === scenario.after;
    assert.ok(now === scenario.before || loaded || scenario.between?.includes(now), where);
  }
  const { synapse } = await theSweeper();
  const report = await synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target(scenario.database)] });
  assert.equal(report.failures, [], where);
  assert.equal(await leftovers(scenario.database), [], `after a sweep: ${where}`);
  const swept = await content(pool, scenario.database);
  assert.ok(allowed.includes(swept), `the sweep left ${swept} rows: ${where}`);
}

/** Of the scenarios, for looking into one of them. */
const only = process.env.CROSSVIEW_FAULTS_ONLY ?? '';

/** Without the whole matrix a step is broken in this many places, each time in the next way. */
const enough = 4;

function kindsFor(step: Step): readonly Kind[] {
  if (everything) return kinds;
  const one = kinds.find((kind) => kind === process.env.CROSSVIEW_FAULTS);
  if (one !== undefined) return [one];
  const times = broken.get(step) ?? 0;
  return times < enough ? [kinds[(times + Object.keys(steps).indexOf(step)) % kinds.length] ?? 'error'] : [];
}

for (const scenario of scenarios)
  if (scenario.name.includes(only))
    test(
      `${scenario.name}: whichever step breaks, the table is as before or complete, and nothing of ours stays`,
      async () => {
        for (const [at, step] of (await stepsOf(scenario)).entries())
          for (const kind of kindsFor(step)) await breakStep(scenario, at, step, kind);
      },
      { timeout: everything ? 900_000 : 240_000 },
    );

test('no step of the code was left out', async () => {
  const missing = (Object.keys(steps) as Step[]).filter((step) => !broken.has(step) && !afterwards.has(step));
  if (only === '') assert.equal(missing, []);
  console.log(`faults: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
});

test('a sweep says what it would do, and does not touch what is young or of no session of ours', async () => {
  const { storage, pool } = await open();
  const create = scenarios[0]!;
  await sql(pool, 'faults', "IF OBJECT_ID('dbo.crossview_mine') IS NULL CREATE TABLE dbo.crossview_mine (a int)");
  const session = await newSynapse(storage, pool, {
    sessionId: `fault${sessions++}`,
    onStep: (step) => {
      if (step === 'dropStageTable' || step === 'renameNew') throw new CrossviewError('SQL_FAILED', 'refused');
    },
  });
  await create.reset(pool);
  assert.is((await attempt(create, session))?.facts.step, 'renameNew');
  await session.close();
  const sweeper = await newSynapse(storage, pool, { sessionId: `sweep${sessions++}` });
  const pools = [await pool.target('faults')];
  const young = await sweeper.synapse.sweep({ olderThanMs: 3_600_000, dryRun: false, pools });
  assert.equal(young.objects, []);
  const running = await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: true, pools, running: () => true });
  assert.equal(running.objects, []);
  const dry = await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: true, pools });
  assert.is(dry.objects.length, 1);
  assert.is((await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools })).objects.length, 1);
  const left = await sql(pool, 'faults', "SELECT name FROM sys.tables WHERE name LIKE 'crossview%'");
  assert.equal(left, [{ name: 'crossview_mine' }]);
  await sql(pool, 'faults', 'DROP TABLE dbo.crossview_mine');
  await sweeper.close();
});

test('a swap that loses the pool half-way is taken back', async () => {
  const { storage, pool } = await open();
  const swap = scenarios.find(({ name }) => name === 'overwrite a table of other columns')!;
  await swap.reset(pool);
  // The second rename of the batch fails: the name of the stage table is gone.
  const session = await newSynapse(storage, pool, {
    sessionId: `fault${sessions++}`,
    async onStep(step) {
      if (step !== 'renameTables') return;
      const rows = await sql(pool, 'faults', "SELECT name FROM sys.tables WHERE name LIKE 'crossview%stage'");
      for (const { name } of rows) await sql(pool, 'faults', `DROP TABLE dbo.[${String(name)}]`);
    },
  });
  const error = await attempt(swap, session);
  assert.is(error?.facts.step, 'renameTables');
  assert.is(await content(pool, 'faults'), swap.before);
  await session.close();
  assert.equal(await leftovers('faults'), []);
});

test.run();
