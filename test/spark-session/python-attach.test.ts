import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import * as assert from 'uvu/assert';
import { runScala, sparkToolchain, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session Python attach', undefined, { timeout: 60_000 });
const spark = useSpark(test);

/** Runs Python code that is attached (`spark`, `sc`) and gives what it printed. */
async function python(code: string): Promise<string> {
  const { host } = await spark();
  const toolchain = await sparkToolchain();
  const env = {
    ...process.env,
    ...(await host.pythonEnvironment()),
    PYTHONPATH: toolchain.pythonPath.join(delimiter),
  };
  const start = 'from crossview_spark import *\nspark, sc = attach()\n';
  return new Promise((resolve, reject) =>
    execFile(toolchain.python, ['-c', start + code], { env, timeout: 50_000 }, (failed, stdout, stderr) =>
      failed ? reject(new Error(stderr)) : resolve(stdout.trim()),
    ),
  );
}

test.before(async () => (await spark()).host.start(), { timeout: 120_000 });

test('it is the one session', async () => {
  const { host } = await spark();
  await runScala(host, 'spark.range(3).createOrReplaceTempView("from_scala")');
  const text = await python(`
from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate() is spark, SparkSession.getActiveSession() is not None)
print(spark.table("from_scala").count(), sc.parallelize([1, 2]).map(lambda n: n + 1).collect())
spark.udf.register("plus_two", lambda n: n + 2, "long")
spark.range(4).createOrReplaceTempView("from_python")`);
  assert.equal(text.split('\n'), ['True True', '3 [2, 3]']);
  const { results } = await runScala(host, 'spark.sql("select sum(plus_two(id)) from from_python").as[Long].head()');
  assert.match(results.join(), /Long = 14$/);
});

test('Arrow serves both ways', async () => {
  const text = await python(`
import pyarrow as pa
spark.createDataFrame(pa.table({"a": [1, None], "s": ["x", "y"]})).createOrReplaceTempView("from_arrow")
print(spark.table("from_arrow").toArrow().to_pylist())`);
  assert.is(text, "[{'a': 1, 's': 'x'}, {'a': None, 's': 'y'}]");
});

test('Stop cancels the jobs of a Python cell, also behind a job group of its own', async () => {
  const { host } = await spark();
  for (const own of ['', 'sc.setJobGroup("mine", "own")']) {
    const timer = setInterval(() => host.cancelJobs('python-cell,1'), 500);
    const text = await python(`
set_cell("python-cell,1")
${own}
try:
    spark.range(10**13).selectExpr("sum(id % 7)").collect()
except Exception as error:
    text = str(error)
    print(type(error).__name__, "SPARK_JOB_CANCELLED" in text or "cancelled" in text or text)
clear_cell()
set_cell("python-cell,2")
print(spark.range(5).count())`).finally(() => clearInterval(timer));
    assert.equal(text.split('\n'), ['Py4JJavaError True', '5']);
  }
});

test('progress of Python jobs names the cell', async () => {
  const { host } = await spark();
  const cells = new Set<string>();
  const release = host.onProgress(({ cellId }) => cells.add(cellId));
  await python(`
import time
set_cell("progress-cell")
sc.parallelize(range(4), 4).foreach(lambda _: time.sleep(0.5))`);
  release();
  assert.equal([...cells], ['progress-cell']);
});

test.run();
