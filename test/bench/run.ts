// npm run bench -- run: `crossview run` beside nbclient with ipykernel on the same PySpark cells, beside a plain pyspark script
// until the first result, and what twenty runs leave behind. Ways are measured in turns, every output is checked.
// CROSSVIEW_BENCH_ONLY=overhead,first,leftovers runs some of the parts.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { door } from '../support/door.js';
import { temporaryDirectory } from '../support/paths.js';
import { testToolchain } from '../support/toolchain.js';

const { python } = testToolchain();
const folder = temporaryDirectory('bench-run');
const rounds = Number(process.env.CROSSVIEW_BENCH_ROUNDS ?? 3);
const environment = { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', SPARK_LOCAL_HOSTNAME: 'localhost' };

/** What a plain notebook or script does before its first line of Spark; with the settings that our session has. */
const plainSession = `from pyspark.sql import SparkSession
spark = (SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "8").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")`;

const cells = [
  'frame = spark.range(2_000_000).selectExpr("id % 100 as k", "id as v")\nprint(frame.groupBy("k").sum("v").count())',
  'print(frame.where("k < 10").agg({"v": "max"}).first()[0])',
  'frame.createOrReplaceTempView("f")\nprint(spark.sql("select count(distinct k) from f").first()[0])',
  'import pandas as pd\nprint(int(frame.limit(1000).toPandas().v.sum()))',
  ...Array.from({ length: 10 }, (_, at) => `print(sum(range(${at + 1})))`),
];
const expected = [
  '100',
  '1999909',
  '100',
  '499500',
  ...Array.from({ length: 10 }, (_, at) => String((at * (at + 1)) / 2)),
];

function notebook(name: string, kernel: string, sources: readonly string[]): string {
  const path = join(folder, `${name}.ipynb`);
  const made = sources.map((source, at) => ({
    ...{ cell_type: 'code', id: `cell-${at}`, metadata: {}, execution_count: null, outputs: [] },
    source,
  }));
  const metadata = { kernelspec: { name: kernel, display_name: kernel, language: 'python' } };
  writeFileSync(path, JSON.stringify({ cells: made, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

function timed(
  command: string,
  argv: readonly string[],
): { readonly seconds: number; readonly run: SpawnSyncReturns<string> } {
  const started = process.hrtime.bigint();
  const run = spawnSync(command, argv, { cwd: folder, env: environment, encoding: 'utf8', timeout: 180_000 });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (run.status !== 0)
    throw new Error(`${command} ${argv.join(' ')} ended with ${run.status}: ${run.stderr.slice(-2000)}`);
  return { seconds, run };
}

function printed(path: string): string[] {
  const { cells: executed } = JSON.parse(readFileSync(path, 'utf8')) as {
    cells: { outputs: { name?: string; text?: string | string[] }[] }[];
  };
  // A text may come in pieces: ipykernel sends what there is every now and then.
  return executed
    .map(({ outputs }) => outputs.filter(({ name }) => name === 'stdout').flatMap(({ text }) => text ?? ''))
    .map((pieces) => pieces.join('').trim())
    .filter((text) => text !== '');
}

function check(what: string, actual: readonly string[], wanted: readonly string[]): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) throw new Error(`${what} printed ${JSON.stringify(actual)}`);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function report(what: string, ours: readonly number[], theirs: readonly number[], goal: number): void {
  const [a, b] = [median(ours), median(theirs)];
  console.log(`${what}: ${a.toFixed(2)} s, alternative ${b.toFixed(2)} s, ratio ${(a / b).toFixed(3)} (goal ${goal})`);
  console.log(
    `  ours ${ours.map((it) => it.toFixed(2)).join(' ')}; alternative ${theirs.map((it) => it.toFixed(2)).join(' ')}`,
  );
}

function ourRun(path: string, output: string): { readonly seconds: number; readonly run: SpawnSyncReturns<string> } {
  return timed(process.execPath, [door, 'run', path, '-o', output]);
}

const parts: Readonly<Record<string, () => void>> = {
  overhead() {
    const mine = notebook('ours', 'synapse_pyspark', cells);
    const plain = notebook('plain', 'python3', [plainSession, ...cells]);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const out = join(folder, 'ours.out.ipynb');
      ours.push(ourRun(mine, out).seconds);
      check('crossview run', printed(out), expected);
      const argv = [
        '-c',
        'from nbclient.cli import main; main()',
        '--output',
        'plain-executed',
        '--timeout=120',
        plain,
      ];
      theirs.push(timed(python, argv).seconds);
      check('nbclient', printed(join(folder, 'plain-executed.ipynb')), expected);
    }
    report('a notebook of 14 PySpark cells, beside nbclient and ipykernel', ours, theirs, 1.05);
  },
  first() {
    const mine = notebook('first', 'synapse_pyspark', ['print(spark.range(1000).count())']);
    const script = join(folder, 'first.py');
    writeFileSync(script, `${plainSession}\nprint(spark.range(1000).count(), flush=True)\n`);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(untilPrinted(process.execPath, [door, 'run', mine, '-o', join(folder, 'first.out.ipynb')]));
      theirs.push(untilPrinted(python, [script]));
    }
    report('start to the first result of Spark, beside a plain pyspark script', ours, theirs, 1);
  },
  leftovers() {
    const before = snapshot();
    for (let at = 0; at < 20; at += 1) {
      // Every fifth starts Spark, which is what leaves the most.
      const source = at % 5 === 0 ? 'print(spark.range(3).count())' : 'print(1 + 2)';
      const out = join(folder, 'twenty.out.ipynb');
      ourRun(notebook('twenty', 'synapse_pyspark', [source]), out);
      check(`run ${at + 1}`, printed(out), ['3']);
    }
    // The local services outlive their last session by three seconds.
    spawnSync('sleep', ['6']);
    const left = Object.entries<readonly string[]>({ ...snapshot() }).flatMap(([kind, names]) =>
      names.filter((name: string) => !before[kind as keyof Snapshot].includes(name)).map((name) => `${kind} ${name}`),
    );
    console.log(`twenty notebooks left: ${left.length === 0 ? 'nothing' : left.join(', ')}`);
    if (left.length > 0) process.exitCode = 1;
  },
};

interface Snapshot {
  readonly processes: readonly string[];
  readonly files: readonly string[];
  readonly ports: readonly string[];
}

/** Processes of this data directory, files in its sessions and in shared memory, ports of 127.0.0.1 that those hold. */
function snapshot(): Snapshot {
  const home = process.env.CROSSVIEW_HOME ?? '';
  const question = `import psutil, json, sys
home = sys.argv[1]
mine = []
for p in psutil.process_iter(["pid", "name"]):
    try:
        if p.pid != psutil.Process().pid and p.environ().get("CROSSVIEW_HOME") == home and p.ppid() != psutil.Process().ppid() and p.pid != psutil.Process().ppid():
            mine.append(p)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass
ports = []
for p in mine:
    try:
        ports += [f"{p.pid}:{c.laddr.port}" for c in p.net_connections() if c.status == "LISTEN"]
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        pass
print(json.dumps([[f"{p.pid} {p.name()}" for p in mine], ports]))`;
  const { stdout } = spawnSync(python, ['-c', question, home], { encoding: 'utf8' });
  const [processes, ports] = JSON.parse(stdout) as [string[], string[]];
  mkdirSync(join(home, 'sessions'), { recursive: true });
  const memory =
    process.platform === 'linux' ? readdirSync('/dev/shm').filter((name) => name.startsWith('crossview-')) : [];
  return { processes, ports, files: [...readdirSync(join(home, 'sessions')), ...memory] };
}

/** Seconds until a line says 1000. */
function untilPrinted(command: string, argv: readonly string[]): number {
  const clock = `import subprocess, sys, time
started = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
found = None
for line in child.stdout:
    if found is None and line.strip() == "1000":
        found = time.monotonic() - started
_, said = child.communicate()
if child.returncode != 0 or found is None:
    sys.exit(said[-2000:] or "no result")
print(found)`;
  const { run } = timed(python, ['-c', clock, command, ...argv]);
  return Number(run.stdout);
}

// As a user has it after the set-up: with the class archive.
timed(process.execPath, [door, 'setup']);
const wanted = (process.env.CROSSVIEW_BENCH_ONLY ?? Object.keys(parts).join()).split(',');
for (const [name, part] of Object.entries(parts)) if (wanted.includes(name)) part();
