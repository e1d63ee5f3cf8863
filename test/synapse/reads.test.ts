import { setTimeout as delay } from 'node:timers/promises';
import type { StoredFile } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { runScala } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { newSynapse, sql, useSynapseSpark } from '../support/synapse.js';

const test = suite('how long staged rows of a read live', undefined, { timeout: 180_000 });
const open = useSynapseSpark(test);
const read = 'spark.read.synapsesql("reads.dbo.read_lazily")';

async function scala(code: string): Promise<string> {
  const { spark } = await open();
  const run = await runScala(spark.host, code);
  if (run.outcome.status !== 'ok') throw new Error(JSON.stringify(run.outcome));
  return run.stdout.trim();
}

async function stagedFiles(): Promise<string[]> {
  const { storage } = await open();
  const container = createStorageClient().container(storage.account, 'staging');
  await container.ensure();
  const files: StoredFile[] = [];
  for await (const file of container.list('')) files.push(file);
  return files.map(({ path }) => path).sort();
}

/** Exports that the pool was asked for, by its own log. */
async function exports(): Promise<number> {
  const { pool } = await open();
  const [row] = await sql(
    pool,
    'reads',
    "SELECT COUNT(*) AS n FROM sys.dm_pdw_exec_requests WHERE command LIKE 'CREATE EXTERNAL TABLE%read_lazily%'",
  );
  return Number(row?.n);
}

/** What no other file of this process has staged. */
let others: readonly string[] = [];
async function ours(): Promise<string[]> {
  return (await stagedFiles()).filter((path) => !others.includes(path));
}

/** Waits until the JVM's collector has found every frame of ours that nothing refers to. */
async function collected(): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    await scala('System.gc()');
    const left = await ours();
    if (left.length === 0) return;
    assert.ok(Date.now() < until, `still staged: ${left.join(', ')}`);
    await delay(100);
  }
}

test('a frame is planned without a row: nothing is exported before an action, nor twice for the same rows', async () => {
  const { pool } = await open();
  await sql(
    pool,
    'reads',
    'CREATE TABLE dbo.read_lazily (n int, t varchar(10)); INSERT dbo.read_lazily VALUES (1, 1), (2, 2);',
  );
  others = await stagedFiles();
  await scala(`val numbers = ${read}
val doubled = numbers.selectExpr("n * 2 as m", "t").where("m > 2")
numbers.printSchema()
doubled.explain(true)
doubled.createOrReplaceTempView("doubled_numbers")`);
  assert.equal(await ours(), []);
  assert.is(await exports(), 0);
  assert.is(await scala('println(doubled.agg(Map("m" -> "sum")).head.getLong(0))'), '4');
  assert.is(await exports(), 1);
  assert.ok((await ours()).length > 0, 'no file is staged for a frame that is in use');
  assert.is(await scala('println(spark.table("doubled_numbers").agg(Map("m" -> "sum")).head.getLong(0))'), '4');
  assert.is(await exports(), 1);
});

test('a frame that nothing refers to any more takes its staged files along', async () => {
  others = await stagedFiles();
  await scala(`{ println(${read}.collect().length) }`);
  await scala('for (_ <- 1 to 3) println(spark.range(3).count)');
  await collected();
});

test('a cached frame keeps its staged files until it is unpersisted', async () => {
  others = await stagedFiles();
  await scala(`object Kept { var frame = ${read}.cache() }
println(Kept.frame.count)`);
  const staged = await ours();
  assert.ok(staged.length > 0);
  await scala('System.gc()');
  assert.is(await scala('println(Kept.frame.agg(Map("n" -> "sum")).head.getLong(0))'), '3');
  assert.equal(await ours(), staged);
  await scala('Kept.frame.unpersist(true); Kept.frame = null');
  await collected();
});

test('the end of the session removes what is still staged, a release only its own', async () => {
  const { storage, pool } = await open();
  others = await stagedFiles();
  const session = await newSynapse(storage, pool, { sessionId: 'reads' });
  const plan = async () => {
    const asked = { source: 'reads.dbo.read_lazily', options: {}, conf: {}, cellId: '1' };
    const { planId } = (await session.peer.call('synapse.read.plan', asked)) as { planId: string };
    return planId;
  };
  const [first, second] = [await plan(), await plan()];
  assert.equal(await ours(), []);
  for (const planId of [first, second])
    await session.peer.call('synapse.read.export', { planId, columns: ['n'], filters: [], limit: null });
  const both = await ours();
  await session.peer.call('synapse.read.release', { planId: first });
  const one = await ours();
  assert.ok(one.length > 0 && one.length < both.length, `${one.length} of ${both.length} files`);
  await session.close();
  assert.equal(await ours(), []);
});

test.run();
