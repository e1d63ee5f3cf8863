import type { BenchSession, Measured } from './session.js';

/** Two ways to the same rows. `deep` says whether their sums are to be taken too, not only their number. */
export interface Way {
  readonly title: string;
  /** At most this share of the other's time. */
  readonly goal: number;
  readonly plotted: boolean;
  /** For one size only. */
  readonly rows?: number;
  /** Once for each size, not measured. */
  prepare?(rows: number): Promise<void>;
  ours(rows: number, deep: boolean): Promise<Measured>;
  theirs(rows: number, deep: boolean): Promise<Measured>;
}

export function ways(bench: BenchSession): readonly Way[] {
  const { python, pyspark } = bench;
  return [
    {
      title: 'Spark view → TypeScript Arrow table, over pyspark toArrow',
      goal: 0.45,
      plotted: true,
      async ours(rows, deep) {
        await bench.fresh(rows);
        return bench.ts("const t = await views.get('v', { large: true });", deep);
      },
      async theirs(rows, deep) {
        await bench.fresh(rows);
        return bench.py(pyspark, 't = spark.table("v").toArrow()', deep);
      },
    },
    {
      title: 'Spark view → local pandas, over toPandas with Arrow on',
      goal: 0.6,
      plotted: true,
      async ours(rows, deep) {
        await bench.fresh(rows);
        return bench.py(python, 't = views["v"].to_pandas(large=True)', deep);
      },
      async theirs(rows, deep) {
        await bench.fresh(rows);
        return bench.py(pyspark, 't = spark.table("v").toPandas()', deep);
      },
    },
    {
      title: 'local Python → Spark and count, over createDataFrame(pa.Table) and count',
      goal: 1.0,
      plotted: true,
      async ours(rows) {
        const publish = await bench.py(python, `views["p"] = t = table_${rows}`, false);
        const began = performance.now();
        await bench.views.offerToSpark();
        const offered = (performance.now() - began) / 1000;
        const counted = await count(bench, 'spark.table("p")');
        return { seconds: publish.seconds + offered + counted.seconds, check: counted.check };
      },
      theirs: (rows) => count(bench, `spark.createDataFrame(table_${rows})`),
    },
    {
      title: 'TypeScript → local Python → TypeScript, over writing and reading one file with pyarrow',
      goal: 1.5,
      plotted: true,
      async prepare(rows) {
        await bench.fresh(rows);
        await bench.ts("const t = await views.get('v', { large: true }); kept = t;", false);
      },
      async ours(_, deep) {
        const out = await bench.ts("const t = kept; await views.set('there', t);", false);
        const over = await bench.py(python, 't = views["there"].arrow(); views["back"] = t', false);
        const back = await bench.ts("const t = await views.get('back', { large: true });", deep);
        return { seconds: out.seconds + over.seconds + back.seconds, check: back.check };
      },
      theirs: (rows, deep) => oneFile(bench, rows, deep),
    },
    {
      title: 'the same, where Python publishes rows of its own',
      goal: 1.5,
      plotted: false,
      async prepare(rows) {
        await bench.fresh(rows);
        await bench.ts("const t = await views.get('v', { large: true }); kept = t;", false);
      },
      async ours(rows, deep) {
        const out = await bench.ts("const t = kept; await views.set('there', t);", false);
        const over = await bench.py(python, `t = views["there"].arrow(); views["back"] = table_${rows}`, false);
        const back = await bench.ts("const t = await views.get('back', { large: true });", deep);
        return { seconds: out.seconds + over.seconds + back.seconds, check: back.check };
      },
      theirs: (rows, deep) => oneFile(bench, rows, deep),
    },
    {
      title: 'Spark view → local Python, 1M rows, over collecting JSON lines',
      goal: 1 / 20,
      plotted: false,
      rows: 1_000_000,
      async ours(rows) {
        await bench.fresh(rows);
        return bench.py(python, 't = views["v"].arrow()', false);
      },
      theirs: (rows) =>
        bench.py(
          pyspark,
          `import json\nt = [json.loads(line) for line in spark.read.parquet("${bench.folder}/${rows}.parquet").toJSON().collect()]`,
          false,
        ),
    },
  ];
}

/** The rows written into a file of the same directory, and read from it, by pyarrow alone. */
function oneFile(bench: BenchSession, rows: number, deep: boolean): Promise<Measured> {
  return bench.py(
    bench.python,
    `path = "${bench.arrow}/theirs.arrows"
with pa.OSFile(path, "wb") as file, pa.ipc.new_stream(file, table_${rows}.schema) as writer: writer.write_table(table_${rows})
with pa.OSFile(path) as file: t = pa.ipc.open_stream(file).read_all()`,
    deep,
  );
}

/** Rows and the sum of a column, asked of Spark. */
async function count(bench: BenchSession, frame: string): Promise<Measured> {
  const code = `import time
began = time.perf_counter()
row = ${frame}.selectExpr("count(id) n", "sum(id) s").first()
result = {"seconds": time.perf_counter() - began, "check": [float(row.n), float(row.s)]}`;
  return (await bench.pyspark.run(code)) as unknown as Measured;
}
