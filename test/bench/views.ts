// npm run bench -- views: what it costs to carry a view from one language to another. Each figure is a ratio of two ways
// measured in turns in one run, whose answers must agree. CROSSVIEW_BENCH_ROWS sets the rows (10,000,000).
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, LanguageContext } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../support/cells.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { newSpark, runScala } from '../support/spark.js';

const rows = Number(process.env.CROSSVIEW_BENCH_ROWS ?? 10_000_000);
const warmUps = Number(process.env.CROSSVIEW_BENCH_WARM_UPS ?? 2);
const rounds = Number(process.env.CROSSVIEW_BENCH_ROUNDS ?? 3);

const arrow = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'crossview-bench-'));
process.once('exit', () => rmSync(arrow, { recursive: true, force: true }));
const directories = { id: 'bench', root: temporaryDirectory('bench-session'), arrow };
const { host, session } = await newSpark({
  directories,
  conf: {
    'spark.driver.memory': '8g',
    'spark.driver.maxResultSize': '0',
    'spark.sql.execution.arrow.pyspark.enabled': 'true',
  },
});
await host.start();
const views = createViewCatalog({ spark: host, directories, session });
const folder = temporaryDirectory('bench');
const typescript: Language = typescriptModule.create({
  session,
  views,
  workingDirectory: folder,
} as unknown as LanguageContext);
const python = new PythonProcess(session);
const pyspark = new PythonProcess(session, { ...(await host.pythonEnvironment()), CROSSVIEW_SESSION_ROLE: 'pyspark' });

let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);

interface Measured {
  readonly seconds: number;
  /** The answer, to be the same on both ways. */
  readonly check: number;
}
type Way = (round: number) => Promise<Measured>;

async function scala(code: string): Promise<void> {
  const { outcome } = await runScala(host, code);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
}
/** Code that ends with the expression of its check, timed where it runs. */
async function ts(code: string, check: string): Promise<Measured> {
  const { outcome, result } = await runCell(
    typescript,
    `const began = performance.now();\n${code}\nconst seconds = (performance.now() - began) / 1000; JSON.stringify({ seconds, check: Number(${check}) })`,
  );
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return JSON.parse(result!['text/plain']) as Measured;
}
async function py(process: PythonProcess, code: string, check: string): Promise<Measured> {
  const lines = [
    'import time',
    'began = time.perf_counter()',
    code,
    'seconds = time.perf_counter() - began',
    `result = {"seconds": seconds, "check": float(${check})}`,
  ];
  return (await process.run(lines.join('\n'))) as unknown as Measured;
}
/** A view of a new version, so that nothing was exported before. */
const fresh = () => scala('spark.read.parquet(source).createOrReplaceTempView("v")');

const ways: Record<string, { goal: string; ours: Way; theirs: Way }> = {
  'Spark view → TypeScript Arrow table, over pyspark toArrow': {
    goal: '<= 0.45',
    async ours() {
      await fresh();
      return ts("const t = await views.get('v');", "t.getChild('id').get(0) === null ? -1 : t.numRows");
    },
    async theirs() {
      await fresh();
      return py(pyspark, 't = spark.table("v").toArrow()', 't.num_rows');
    },
  },
  'Spark view → local pandas, over toPandas with Arrow on': {
    goal: '<= 0.6',
    async ours() {
      await fresh();
      return py(python, 'f = views["v"].to_pandas()', 'int(f["id"].sum())');
    },
    async theirs() {
      await fresh();
      return py(pyspark, 'f = spark.table("v").toPandas()', 'int(f["id"].sum())');
    },
  },
  'local Python → Spark and count, over createDataFrame(pa.Table) and count': {
    goal: '<= 1.0',
    async ours() {
      const publish = await py(python, 'views["p"] = table', 'table.num_rows');
      const began = performance.now();
      await views.offerToSpark();
      const offered = (performance.now() - began) / 1000;
      const counted = await py(pyspark, 'n = spark.table("p").selectExpr("count(id) n").first()[0]', 'n');
      return { seconds: publish.seconds + offered + counted.seconds, check: counted.check };
    },
    theirs: () => py(pyspark, 'n = spark.createDataFrame(table).selectExpr("count(id) n").first()[0]', 'n'),
  },
  'TypeScript → local Python → TypeScript, over writing and reading one file with pyarrow': {
    goal: '<= 1.5',
    async ours() {
      const out = await ts("await views.set('there', kept);", 'kept.numRows');
      const over = await py(python, 'views["back"] = views["there"].arrow()', 'views["back"].rows');
      const back = await ts("const t = await views.get('back');", 't.numRows');
      return { seconds: out.seconds + over.seconds + back.seconds, check: back.check };
    },
    theirs: () =>
      py(
        python,
        'with pa.OSFile(path, "wb") as file, pa.ipc.new_stream(file, table.schema) as writer: writer.write_table(table)\nwith pa.OSFile(path) as file: t = pa.ipc.open_stream(file).read_all()',
        't.num_rows',
      ),
  },
  'Spark view → local Python, 1M rows, over collecting JSON lines': {
    goal: '<= 0.05',
    async ours() {
      await scala('spark.read.parquet(million).createOrReplaceTempView("m")');
      return py(python, 't = views["m"].arrow()', 't.num_rows');
    },
    async theirs() {
      return py(
        pyspark,
        'import json\nt = [json.loads(line) for line in spark.read.parquet(million).toJSON().collect()]',
        'len(t)',
      );
    },
  },
};

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

try {
  await scala(`val source = "${folder}/source.parquet"; val million = "${folder}/million.parquet"
    def made(rows: Long, file: String) = spark.range(0, rows, 1, 8).selectExpr("id", "id / 7.0 as ratio", "concat('row ', cast(id % 1000 as string)) as word",
      "timestamp_micros(1356998400000000 + id * 1000) as at").write.parquet(file)
    made(${rows}L, source); made(1000000L, million)`);
  const source = `source = "${folder}/source.parquet"; million = "${folder}/million.parquet"; path = "${directories.arrow}/theirs.arrows"`;
  await pyspark.run(
    `from crossview_spark import attach\nspark, sc = attach()\nimport pyarrow.parquet as pq\n${source}\ntable = pq.read_table(source)`,
  );
  await python.run(
    `from crossview_views import views\nimport pyarrow as pa, pyarrow.parquet as pq, pandas\n${source}\ntable = pq.read_table(source)`,
  );
  await fresh();
  await ts("const kept = await views.get('v');", 'kept.numRows');

  console.log(
    `${rows.toLocaleString('en-US')} rows of long, double, string, timestamp; medians of ${rounds} rounds after ${warmUps}`,
  );
  const only = process.env.CROSSVIEW_BENCH_ONLY ?? '';
  for (const [title, { goal, ours, theirs }] of Object.entries(ways)) {
    if (!title.includes(only)) continue;
    const times: [number[], number[]] = [[], []];
    for (let round = -warmUps; round < rounds; round += 1) {
      const pair = [await ours(round), await theirs(round)] as const;
      if (pair[0].check !== pair[1].check) throw new Error(`${title}: ${pair[0].check} is not ${pair[1].check}`);
      if (round >= 0) for (const side of [0, 1] as const) times[side].push(pair[side].seconds);
    }
    const [mine, other] = times.map(median) as [number, number];
    console.log(`${(mine / other).toFixed(3)}x  goal ${goal}  ${mine.toFixed(3)} s / ${other.toFixed(3)} s  ${title}`);
  }

  const small: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    await scala('spark.range(10).createOrReplaceTempView("small")');
    const { seconds } = await ts("const t = await views.get('small');", 't.numRows');
    if (round >= 10) small.push(seconds * 1000);
  }
  console.log(`${median(small).toFixed(1)} ms  goal < 60  a new view of 10 rows Spark → TypeScript, median of 20`);
  console.log(`${Math.round(peak / 1e6)} MB  goal < 300  peak memory of the process that holds the catalog`);
} finally {
  clearInterval(watch);
  python.close();
  pyspark.close();
  await typescript.close();
  await views.close();
  await host.close();
  await session.close();
}
process.exit(0);
