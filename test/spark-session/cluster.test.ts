import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArrowParts } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { newSpark, runScala, type TestSpark } from '../support/spark.js';
import { executorLogs, type SparkCluster, startSparkCluster } from '../support/spark-cluster.js';
import { suite } from '../support/suite.js';

const test = suite('views on executors of other hosts', undefined, { timeout: 120_000 });
let cluster: SparkCluster;
let spark: TestSpark;
let count = 0;

test.before(
  async () => {
    cluster = await startSparkCluster();
    const conf = { ...cluster.conf, 'spark.driver.memory': '1g', 'spark.driver.maxResultSize': '20m' };
    spark = await newSpark({ master: cluster.master, conf });
    await spark.host.start();
  },
  { timeout: 180_000 },
);
test.after(async () => {
  await spark?.host.close();
  await spark?.session.close();
  await cluster?.close();
});

async function scala(code: string): Promise<string> {
  const { outcome, results } = await runScala(spark.host, code);
  if (outcome.status === 'error') throw new Error(`${outcome.traceback.join('\n')}\n${executorLogs(cluster)}`);
  return results.join();
}
function freshDirectory(): string {
  const directory = join(spark.directories.arrow, `cluster-${++count}`);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}
const exported = (name: string, directory = freshDirectory()): Promise<ArrowParts> =>
  spark.host.exportTo(name, directory, {});

test('the tasks run in both executors, each of which has a directory of its own', async () => {
  const found = await scala(
    'spark.range(0, 40, 1, 40).mapPartitions { rows => Thread.sleep(50); Iterator(new java.io.File(".").getCanonicalPath) }.distinct.collect.sorted.foreach(println)',
  );
  assert.type(found, 'string');
  for (const folder of cluster.directories) assert.ok(readdirSync(folder).some((name) => name.startsWith('app-')));
});

test('a view goes through the driver, in more jobs than one when it is larger than one may give', async () => {
  await scala(
    'spark.range(0, 2000000, 1, 16).selectExpr("id", "cast(id as double) d").createOrReplaceTempView("large")',
  );
  const data = await exported('large');
  assert.is(data.rows, 2_000_000);
  // 32 MB in parts of 2 MB, while a job's results may have 20 MB in sum.
  assert.ok(data.bytes > 30_000_000);
  assert.is(data.parts.length, 16);
  assert.ok(data.parts.every((part) => part.startsWith(spark.directories.arrow)));
});

test('a published view goes to the executors with their tasks, and back', async () => {
  const data = await exported('large');
  await spark.host.importFrom('again', data);
  assert.match(await scala('spark.table("again").agg("id" -> "sum", "d" -> "sum").head().toString'), '1999999000000');
  assert.is((await exported('again')).rows, 2_000_000);
});

test('a plan that fails in a task of another host names the view, leaves nothing, and the session goes on', async () => {
  await scala(
    'spark.range(0, 20, 1, 20).selectExpr("assert_true(id <> 7) as y", "id").createOrReplaceTempView("fails")',
  );
  const directory = freshDirectory();
  const error = await exported('fails', directory).catch((thrown: { code: string; message: string }) => thrown);
  assert.is((error as { code: string }).code, 'VIEW_EXPORT_FAILED');
  assert.match((error as { message: string }).message, 'fails');
  assert.equal(readdirSync(directory), []);
  assert.is((await exported('large')).rows, 2_000_000);
});

test.run();
