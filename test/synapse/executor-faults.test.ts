import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { runScala } from '../support/spark.js';
import { executorLogs, type SparkCluster, startSparkCluster } from '../support/spark-cluster.js';
import { suite } from '../support/suite.js';
import { newSynapseSpark, type SynapseSpark, sql, usePool } from '../support/synapse.js';
import { definitions, places, rows, tasks } from '../support/task-faults.js';

const test = suite('executors that are killed', undefined, { timeout: 180_000 });
const open = usePool(test);
const database = 'executors';
let cluster: SparkCluster;
let session: SynapseSpark;

test.before(
  async () => {
    const { storage, pool } = await open();
    cluster = await startSparkCluster();
    session = await newSynapseSpark(storage, pool, {
      master: cluster.master,
      conf: cluster.conf,
      sessionId: 'killing',
    });
    await session.spark.host.start();
    assert.match(await scala(`${definitions}\nprintln("defined")`), /defined/);
  },
  { timeout: 240_000 },
);
test.after(async () => {
  await session?.synapse.close();
  await session?.spark.host.close();
  await session?.spark.session.close();
  await cluster?.close();
});

async function scala(code: string): Promise<string> {
  const { outcome, stdout } = await runScala(session.spark.host, code);
  if (outcome.status === 'error') throw new Error(`${outcome.traceback.join('\n')}\n${executorLogs(cluster)}`);
  return stdout;
}

async function staged(): Promise<string[]> {
  const { storage } = await open();
  const paths: string[] = [];
  for await (const { path } of createStorageClient().container(storage.account, 'staging').list('')) paths.push(path);
  return paths;
}

for (const [name, row] of Object.entries(places))
  test(`an executor ends at the ${name} of a task of a write: another one does it again, no row is missing or there twice`, async () => {
    const { pool } = await open();
    await scala(
      `frame(${tasks - 1}, ${row}, 1, "halted").write.mode("overwrite").synapsesql("${database}.dbo.target")`,
    );
    const [found] = await sql(
      pool,
      database,
      'SELECT COUNT_BIG(*) AS n, SUM(id) AS s, COUNT_BIG(DISTINCT id) AS d FROM dbo.target',
    );
    assert.equal(found, { n: BigInt(rows), s: BigInt((rows * (rows - 1)) / 2), d: BigInt(rows) });
    assert.equal(await staged(), []);
  });

test('an executor ends in the middle of a read: the staged files are there for the next', async () => {
  const out = await scala(`val halting = udf { (id: Long) =>
  val context = TaskContext.get
  if (context.partitionId == 0 && context.attemptNumber == 0 && id % 50 == 7) Runtime.getRuntime.halt(137)
  id
}
println("sum " + spark.read.synapsesql("${database}.dbo.target").select(halting(col("id")).as("id")).agg(sum("id"), count("id")).head.mkString(" "))`);
  assert.match(out, new RegExp(`sum ${(rows * (rows - 1)) / 2} ${rows}\\n`));
});

test.run();
