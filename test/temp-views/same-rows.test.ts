import type { CellError, Language, LanguageContext, SparkHost, ViewCatalog } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import * as assert from 'uvu/assert';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../support/cells.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { runScala, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('one table of all types through every road', undefined, { timeout: 60_000 });
const spark = useSpark(test);
let host: SparkHost;
let views: ViewCatalog;
let python: PythonProcess;
let pyspark: PythonProcess;
let typescript: Language;

test.before(
  async () => {
    const { session, directories, host: started } = await spark();
    host = started;
    await host.start();
    views = createViewCatalog({ spark: host, directories, session });
    const workingDirectory = temporaryDirectory('same-rows');
    typescript = typescriptModule.create({ session, views, workingDirectory } as unknown as LanguageContext);
    python = new PythonProcess(session);
    await python.run(
      'from crossview_views import views\nimport pyarrow as pa, same_rows\nviews["same"] = same_rows.table()',
    );
    pyspark = new PythonProcess(session, { ...(await host.pythonEnvironment()), CROSSVIEW_SESSION_ROLE: 'pyspark' });
    await pyspark.run('from crossview_views import views\nfrom crossview_spark import attach\nspark, sc = attach()');
    await views.offerToSpark();
  },
  { timeout: 150_000 },
);
test.after(async () => {
  python?.close();
  pyspark?.close();
  await typescript?.close();
  await views?.close();
});

async function scala(code: string): Promise<void> {
  await views.offerToSpark();
  const { outcome } = await runScala(host, code);
  assert.equal(outcome, { status: 'ok' });
}
async function ts(code: string): Promise<void> {
  const { outcome } = await runCell(typescript, code);
  assert.equal(outcome, { status: 'ok' });
}
async function same(name: string, but: string[] = []): Promise<void> {
  const found = await python.run(
    `result = same_rows.differences(views["${name}"].arrow(), but=${JSON.stringify(but)})`,
  );
  assert.equal(found, []);
}

test('Spark has the view that Python published', async () => {
  const view = (await views.list()).find((one) => one.name === 'same')!;
  assert.is(view.note, undefined);
  assert.is(view.rows, 4);
});

test('pyarrow → Spark SQL → pyarrow', async () => {
  await scala('spark.sql("create or replace temp view by_sql as select * from same")');
  await same('by_sql');
});

test('pyarrow → Scala rows → pyarrow', async () => {
  await scala(
    'val same = spark.table("same"); spark.createDataFrame(same.rdd, same.schema).createOrReplaceTempView("by_scala")',
  );
  await same('by_scala');
});

test('pyarrow → PySpark rows → pyarrow', async () => {
  await pyspark.run(
    'same = spark.table("same")\nspark.createDataFrame(same.collect(), same.schema).createOrReplaceTempView("by_pyspark")',
  );
  await same('by_pyspark');
});

test('pyarrow → TypeScript → pyarrow, and on to Spark and back', async () => {
  await ts("await views.set('by_typescript', await views.get('same'))");
  await same('by_typescript');
  await scala('spark.sql("create or replace temp view typescript_on_spark as select * from by_typescript")');
  await same('typescript_on_spark');
});

test('Spark → TypeScript, batch by batch → pyarrow', async () => {
  await ts(
    "const batches = []; for await (const batch of views.stream('by_sql')) batches.push(batch); await views.set('by_stream', new arrow.Table(batches))",
  );
  await same('by_stream');
});

test('Spark → polars → Spark → pyarrow', async () => {
  await python.run('views["by_polars"] = views["by_sql"].polars()');
  // polars has no maps (lists of structs instead) and one unit of time less for none.
  await same('by_polars', ['map', 'deep']);
  await scala('spark.sql("create or replace temp view polars_on_spark as select * from by_polars")');
  await same('polars_on_spark', ['map', 'deep']);
});

test('Spark → pandas on Arrow → Spark → pyarrow', async () => {
  await python.run('views["by_pandas_arrow"] = views["by_sql"].to_pandas(dtype_backend="pyarrow")');
  await same('by_pandas_arrow');
  await scala('spark.sql("create or replace temp view pandas_on_spark as select * from by_pandas_arrow")');
  await same('pandas_on_spark');
});

test('Spark → pandas as it comes → pyarrow', async () => {
  // pandas holds Python objects in these, which have no Arrow type of their own: decimals come back narrower.
  const but = ['map', 'decimal_1_0', 'decimal_18_4', 'decimal_38_18'];
  await python.run('frame = views["by_sql"].to_pandas()\nviews["by_pandas"] = frame.drop(columns=["map"])');
  await same('by_pandas', but);
  assert.match((await python.fails('views["by_pandas"] = frame')).text, /Column "map" of view "by_pandas"/);
});

test('empty tables keep their types on every road', async () => {
  await python.run('views["none"] = same_rows.table().slice(0, 0)');
  await ts("await views.set('none_by_typescript', await views.get('none'))");
  await scala('spark.sql("create or replace temp view none_by_sql as select * from none_by_typescript")');
  assert.equal(
    await python.run('result = same_rows.differences(views["none_by_sql"].arrow(), same_rows.table().slice(0, 0))'),
    [],
  );
});

test('no columns', async () => {
  await python.run('views["bare"] = pa.table({})');
  await ts("await views.set('bare_by_typescript', await views.get('bare'))");
  assert.is(await python.run('result = views["bare_by_typescript"].arrow().num_columns'), 0);
  await scala('assert(spark.table("bare_by_typescript").columns.isEmpty)');
});

test('names that come twice are kept, or refused by name where a language cannot have them', async () => {
  await python.run('views["twice"] = pa.Table.from_arrays([pa.array([1]), pa.array(["x"])], names=["same", "same"])');
  await scala('assert(spark.table("twice").head().toSeq == Seq(1L, "x"))');
  assert.equal(await python.run('result = [c.to_pylist() for c in views["twice"].arrow().columns]'), [[1], ['x']]);
  const { outcome } = await runCell(typescript, "await views.set('twice_too', await views.get('twice'))");
  assert.match((outcome as CellError).value, /more than one column "same"/);
});

const refused: Record<string, string> = {
  uint8: 'pa.array([1], pa.uint8())',
  uint64: 'pa.array([2**64 - 1], pa.uint64())',
  half: 'pa.array([1.5], pa.float16())',
  time: 'pa.array([1], pa.time64("us"))',
  nanoseconds: 'pa.array([1], pa.timestamp("ns"))',
  decimal256: 'pa.array([1]).cast(pa.decimal256(76, 0))',
  fixed_binary: 'pa.array([b"ab"], pa.binary(2))',
};
for (const [name, array] of Object.entries(refused)) {
  test(`${name} goes from Python to Python, and is kept from Spark by column name`, async () => {
    await python.run(`views["odd"] = pa.table({"fine": [1], "odd one": ${array}})`);
    assert.is(
      await python.run(
        `result = repr(views["odd"].arrow().column("odd one").to_pylist()) == repr(${array}.to_pylist())`,
      ),
      true,
    );
    await views.offerToSpark();
    assert.match((await views.list()).find((view) => view.name === 'odd')!.note!, /"odd one"/);
    assert.not.ok((await host.list()).some((view) => view.name === 'odd'));
  });
}

test.run();
