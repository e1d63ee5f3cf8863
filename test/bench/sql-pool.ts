// npm run bench -- sql-pool: the local pool's speed beside PostgreSQL and DuckDB. CROSSVIEW_BENCH_ROWS sets the rows of the
// larger table (10,000,000), CROSSVIEW_BENCH_ONLY which titles, as a pattern. Needs PostgreSQL (CROSSVIEW_BENCH_POSTGRESQL).
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileScala } from '@crossview/spark-session';
import { createStorageClient } from '@crossview/synapse';
import { DuckDBInstance } from '@duckdb/node-api';
import { azurite } from '../support/azurite.js';
import { jdbcJars } from '../support/jdbc.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { Client, type TestPool } from '../support/pool.js';
import { startPoolProcess } from '../support/pool-process.js';
import { testToolchain } from '../support/toolchain.js';
import { startPostgresql } from './sql-pool/postgresql.js';
import { bulkLoad, countRows, insertSingly, openReplay, openTedious } from './sql-pool/tedious.js';

const larger = Number(process.env.CROSSVIEW_BENCH_ROWS ?? 10_000_000);
const only = new RegExp(process.env.CROSSVIEW_BENCH_ONLY ?? '');
const rows = 1_000_000;
const psql = process.env.CROSSVIEW_BENCH_POSTGRESQL;
if (!psql) throw new Error('set CROSSVIEW_BENCH_POSTGRESQL to the path of psql (Debian: postgresql)');

const run = promisify(execFile);
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const thousands = (number: number) => Math.round(number).toLocaleString('en-US');
const tell = (title: string, goal: string, figure: string) => console.log(`${figure}  goal ${goal}  ${title}`);

function agree(what: string, mine: number, other: number): void {
  if (Math.abs(mine - other) > 1e-9 * Math.abs(other)) throw new Error(`${what}: ${mine} is not ${other}`);
}

const storage = await azurite();
const directory = temporaryDirectory('bench-pool');
const pool = await startPoolProcess(join(directory, 'data'), storage.account);
const postgresql = await startPostgresql(psql);
const { java, python, sparkHome } = testToolchain();
const jars = jdbcJars();
const poolUrl = `jdbc:sqlserver://localhost:${pool.port};databaseName=bench;user=crossview;password=Adm1n-of-the-tests;trustServerCertificate=true;packetSize=8000`;
const client = await openTedious(pool);

async function section(title: string, body: () => Promise<void>): Promise<void> {
  if (only.test(title)) await body();
}

/**
 * Does the same with the pool and with a server that has its answers ready, in turns after one that does not count.
 * @returns rows per second of the pool, and how much of what tedious reaches with the other server that is
 */
async function besideReplay(count: number, body: (one: Client) => Promise<void>): Promise<string> {
  const replay = await openReplay(count);
  const times: [number[], number[]] = [[], []];
  try {
    for (let turn = -1; turn < 3; turn++)
      for (const [index, one] of [client, replay.client].entries()) {
        const began = performance.now();
        await body(one);
        if (turn >= 0) times[index]!.push(performance.now() - began);
      }
  } finally {
    await replay.close();
  }
  const [ours, most] = times.map((all) => (count / median(all)) * 1000) as [number, number];
  return `${thousands(ours)} rows/s, ${(ours / most).toFixed(2)}x of tedious alone (${thousands(most)} rows/s)`;
}

/** Runs a Scala loop over JDBC. @returns for each round: rows, seconds, sum */
async function loop(...values: readonly string[]): Promise<readonly (readonly [number, number, number])[]> {
  const classes = await compileScala({
    java,
    sparkHome,
    classPath: jars,
    sources: [join(root, 'test/support/scala/PoolBench.scala')],
    output: join(root, 'node_modules/.cache/crossview-pool-bench'),
  });
  const path = [classes, ...jars, join(sparkHome, 'jars', '*')].join(':');
  const { stdout } = await run(java, ['-Xmx1g', '-cp', path, 'crossview.bench.PoolBench', ...values]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number, number]);
}

try {
  await client.run(
    `CREATE TABLE dbo.measured (a int NOT NULL, b bigint, c float, d nvarchar(40), e decimal(18,2), f datetime2(7));
     INSERT INTO dbo.measured SELECT value, CAST(value AS bigint) * 1000003, value * 0.5, CONCAT('customer ', value), CAST(value % 100000 AS decimal(18,2)) / 100, DATEADD(second, value % 86400, '2024-01-01') FROM GENERATE_SERIES(1, ${rows})`,
  );
  postgresql.run(
    `CREATE TABLE measured AS SELECT i::int AS a, i::bigint * 1000003 AS b, i * 0.5::float8 AS c, ('customer ' || i)::varchar(40) AS d, ((i % 100000) / 100.0)::numeric(18,2) AS e, timestamp '2024-01-01' + (i % 86400) * interval '1 second' AS f FROM generate_series(1, ${rows}) AS t(i)`,
  );
  postgresql.run('VACUUM ANALYZE measured');

  await section('SELECT of 1M rows to JDBC', async () => {
    const ours: number[] = [];
    const theirs: number[] = [];
    const cpu: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const before = pool.cpu();
      const mine = await loop('read', poolUrl, 'SELECT a, b, c, d, e, f FROM dbo.measured', '4');
      cpu.push((pool.cpu() - before) / 4);
      const other = await loop('read', postgresql.url, 'SELECT a, b, c, d, e, f FROM measured', '4');
      for (const round of mine) agree('rows and sum', round[0] + round[2], other[0]![0] + other[0]![2]);
      ours.push(...mine.slice(1).map(([, seconds]) => seconds));
      theirs.push(...other.slice(1).map(([, seconds]) => seconds));
    }
    const ratio = median(theirs) / median(ours);
    tell(
      'SELECT of 1M rows to mssql-jdbc over PostgreSQL to pgjdbc, rows/s',
      '>= 1.00',
      `${ratio.toFixed(2)}x (${thousands(rows / median(ours))} and ${thousands(rows / median(theirs))} rows/s)`,
    );
    tell('processor time of the pool for 1M rows', '<= 0.55 s', `${median(cpu).toFixed(2)} s`);
  });

  await section('SELECT of 1M rows to tedious', async () => {
    const query = 'SELECT a, b, c, d, e, f FROM dbo.measured';
    const shares: number[] = [];
    const rates = await besideReplay(rows, async (one) => {
      const [mine, server] = [process.cpuUsage(), pool.cpu()];
      agree('rows', await countRows(one, query), rows);
      const used = process.cpuUsage(mine);
      if (one === client) shares.push((used.user + used.system) / 1e6 / (pool.cpu() - server));
    });
    tell('SELECT of 1M rows to tedious', '>= 600,000 rows/s', rates);
    tell('processor time of tedious over that of the pool', '> 1.0', `${median(shares).toFixed(2)}x`);
  });

  await section('COPY INTO', async () => {
    const file = join(directory, 'rows.parquet');
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    await duckdb.run(
      `COPY (SELECT i::INTEGER AS a, i * 1000003 AS b, i * 0.5::DOUBLE AS c, 'customer ' || i AS d, ((i % 100000) / 100.0)::DECIMAL(18,2) AS e, DATE '2024-01-01' + (i % 10)::INTEGER AS f FROM range(1, ${larger + 1}) t(i)) TO '${file}' (FORMAT parquet)`,
    );
    const container = createStorageClient().container(storage.account, 'bench');
    await container.ensure();
    await container.upload(file, 'rows.parquet');
    const times: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 3; turn++) {
      await client.run(
        "IF OBJECT_ID('dbo.copied') IS NOT NULL DROP TABLE dbo.copied; CREATE TABLE dbo.copied (a int, b bigint, c float, d nvarchar(40), e decimal(18,2), f date)",
      );
      let began = performance.now();
      await client.run(
        `COPY INTO dbo.copied FROM '${storage.account.blobEndpoint}/bench/rows.parquet' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${storage.key}'))`,
      );
      times[0].push(performance.now() - began);
      const own = join(directory, `own-${turn}.duckdb`);
      await duckdb.run(`ATTACH '${own}' AS own`);
      began = performance.now();
      await duckdb.run(`CREATE TABLE own.copied AS SELECT * FROM read_parquet('${file}')`);
      times[1].push(performance.now() - began);
      await duckdb.run('DETACH own');
      rmSync(own, { force: true });
      agree('rows', Number(await client.value('SELECT COUNT_BIG(*) FROM dbo.copied')), larger);
    }
    const [ours, theirs] = times.map(median) as [number, number];
    tell(
      `COPY INTO of ${thousands(larger)} rows of Parquet from Azurite over DuckDB from local disk`,
      '<= 1.50',
      `${(ours / theirs).toFixed(2)}x (${(ours / 1000).toFixed(2)} s and ${(theirs / 1000).toFixed(2)} s)`,
    );
  });

  await section('aggregate', async () => {
    await client.run(
      `IF OBJECT_ID('dbo.large') IS NOT NULL DROP TABLE dbo.large; CREATE TABLE dbo.large (k int, v bigint, w float); INSERT INTO dbo.large SELECT value % 1000, value, value * 0.25 FROM GENERATE_SERIES(1, ${larger})`,
    );
    const own = await (await DuckDBInstance.create(join(directory, 'own.duckdb'))).connect();
    await own.run(
      `CREATE TABLE large AS SELECT (i % 1000)::INTEGER AS k, i AS v, i * 0.25::DOUBLE AS w FROM range(1, ${larger + 1}) t(i)`,
    );
    const times: [number[], number[]] = [[], []];
    for (let turn = -1; turn < 5; turn++) {
      let began = performance.now();
      const mine = await client.value(
        'SELECT SUM(s) FROM (SELECT k, SUM(v) AS s, MAX(w) AS m, COUNT(*) AS n FROM dbo.large GROUP BY k) AS q',
      );
      const first = performance.now() - began;
      began = performance.now();
      const other = await own.runAndReadAll(
        'SELECT SUM(s) FROM (SELECT k, SUM(v) AS s, MAX(w) AS m, COUNT(*) AS n FROM large GROUP BY k) AS q',
      );
      const second = performance.now() - began;
      agree('sum', Number(mine), Number(other.getRows()[0]![0]));
      if (turn >= 0) {
        times[0].push(first);
        times[1].push(second);
      }
    }
    const [ours, theirs] = times.map(median) as [number, number];
    tell(
      `aggregate over ${thousands(larger)} rows over DuckDB's own time`,
      '<= 1.10',
      `${(ours / theirs).toFixed(2)}x (${ours.toFixed(0)} ms and ${theirs.toFixed(0)} ms)`,
    );
  });

  await section('bulk load by tedious', async () => {
    await client.run('CREATE TABLE dbo.loaded (a int, b bigint, c float, d nvarchar(40), e int, f datetime2(7))');
    const count = 500_000;
    const rates = await besideReplay(count, async (one) => {
      const loaded = await bulkLoad(one, count);
      if (one === client) agree('rows', loaded, count);
    });
    tell('bulk load by tedious', '>= 400,000 rows/s', rates);
  });

  await section('bulk load by mssql-jdbc', async () => {
    await client.run(
      'CREATE TABLE dbo.bulk (a int, b bigint, c float, d nvarchar(40), e decimal(18,2), f datetime2(7))',
    );
    const before = pool.cpu();
    const rounds = await loop('bulk', poolUrl, 'dbo.bulk', String(rows), '4');
    const cpu = (pool.cpu() - before) / 4;
    agree('rows', Number(await client.value('SELECT COUNT(*) FROM dbo.bulk')), rows * 4);
    const seconds = median(rounds.slice(1).map(([, one]) => one));
    tell(
      'bulk load by mssql-jdbc',
      '>= 400,000 rows/s',
      `${thousands(rows / seconds)} rows/s (${cpu.toFixed(2)} s of the pool's processor time for 1M rows)`,
    );
  });

  await section('single-row INSERT', async () => {
    await client.run('CREATE TABLE dbo.single (a int NOT NULL, b nvarchar(50), c decimal(18,2), d float)');
    const count = 10_000;
    const rates = await besideReplay(count, (one) => insertSingly(one, count));
    agree('rows', Number(await client.value('SELECT COUNT(*) FROM dbo.single')), count * 4);
    tell('single-row parametrised INSERT in a transaction (tedious)', '>= 5,000 rows/s', rates);
  });

  await section("Spark's JDBC", async () => {
    const written = 100_000;
    const { stdout } = await run(
      python,
      [
        join(root, 'test/support/python/bench_pool_spark.py'),
        jars.join(':'),
        String(rows),
        String(written),
        `pool=${poolUrl}`,
        `postgresql=${postgresql.url}`,
      ],
      { maxBuffer: 1e8 },
    );
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { what: string; name: string; rows: number; seconds: number; sum: number });
    for (const [what, side, goal] of [
      ['write', 'writer', '>= 0.50 and >= 10,000 rows/s'],
      ['read', 'reader', '>= 1.00'],
    ] as const) {
      const of = (name: string) => lines.filter((line) => line.what === what && line.name === name);
      agree(`${what}: rows`, of('pool')[0]!.rows, of('postgresql')[0]!.rows);
      agree(`${what}: sums`, of('pool')[0]!.sum, of('postgresql')[0]!.sum);
      const [ours, theirs] = ['pool', 'postgresql'].map((name) => median(of(name).map(({ seconds }) => seconds)));
      const count = of('pool')[0]!.rows;
      tell(
        `Spark's JDBC ${side}, ${thousands(count)} rows, over the same with PostgreSQL, rows/s`,
        goal,
        `${(theirs! / ours!).toFixed(2)}x (${thousands(count / ours!)} and ${thousands(count / theirs!)} rows/s)`,
      );
    }
  });

  await section('cold start', async () => {
    const times: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const began = performance.now();
      const other = await startPoolProcess(join(temporaryDirectory('bench-cold'), 'data'));
      const first = await Client.open(other as unknown as TestPool, { database: 'master' });
      times.push(performance.now() - began);
      await first.close();
      await other.kill();
    }
    tell('cold start to first login', '< 0.50 s', `${(median(times) / 1000).toFixed(2)} s`);
  });

  await section('memory', async () => {
    const before = pool.memory();
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, pool.memory());
    }, 200);
    const count = await countRows(client, 'SELECT value FROM GENERATE_SERIES(1, 50000000)');
    clearInterval(watch);
    agree('rows', count, 50_000_000);
    tell('memory of the pool during a result of 50M rows', 'bounded', `${Math.round(peak - before)} MB more`);
  });
} finally {
  await client.close().catch(() => undefined);
  await pool.kill();
  await postgresql.close();
  rmSync(directory, { recursive: true, force: true });
}
process.exit(0);
