// npm run bench -- views: what it costs to carry a view from one language to another. Each figure is a ratio of two ways
// measured in turns in one run, whose answers must agree. CROSSVIEW_BENCH_ROWS sets the rows (10,000,000),
// CROSSVIEW_BENCH_ROUNDS and _WARM_UPS how often, CROSSVIEW_BENCH_ONLY which titles, as a pattern. A run of all that is
// plotted draws docs/guide/views-cost.svg.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.js';
import { plot, type Series } from './views/plot.js';
import { BenchSession, type Measured } from './views/session.js';
import { startSos } from './views/sos.js';
import { type Way, ways } from './views/ways.js';

const rows = Number(process.env.CROSSVIEW_BENCH_ROWS ?? 10_000_000);
const warmUps = Number(process.env.CROSSVIEW_BENCH_WARM_UPS ?? 2);
const rounds = Number(process.env.CROSSVIEW_BENCH_ROUNDS ?? 3);
/** SoS Notebook is not waited for longer than this with a million rows. */
const sosSeconds = Number(process.env.CROSSVIEW_BENCH_SOS_SECONDS ?? 90);
const only = process.env.CROSSVIEW_BENCH_ONLY ?? '';
const smaller = [1_000, 100_000, 1_000_000].filter((count) => count < rows);

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const wanted = (title: string) => new RegExp(only).test(title);

/** Sums are of floats, and taken in different orders. */
function agree(title: string, [mine, other]: readonly [Measured, Measured]): void {
  const equal =
    mine.check.length === other.check.length &&
    mine.check.every((value, index) => Math.abs(value - other.check[index]!) <= 1e-9 * Math.abs(value));
  if (!equal) throw new Error(`${title}: ${mine.check} is not ${other.check}`);
}

/** Medians of both ways in turns. Sums are compared in the first and the last round, numbers of rows in all. */
async function inTurns(
  title: string,
  sides: readonly [(deep: boolean) => Promise<Measured>, (deep: boolean) => Promise<Measured>],
  counts: { readonly warmUps: number; readonly rounds: number },
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -counts.warmUps; round < counts.rounds; round += 1) {
    const deep = round === -counts.warmUps || round === counts.rounds - 1;
    const pair = [await sides[0](deep), await sides[1](deep)] as const;
    agree(title, pair);
    if (round >= 0) for (const side of [0, 1] as const) times[side].push(pair[side].seconds);
  }
  return [median(times[0]), median(times[1])];
}

function tell(title: string, goal: number, [mine, other]: readonly [number, number]): void {
  const ratio = (mine / other).toFixed(3);
  console.log(`${ratio}x  goal ${goal.toFixed(2)}  ${mine.toFixed(3)} s / ${other.toFixed(3)} s  ${title}`);
}

const bench = await BenchSession.start();
try {
  console.log(
    `${rows.toLocaleString('en-US')} rows of long, double, string, timestamp; medians of ${rounds} rounds after ${warmUps}`,
  );
  for (const count of new Set([...smaller, rows, 1_000_000])) await bench.source(count);

  const series: Series[] = [];
  bench.peak();
  for (const way of ways(bench).filter(({ title }) => wanted(title))) {
    const both = (way: Way, count: number) =>
      [(deep: boolean) => way.ours(count, deep), (deep: boolean) => way.theirs(count, deep)] as const;
    const points: Series['points'][number][] = [];
    for (const count of way.plotted ? [...smaller, rows] : [way.rows ?? rows]) {
      await way.prepare?.(count);
      const counts = count === rows || !way.plotted ? { warmUps, rounds } : { warmUps: 1, rounds: 3 };
      const [ours, theirs] = await inTurns(way.title, both(way, count), counts);
      points.push({ rows: count, ours, theirs });
    }
    const { ours, theirs } = points.at(-1)!;
    tell(way.title, way.goal, [ours, theirs]);
    if (way.plotted) series.push({ title: way.title, points });
  }
  console.log(`${Math.round(bench.peak() / 1e6)} MB  goal < 300  peak memory of the process that holds the catalog`);

  const byComm = 'local Python → Python in a kernel elsewhere, by comm, through the process that holds the catalog';
  if (wanted(byComm)) {
    await bench.python.run(`views["p"] = table_${rows}`);
    const began = performance.now();
    const found = await bench.kernels.comm.run('result = sum(batch.num_rows for batch in views.stream("p"))');
    if (found !== rows) throw new Error(`${byComm}: ${JSON.stringify(found)}`);
    const seconds = (performance.now() - began) / 1000;
    console.log(`${Math.round(bench.peak() / 1e6)} MB  goal < 300  ${seconds.toFixed(2)} s  ${byComm}`);
  }

  const small: number[] = [];
  for (let round = 0; round < 30; round += 1) {
    await bench.scala('spark.range(10).createOrReplaceTempView("small")');
    const { seconds } = await bench.ts("const t = await views.get('small');", false);
    if (round >= 10) small.push(seconds * 1000);
  }
  console.log(`${median(small).toFixed(1)} ms  goal < 60  a new view of 10 rows Spark → TypeScript, median of 20`);

  const overSos = 'local Python → Python in another kernel, over SoS Notebook’s %get';
  const sos = wanted(overSos) ? await startSos() : undefined;
  for (const count of sos ? [100_000, 1_000_000] : []) {
    if (count > rows) continue;
    const path = `${bench.folder}/${count}.parquet`;
    const read = `import pandas as pd\nframe = pd.read_parquet(${JSON.stringify(path)})`;
    await bench.python.run(read);
    const ours = async (): Promise<Measured> => {
      const began = performance.now();
      await bench.python.run('views["p"] = frame');
      const check = await bench.kernels.files.run('got = views["p"].to_pandas()\nresult = len(got)');
      const seconds = (performance.now() - began) / 1000;
      const sum = await bench.kernels.files.run('result = int(got["id"].sum())');
      return { seconds, check: [Number(check), Number(sum)] };
    };
    const title = `${overSos}, ${count.toLocaleString('en-US')} rows`;
    if (count <= 100_000) {
      tell(title, 1 / 50, await inTurns(overSos, [ours, () => sos!.get(path)], { warmUps: 1, rounds: 3 }));
      continue;
    }
    const own = [await ours(), await ours(), await ours()].map(({ seconds }) => seconds);
    const theirs = await sos!.get(path, sosSeconds);
    if (theirs) tell(title, 1 / 50, [median(own), theirs.seconds]);
    else {
      const ratio = Math.floor(sosSeconds / median(own));
      console.log(
        `at least ${ratio}x faster  ${median(own).toFixed(3)} s / over ${sosSeconds} s, then stopped  ${title}`,
      );
    }
  }
  sos?.close();

  if (series.length === ways(bench).filter(({ plotted }) => plotted).length) {
    const note = `Solid: Crossview. Dashed: the other way. ${new Date().toISOString().slice(0, 10)}`;
    writeFileSync(join(root, 'docs', 'guide', 'views-cost.svg'), plot(series, note));
  }
} finally {
  await bench.close();
}
process.exit(0);
