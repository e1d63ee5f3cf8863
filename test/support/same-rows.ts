import type { CellError, Json, Language, SparkHost, ViewCatalog } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { runCell } from './cells.js';
import { runScala } from './spark.js';
import type { suite } from './suite.js';

/** A Python whose names last from one run to the next, wherever it runs. */
export interface AnyPython {
  /** The value of `result` after the code. */
  run(code: string): Promise<Json>;
  fails(code: string): Promise<{ readonly text: string }>;
}

/** The languages of one session. */
export interface Roads {
  readonly host: SparkHost;
  readonly views: ViewCatalog;
  /** Has `views`, `pa` and `same_rows`. */
  readonly python: AnyPython;
  /** Has `views` and `spark`. */
  readonly pyspark: AnyPython;
  readonly typescript: Language;
}

/** One table of all types through every road of a session: these tests are the same wherever Spark and Python run. */
export function sameRowsTests(test: ReturnType<typeof suite>, roads: () => Roads): void {
  const host = () => roads().host;
  const views = () => roads().views;
  const python = () => roads().python;
  const pyspark = () => roads().pyspark;
  const typescript = () => roads().typescript;

  async function scala(code: string): Promise<void> {
    await views().offerToSpark();
    const { outcome } = await runScala(host(), code);
    assert.equal(outcome, { status: 'ok' });
  }
  async function ts(code: string): Promise<void> {
    const { outcome } = await runCell(typescript(), code);
    assert.equal(outcome, { status: 'ok' });
  }
  async function same(name: string, but: string[] = []): Promise<void> {
    const found = await python().run(
      `result = same_rows.differences(views["${name}"].arrow(), but=${JSON.stringify(but)})`,
    );
    assert.equal(found, []);
  }

  test('Spark has the view that Python published', async () => {
    const view = (await views().list()).find((one) => one.name === 'same')!;
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
    await pyspark().run(
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
    await python().run('views["by_polars"] = views["by_sql"].polars()');
    // polars has no maps (lists of structs instead) and one unit of time less for none.
    await same('by_polars', ['map', 'deep']);
    await scala('spark.sql("create or replace temp view polars_on_spark as select * from by_polars")');
    await same('polars_on_spark', ['map', 'deep']);
  });

  test('Spark → pandas on Arrow → Spark → pyarrow', async () => {
    await python().run('views["by_pandas_arrow"] = views["by_sql"].to_pandas(dtype_backend="pyarrow")');
    await same('by_pandas_arrow');
    await scala('spark.sql("create or replace temp view pandas_on_spark as select * from by_pandas_arrow")');
    await same('pandas_on_spark');
  });

  test('Spark → pandas as it comes → pyarrow', async () => {
    // pandas holds Python objects in these, which have no Arrow type of their own: decimals come back narrower.
    const but = ['map', 'decimal_1_0', 'decimal_18_4', 'decimal_38_18'];
    await python().run('frame = views["by_sql"].to_pandas()\nviews["by_pandas"] = frame.drop(columns=["map"])');
    await same('by_pandas', but);
    assert.match((await python().fails('views["by_pandas"] = frame')).text, /Column "map" of view "by_pandas"/);
  });

  test('Spark → DuckDB → pyarrow', async () => {
    await python().run(
      'from crossview_views import duckdb_sql\nduckdb_sql.run("select * from by_sql", views, output="by_duckdb", quiet=True)',
    );
    // DuckDB has intervals for durations and no type for none.
    await same('by_duckdb', ['duration', 'null']);
    for (const kind of ['half', 'decimal256', 'duration_ns']) {
      await python().run(`views["unfit"] = same_rows.other("${kind}")`);
      assert.match(
        (await python().fails('duckdb_sql.query("select * from unfit", views)')).text,
        /Column "odd one" of view "unfit"/,
      );
    }
  });

  test('empty tables keep their types on every road', async () => {
    await python().run('views["none"] = same_rows.table().slice(0, 0)');
    await ts("await views.set('none_by_typescript', await views.get('none'))");
    await scala('spark.sql("create or replace temp view none_by_sql as select * from none_by_typescript")');
    assert.equal(
      await python().run('result = same_rows.differences(views["none_by_sql"].arrow(), same_rows.table().slice(0, 0))'),
      [],
    );
  });

  test('no columns', async () => {
    await python().run('views["bare"] = pa.table({})');
    await ts("await views.set('bare_by_typescript', await views.get('bare'))");
    assert.is(await python().run('result = views["bare_by_typescript"].arrow().num_columns'), 0);
    await scala('assert(spark.table("bare_by_typescript").columns.isEmpty)');
  });

  test('names that come twice are kept, or refused by name where a language cannot have them', async () => {
    await python().run(
      'views["twice"] = pa.Table.from_arrays([pa.array([1]), pa.array(["x"])], names=["same", "same"])',
    );
    await scala('assert(spark.table("twice").head().toSeq == Seq(1L, "x"))');
    assert.equal(await python().run('result = [c.to_pylist() for c in views["twice"].arrow().columns]'), [[1], ['x']]);
    const { outcome } = await runCell(typescript(), "await views.set('twice_too', await views.get('twice'))");
    assert.match((outcome as CellError).value, /more than one column "same"/);
  });

  test('values of every other type come back, or are refused by column name where there is no such type', async () => {
    const kinds = (await python().run('result = list(same_rows.others)')) as string[];
    const wrong: string[] = [];
    for (const kind of kinds) {
      const found = await python().run(`
odd = same_rows.other(${JSON.stringify(kind)})
views["odd"] = odd
result = same_rows.other_differences(views["odd"].arrow(), odd)`);
      if ((found as string[]).length > 0) wrong.push(`${kind}, Python to Python: ${JSON.stringify(found)}`);
      await views().offerToSpark();
      const { note } = (await views().list()).find((view) => view.name === 'odd')!;
      const there = (await host().list()).some((view) => view.name === 'odd');
      const expected = await python().run(`result = same_rows.others[${JSON.stringify(kind)}][1]`);
      if (expected === 'refused') {
        if (there || !note?.includes('"odd one"')) wrong.push(`${kind}, to Spark: ${note ?? 'was taken'}`);
      } else if (!there) wrong.push(`${kind}, to Spark: ${note}`);
      else {
        await scala('spark.sql("create or replace temp view odd_on_spark as select * from odd")');
        const back = await python().run('result = same_rows.other_differences(views["odd_on_spark"].arrow(), odd)');
        if ((back as string[]).length > 0) wrong.push(`${kind}, Python to Spark and back: ${JSON.stringify(back)}`);
      }
      const { outcome } = await runCell(typescript(), "await views.set('odd_by_typescript', await views.get('odd'))");
      if (outcome.status === 'ok') {
        const back = await python().run(
          'result = same_rows.other_differences(views["odd_by_typescript"].arrow(), odd)',
        );
        if ((back as string[]).length > 0)
          wrong.push(`${kind}, Python to TypeScript and back: ${JSON.stringify(back)}`);
      } else if (!/Column "odd one"/.test((outcome as CellError).value))
        wrong.push(`${kind}, to TypeScript: ${(outcome as CellError).value}`);
    }
    assert.equal(wrong, []);
  });

  test('Spark’s own intervals come, or are refused by column name', async () => {
    await scala(
      'spark.sql("select 1 as fine, interval \'1-2\' year to month as odd").createOrReplaceTempView("months"); spark.sql("select interval \'1 02:03:04.000005\' day to second as odd").createOrReplaceTempView("days")',
    );
    assert.is(await python().run('result = str(views["days"].arrow()["odd"][0].as_py())'), '1 day, 2:03:04.000005');
    assert.match(
      (await python().fails('views["months"].to_pandas()')).text,
      /Column "odd" of view "months" is .*month/,
    );
    const { outcome } = await runCell(typescript(), "const months = await views.get('months'); months.numRows");
    assert.is(outcome.status, 'ok');
  });
}
