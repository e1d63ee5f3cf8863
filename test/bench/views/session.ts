import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, LanguageContext, ViewCatalog } from '@crossview/contracts';
import { createViewCatalog } from '@crossview/temp-views';
import typescriptModule from '../../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../../support/cells.js';
import { KernelPython } from '../../support/kernel-python.js';
import { pythonFolders } from '../../support/kernel-session.js';
import { temporaryDirectory } from '../../support/paths.js';
import { PythonProcess } from '../../support/python-process.js';
import { newSpark, runScala, sparkToolchain } from '../../support/spark.js';

export interface Measured {
  readonly seconds: number;
  /** What came out, as numbers that both ways must agree on: rows, then sums over each column when they were taken. */
  readonly check: readonly number[];
}

/** Sums over all four columns of a table or frame `t`, in Python and in TypeScript. */
const pythonMarks = `
import pyarrow as pa, pyarrow.compute as pc
def marks(t, deep):
    if not isinstance(t, pa.Table):
        if not deep: return [len(t)]
        at = t["at"].dt.tz_localize(None) if t["at"].dt.tz is not None else t["at"]
        return [len(t), float(t["id"].sum()), float(t["ratio"].sum()), float(sum(map(len, t["word"]))), float(at.astype("datetime64[us]").astype("int64").mean())]
    if not deep: return [t.num_rows]
    at = pc.mean(pc.cast(pc.cast(t["at"], pa.timestamp("us")) if t["at"].type.tz is None else t["at"], pa.int64()))
    return [t.num_rows, float(pc.sum(t["id"]).as_py()), float(pc.sum(t["ratio"]).as_py()), float(pc.sum(pc.binary_length(t["word"])).as_py()), at.as_py()]
`;
const typescriptMarks = `
let kept: any;
const marks = (t: any, deep: boolean): number[] => {
  if (!deep) return [t.numRows];
  let [id, ratio, word, at] = [0, 0, 0, 0];
  for (const batch of t.batches) {
    const column = (name: string) => batch.getChild(name).data[0];
    // Halves of the numbers: adding up bigints would take longer than what is measured.
    const halves = (name: string) => { const values = column(name).values; return new Int32Array(values.buffer, values.byteOffset, values.length * 2); };
    const [ids, ats, ratios, ends] = [halves('id'), halves('at'), column('ratio').values, column('word').valueOffsets];
    for (let i = 0; i < batch.numRows; i += 1) {
      id += (ids[2 * i]! >>> 0) + ids[2 * i + 1]! * 4294967296;
      at += (ats[2 * i]! >>> 0) + ats[2 * i + 1]! * 4294967296;
      ratio += ratios[i]!;
    }
    word += ends[batch.numRows]! - ends[0]!;
  }
  return [t.numRows, id, ratio, word, at / t.numRows];
};`;

/** A session with every language that is measured. */
export class BenchSession {
  /** The most memory that this process, which holds the catalog as a kernel does, has had since it was last asked. */
  #peak = 0;
  #watch = setInterval(() => {
    this.#peak = Math.max(this.#peak, process.memoryUsage().rss);
  }, 20);

  private constructor(
    readonly views: ViewCatalog,
    readonly python: PythonProcess,
    readonly pyspark: PythonProcess,
    /** Python in other kernels: on this host, and as one elsewhere. */
    readonly kernels: { readonly files: KernelPython; readonly comm: KernelPython },
    readonly folder: string,
    readonly arrow: string,
    private readonly typescript: Language,
    private readonly host: Awaited<ReturnType<typeof newSpark>>['host'],
    private readonly closers: (() => unknown)[],
  ) {}

  static async start(): Promise<BenchSession> {
    const arrow = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'crossview-bench-'));
    process.once('exit', () => rmSync(arrow, { recursive: true, force: true }));
    const directories = { id: 'bench', root: temporaryDirectory('bench-session'), arrow };
    const conf = {
      'spark.driver.memory': '8g',
      'spark.driver.maxResultSize': '0',
      'spark.sql.execution.arrow.pyspark.enabled': 'true',
    };
    const { host, session } = await newSpark({ directories, conf });
    await host.start();
    const views = createViewCatalog({ spark: host, directories, session, graceMilliseconds: 2000 });
    const folder = temporaryDirectory('bench');
    const toolchain = async () => ({ ...(await sparkToolchain()), pythonPath: pythonFolders });
    const context = { session, views, directories, workingDirectory: folder, toolchain };
    const typescript = typescriptModule.create(context as unknown as LanguageContext);
    const python = new PythonProcess(session);
    const pyspark = new PythonProcess(session, {
      ...(await host.pythonEnvironment()),
      CROSSVIEW_SESSION_ROLE: 'pyspark',
    });
    const kernels = { files: new KernelPython(context, 'files'), comm: new KernelPython(context, 'comm') };
    const closers = [
      () => python.close(),
      () => pyspark.close(),
      () => typescript.close(),
      () => kernels.files.close(),
      () => kernels.comm.close(),
      () => views.close(),
      () => host.close(),
      () => session.close(),
    ];
    const bench = new BenchSession(views, python, pyspark, kernels, folder, arrow, typescript, host, closers);
    await pyspark.run(`from crossview_spark import attach\nspark, sc = attach()\n${pythonMarks}`);
    await python.run(`from crossview_views import views\nimport pandas\n${pythonMarks}`);
    await bench.scala('val nothing = 0');
    await runCell(typescript, typescriptMarks);
    return bench;
  }

  async scala(code: string): Promise<void> {
    const { outcome } = await runScala(this.host, code);
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  }

  /** Code that leaves `t`, timed where it runs. */
  async ts(code: string, deep: boolean): Promise<Measured> {
    const { outcome, result } = await runCell(
      this.typescript,
      `const began = performance.now();\n${code}\nconst seconds = (performance.now() - began) / 1000;\nJSON.stringify({ seconds, check: marks(t, ${deep}) })`,
    );
    if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
    return JSON.parse(result!['text/plain']) as Measured;
  }

  async py(where: PythonProcess, code: string, deep: boolean): Promise<Measured> {
    const lines = [
      'import time',
      'began = time.perf_counter()',
      code,
      'seconds = time.perf_counter() - began',
      `result = {"seconds": seconds, "check": marks(t, ${deep ? 'True' : 'False'})}`,
    ];
    return (await where.run(lines.join('\n'))) as unknown as Measured;
  }

  /** Rows of long, double, string and timestamp as a Parquet file, and as `table_N` in both Pythons. */
  async source(rows: number): Promise<void> {
    const path = `${this.folder}/${rows}.parquet`;
    await this.scala(
      `spark.range(0, ${rows}L, 1, 8).selectExpr("id", "id / 7.0D as ratio", "concat('row ', cast(id % 1000 as string)) as word", "timestamp_micros(1356998400000000 + id * 1000) as at").write.parquet("${path}")`,
    );
    const read = `import pyarrow.parquet as pq\ntable_${rows} = pq.read_table("${path}")`;
    await this.pyspark.run(read);
    await this.python.run(read);
  }

  /** A Spark view `v` of a new version, so that nothing was exported before. */
  fresh(rows: number): Promise<void> {
    return this.scala(`spark.read.parquet("${this.folder}/${rows}.parquet").createOrReplaceTempView("v")`);
  }

  /** Bytes; the count begins anew. */
  peak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    for (const close of this.closers) await close();
  }
}
