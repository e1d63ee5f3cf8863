import type { SparkHost, ViewCatalog } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { PythonProcess } from '../support/python-process.js';
import { runScala, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { startViewsSession } from '../support/views-session.js';

const test = suite('every language agrees on which views there are', undefined, { timeout: 60_000 });
const spark = useSpark(test);
let host: SparkHost;
let views: ViewCatalog;
let python: PythonProcess;
let pyspark: PythonProcess;
let closeSession: () => Promise<void>;

test.before(
  async () => {
    const shared = await spark();
    host = shared.host;
    await host.start();
    // A session of its own over the same Spark: the shared one has its catalog already.
    const own = await startViewsSession(host);
    views = own.views;
    closeSession = own.close;
    python = new PythonProcess(own.session);
    await python.run('from crossview_views import views\nimport pyarrow as pa');
    pyspark = new PythonProcess(shared.session, {
      ...(await host.pythonEnvironment()),
      CROSSVIEW_SESSION_ROLE: 'pyspark',
    });
    await pyspark.run('from crossview_spark import attach\nspark, sc = attach()');
  },
  { timeout: 150_000 },
);
test.after(async () => {
  python?.close();
  pyspark?.close();
  await closeSession?.();
});

/** What stands before each Spark cell of a notebook. */
const spoken = async (code: string) => {
  await views.offerToSpark();
  return pyspark.run(code);
};
const tables = () =>
  spoken(
    'result = sorted(t.name for t in spark.catalog.listTables() if t.isTemporary and t.name.startswith("agreed"))',
  );

test('listTables lists what other languages published; dropTempView drops it for them', async () => {
  await python.run('views["agreed_a"] = pa.table({"n": [1, 2]})\nviews["agreed_b"] = pa.table({"n": [3]})');
  assert.equal(await tables(), ['agreed_a', 'agreed_b']);
  assert.is(await spoken('result = spark.catalog.dropTempView("AGREED_A")'), true);
  assert.is(await python.run('result = "agreed_a" in views'), false);
  assert.match((await python.fails('views["agreed_a"]')).text, /no view "agreed_a"/);
  await python.run('del views["agreed_b"]');
  assert.equal(await tables(), []);
});

test('global temp views are seen everywhere by both names, and dropped everywhere', async () => {
  await spoken('spark.range(7).createGlobalTempView("agreed_global")');
  assert.equal(
    await python.run('result = [views["agreed_global"].rows, views["GLOBAL_TEMP.agreed_global"].arrow().num_rows]'),
    [7, 7],
  );
  const info = (await views.list()).find(({ name }) => name === 'global_temp.agreed_global')!;
  assert.equal([info.scope, info.language, info.rows], ['global', 'spark', 7]);
  await spoken('spark.range(3).createOrReplaceGlobalTempView("agreed_global")');
  assert.is(await python.run('result = views["agreed_global"].arrow().num_rows'), 3);
  // A view of the session hides a global one of the same name, as in Spark.
  await python.run('views["agreed_global"] = pa.table({"n": [1]})');
  assert.equal(
    await spoken('result = [spark.table("agreed_global").count(), spark.table("global_temp.agreed_global").count()]'),
    [1, 3],
  );
  assert.equal(
    await python.run('result = [views["agreed_global"].rows, views["global_temp.agreed_global"].arrow().num_rows]'),
    [1, 3],
  );
  await python.run('del views["agreed_global"]');
  assert.is(await python.run('result = views["agreed_global"].arrow().num_rows'), 3);
  assert.is(await spoken('result = spark.catalog.dropGlobalTempView("agreed_global")'), true);
  assert.is(await python.run('result = "agreed_global" in views'), false);
});

test('a name bound anew is the new one for everybody', async () => {
  await python.run('views["agreed"] = pa.table({"n": [1]})');
  assert.is(await spoken('result = spark.table("agreed").count()'), 1);
  const { outcome } = await runScala(host, 'spark.range(4).createOrReplaceTempView("agreed")');
  assert.is(outcome.status, 'ok');
  assert.equal(await python.run('result = [views["agreed"].arrow().num_rows, views["agreed"].arrow().column_names]'), [
    4,
    ['id'],
  ]);
  await python.run('views["agreed"] = pa.table({"t": ["x", "y"]})');
  assert.equal(await spoken('result = spark.table("agreed").columns'), ['t']);
  assert.is(await spoken('result = spark.sql("drop view agreed") is not None'), true);
  assert.is(await python.run('result = "agreed" in views'), false);
});

test('listeners are told once for each change, whoever made it', async () => {
  let told = 0;
  const end = views.onChange(() => {
    told += 1;
  });
  await python.run('views["agreed_heard"] = pa.table({"n": [1]})');
  assert.is(told, 1);
  // That Spark has it too is no change.
  await views.offerToSpark();
  await views.list();
  assert.is(told, 1);
  await spoken('spark.range(2).createOrReplaceTempView("agreed_heard")');
  await views.list();
  assert.is(told, 2);
  await views.drop('agreed_heard');
  assert.is(told, 3);
  end();
  await python.run('views["agreed_heard"] = pa.table({"n": [1]})');
  assert.is(told, 3);
  await views.drop('agreed_heard');
});

test.run();
