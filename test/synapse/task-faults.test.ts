import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { type RequestFault, RequestProxy, type RequestShape, requestFaults } from '../support/request-proxy.js';
import { runScala } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { newSynapse, newSynapseSpark, type SynapseSpark, sql, usePool } from '../support/synapse.js';
import { definitions, places, rows, rowsOfTask, tasks } from '../support/task-faults.js';

const test = suite('faults of Spark’s tasks', undefined, { timeout: 400_000 });
const open = usePool(test);
const database = 'tasks';
/** Each request of each task in each way, instead of each kind of request, with the ways in turn. */
const everything = process.env.CROSSVIEW_FAULTS === 'all';
const oldRows = 2;
/** How often Spark tries a task. */
const tries = 3;
const counts = new Map<string, number>();

let session: Promise<{ spark: SynapseSpark; proxy: RequestProxy }> | undefined;

function start() {
  session ??= (async () => {
    const { storage, pool } = await open();
    const proxy = await RequestProxy.open(storage.port);
    const spark = await newSynapseSpark(storage, pool, {
      master: `local[2,${tries}]`,
      storagePort: proxy.port,
      sessionId: 'taskfaults',
      conf: {
        // As often as by default, only sooner.
        'spark.hadoop.fs.azure.io.retry.backoff.interval': '20',
        'spark.hadoop.fs.azure.io.retry.min.backoff.interval': '10',
        'spark.hadoop.fs.azure.io.retry.max.backoff.interval': '50',
      },
    });
    await spark.spark.host.start();
    const defined = await runScala(spark.spark.host, definitions);
    assert.is(defined.outcome.status, 'ok', JSON.stringify(defined.outcome));
    return { spark, proxy };
  })();
  return session;
}

test.after(async () => {
  const opened = await session;
  await opened?.spark.synapse.close();
  await opened?.spark.spark.host.close();
  await opened?.spark.spark.session.close();
  await opened?.proxy.close();
});

/** Runs a cell and gives its output, or what it says went wrong. */
async function scala(code: string): Promise<{ out: string; error: string | undefined }> {
  const { spark } = await start();
  const { outcome, stdout } = await runScala(spark.spark.host, code);
  return { out: stdout, error: outcome.status === 'error' ? `${outcome.name}: ${outcome.value}` : undefined };
}

async function reset(): Promise<void> {
  const { pool } = await open();
  await sql(
    pool,
    database,
    `IF OBJECT_ID('dbo.target') IS NOT NULL DROP TABLE dbo.target;
CREATE TABLE dbo.target (id bigint NULL, name nvarchar(40) NULL) WITH (DISTRIBUTION = HASH(id), HEAP);
INSERT INTO dbo.target (id) VALUES (7); INSERT INTO dbo.target (id) VALUES (8);`,
  );
}

const before = { n: oldRows, s: 15, d: oldRows };
const after = { n: rows, s: (rows * (rows - 1)) / 2, d: rows };

async function content(): Promise<{ n: number; s: number; d: number }> {
  const { pool } = await open();
  const [row] = await sql(
    pool,
    database,
    'SELECT COUNT_BIG(*) AS n, SUM(id) AS s, COUNT(DISTINCT id) AS d FROM dbo.target',
  );
  return { n: Number(row?.n), s: Number(row?.s), d: Number(row?.d) };
}

/** What is left of ours after a sweep by another session. */
async function leftAfterSweep(): Promise<string[]> {
  const { storage, pool } = await open();
  const sweeper = await newSynapse(storage, pool, { sessionId: 'sweeper' });
  const report = await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target(database)] });
  await sweeper.close();
  const left: string[] = [...report.failures];
  for await (const { path } of createStorageClient().container(storage.account, 'staging').list('')) left.push(path);
  const tables = await sql(pool, database, "SELECT name FROM sys.tables WHERE name LIKE 'crossview%'");
  return [...left, ...tables.map(({ name }) => String(name))];
}

/** After a write: complete if it said so, else as before; and nothing of ours is left. */
async function check(error: string | undefined, where: string): Promise<void> {
  assert.equal(await content(), error === undefined ? after : before, `${where}: ${error}`);
  assert.equal(await leftAfterSweep(), [], where);
}

function tell(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

const write = (task: number, row: number, attempts: number, fault: string) =>
  `frame(${task}, ${row}, ${attempts}, "${fault}").write.mode("overwrite").synapsesql("${database}.dbo.target")`;

test('a task that throws is tried again by Spark, and no row is there twice', async () => {
  for (const [name, row] of Object.entries(places))
    for (const task of everything ? Array.from({ length: tasks }, (_, index) => index) : [0, tasks - 1]) {
      await reset();
      const { error } = await scala(write(task, row, tries - 1, 'throws'));
      assert.is(error, undefined, `${name} of task ${task}`);
      await check(error, `${name} of task ${task}`);
      tell('task throws and is tried again');
    }
});

test('a task that throws each time ends the write, the table is as before, and the error is the task’s', async () => {
  for (const [name, row] of Object.entries(places))
    for (const task of everything ? Array.from({ length: tasks }, (_, index) => index) : [0, tasks - 1]) {
      await reset();
      const { error } = await scala(write(task, row, 99, 'throws'));
      assert.match(error ?? '', /broken on purpose/, `${name} of task ${task}`);
      await check(error, `${name} of task ${task}`);
      tell('task throws each time');
    }
});

test('an attempt that is killed is made again', async () => {
  for (const [name, row] of Object.entries(places)) {
    await reset();
    const { error } = await scala(write(tasks - 1, row, tries, 'killed'));
    assert.is(error, undefined, `${name}: ${error}`);
    await check(error, name);
    tell('attempt killed');
  }
});

interface Broken {
  readonly name: string;
  readonly code: string;
  readonly reset: () => Promise<void>;
  /** Judges how it ended. */
  readonly judge: (ended: { out: string; error: string | undefined }, where: string) => Promise<void>;
}

const sum = `println("sum " + t.agg(sum("id"), count("name"), countDistinct("id")).head.mkString(" "))`;

const scenarios: readonly Broken[] = [
  {
    name: 'write',
    code: write(-1, 0, 0, 'throws'),
    reset,
    judge: ({ error }, where) => check(error, where),
  },
  {
    name: 'read',
    // Two columns of text and numbers; each run makes a frame of its own, so that each exports.
    code: `{ val t = spark.read.synapsesql("${database}.dbo.target").filter("id >= 0"); ${sum} }`,
    async reset() {
      if ((await content()).n !== rows) assert.is((await scala(write(-1, 0, 0, 'throws'))).error, undefined);
    },
    async judge({ out, error }, where) {
      if (error === undefined) assert.match(out, new RegExp(`sum ${after.s} ${rows} ${rows}`), where);
      assert.equal(await content(), after, where);
    },
  },
];

/** The ways in turn over the requests of one kind, or all of them. */
function choices(seen: readonly RequestShape[]): { at: number; shape: RequestShape; fault: RequestFault }[] {
  const kinds = [...new Set(seen)];
  if (everything) return seen.flatMap((shape, at) => requestFaults.map((fault) => ({ at, shape, fault })));
  return kinds.flatMap((shape, index) => {
    const places = [seen.indexOf(shape), seen.lastIndexOf(shape)];
    return places.map((at, which) => ({
      at,
      shape,
      fault: requestFaults[(index * 2 + which) % requestFaults.length] ?? 'busy',
    }));
  });
}

for (const scenario of scenarios)
  test(
    `${scenario.name}: whichever request of Spark’s to the storage breaks, all is as before or complete`,
    async () => {
      const { proxy, spark } = await start();
      await reset();
      await scenario.reset();
      proxy.watch();
      const first = await scala(scenario.code);
      assert.is(first.error, undefined);
      const seen = [...proxy.seen];
      assert.ok(seen.length >= 3, `only ${seen.join('; ')}`);
      await scenario.judge(first, scenario.name);
      if (process.env.CROSSVIEW_FAULTS) console.log(`${scenario.name}: ${seen.join('\n  ')}`);
      for (const { at, shape, fault } of choices(seen)) {
        await scenario.reset();
        // Tasks run side by side, so that the n-th of all requests is not always the same; the n-th of its kind is.
        const nth = seen.slice(0, at).filter((other) => other === shape).length;
        let met = 0;
        proxy.watch((candidate) => (candidate === shape && met++ === nth ? fault : undefined));
        const began = performance.now();
        const ended = await scala(scenario.code);
        const { hits } = proxy;
        proxy.watch();
        const where = `${scenario.name}: ${fault} at ${shape} (${nth + 1})`;
        if (process.env.CROSSVIEW_FAULTS)
          console.log(`${where}: ${ended.error?.slice(0, 120)} ${Math.round(performance.now() - began)} ms`);
        await scenario.judge(ended, where);
        // Hadoop's client tries again what was not answered, and Spark the task: the user never hears of it.
        if (fault !== 'refused') assert.is(ended.error, undefined, where);
        if (hits > 0) tell(`request ${fault}`);
      }
      if (scenario.name !== 'read') return;
      // Staged files of reads live as long as their frames; with the session they go.
      await spark.synapse.close();
      assert.equal(await leftAfterSweep(), []);
    },
    { timeout: everything ? 1_800_000 : 400_000 },
  );

test('the counts', () => {
  console.log(`task faults: ${[...counts].map(([what, count]) => `${count} ${what}`).join(', ')}`);
  assert.ok(rowsOfTask > 2);
});

test.run();
