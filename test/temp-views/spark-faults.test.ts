import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { CrossviewError, ViewCatalog } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import * as assert from 'uvu/assert';
import { PythonProcess } from '../support/python-process.js';
import { newSpark, runScala, type TestSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';

const test = suite('views of a Spark that fails', undefined, { timeout: 90_000 });
let spark: TestSpark;
let views: ViewCatalog;

test.before(
  async () => {
    spark = await newSpark();
    await spark.host.start();
    views = createViewCatalog({
      spark: spark.host,
      directories: spark.directories,
      session: spark.session,
      graceMilliseconds: 0,
    });
  },
  { timeout: 150_000 },
);
test.after(async () => {
  await views?.close();
  await spark?.host.close();
  await spark?.session.close();
});

async function scala(code: string): Promise<string> {
  const { outcome, results } = await runScala(spark.host, code);
  if (outcome.status === 'error') throw new Error(outcome.traceback.join('\n'));
  return results.join();
}
/** The process of the JVM, after looking that it is one: a limit or a signal must not hit another. */
async function jvm(): Promise<number> {
  const { outcome, stdout } = await runScala(spark.host, 'println("pid=" + ProcessHandle.current.pid)');
  assert.is(outcome.status, 'ok');
  const pid = Number(/pid=(\d+)/.exec(stdout)![1]);
  assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /crossview\.spark\.Main/);
  return pid;
}
const failure = (reading: Promise<unknown>): Promise<CrossviewError> =>
  reading.then(
    () => Promise.reject(new Error('nothing failed')),
    (error: CrossviewError) => error,
  );
async function nothingLeft(): Promise<void> {
  await until('nothing is left', () => readdirSync(spark.directories.arrow).length === 0, 20_000);
}
async function usable(): Promise<void> {
  await scala('spark.range(5).createOrReplaceTempView("five")');
  assert.is((await views.read('five')).rows, 5);
  assert.is(await views.drop('five'), true);
  // The files of a dropped view stay a while for those who have just been given them.
}

test('a function of Scala that throws', async () => {
  await scala(
    'spark.udf.register("picky", (n: Long) => if (n == 7) throw new IllegalArgumentException("seven is not welcome") else n); spark.range(0, 20, 1, 4).selectExpr("picky(id) as n").createOrReplaceTempView("picked")',
  );
  const error = await failure(views.read('picked'));
  assert.is(error.code, 'VIEW_EXPORT_FAILED');
  assert.match(error.message, /picked.*seven is not welcome/s);
  await nothingLeft();
});

test('a function of Python that throws', async () => {
  const pyspark = new PythonProcess(spark.session, {
    ...(await spark.host.pythonEnvironment()),
    CROSSVIEW_SESSION_ROLE: 'pyspark',
  });
  await pyspark.run(`
from crossview_spark import attach
spark, sc = attach()
from pyspark.sql.functions import udf
def picky(n):
    if n == 7:
        raise ValueError("seven is not welcome here")
    return n
spark.range(20).select(udf(picky, "long")("id").alias("n")).createOrReplaceTempView("picked_by_python")`);
  const error = await failure(views.read('picked_by_python'));
  pyspark.close();
  assert.match(error.message, /picked_by_python.*seven is not welcome here/s);
  await nothingLeft();
});

test('a disk that is full', async () => {
  await scala('spark.range(0, 1000000, 1, 2).createOrReplaceTempView("wide")');
  const pid = String(await jvm());
  execFileSync('prlimit', ['--pid', pid, '--fsize=200000:unlimited']);
  const error = await failure(views.read('wide')).finally(() =>
    execFileSync('prlimit', ['--pid', pid, '--fsize=unlimited:unlimited']),
  );
  assert.is(error.code, 'VIEW_EXPORT_FAILED');
  assert.match(error.message, /wide.*(File too large|No space left)/s);
  await nothingLeft();
  assert.is((await views.read('wide')).rows, 1_000_000);
  await views.drop('wide');
});

test('more than the session may hold', async () => {
  const small = createViewCatalog({
    spark: spark.host,
    directories: spark.directories,
    session: { ...spark.session, method() {} } as never,
    memoryLimitBytes: 10_000,
    graceMilliseconds: 0,
  });
  await scala('spark.range(0, 100000, 1, 2).createOrReplaceTempView("heavy")');
  const error = await failure(small.read('heavy'));
  assert.is(error.code, 'VIEW_MEMORY_FULL');
  assert.match(`${error.message} ${error.hint}`, /"heavy" needs .* of at most 10 KB.*%views -d NAME/);
  await small.close();
});

test('the JVM is killed while its tasks write, and the next cell has a new one', async () => {
  await scala('spark.range(0, 1000000000000L, 1, 2).createOrReplaceTempView("endless")');
  const pid = await jvm();
  const reading = failure(views.read('endless'));
  const started = Date.now();
  // Until the tasks have files.
  while (Date.now() - started < 30_000) {
    const parts = readdirSync(spark.directories.arrow, { recursive: true, encoding: 'utf8' });
    if (parts.some((name) => name.endsWith('.arrow'))) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.kill(pid, 'SIGKILL');
  const error = await reading;
  assert.is(error.code, 'SPARK_ENDED');
  assert.match(error.message, /endless/);
  for (const name of readdirSync(spark.directories.arrow, { recursive: true, encoding: 'utf8' }))
    assert.not.match(name, /endless|\.arrow$/);
  assert.is((await failure(views.read('endless'))).code, 'VIEW_NOT_FOUND');
  await usable();
});

test.run();
