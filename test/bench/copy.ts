// npm run bench -- copy: the connector's speed table. 5M rows of 10 columns come from Spark's Thrift server: dropped unread (the server's ceiling),
// into Arrow, by npm hive-driver, PyHive and Hive's JDBC driver, into Parquet, into the local pool by staging; and the memory of a copy of
// 1M and 20M rows. Ways are measured in turns in one run; each must give every row. CROSSVIEW_BENCH_ROWS sets the rows of the large table,
// CROSSVIEW_BENCH_CLIENT_ROWS those for the slow clients, CROSSVIEW_BENCH_PARTS (read,clients,pool,memory) what is measured.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyActivity } from '@crossview/copy';
import { createPoolLoader, createSqlClient, createStorageClient } from '@crossview/synapse';
import { azurite } from '../support/azurite.js';
import { copy, dataset, factory, service, services, sparkDataset } from '../support/copy-factory.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { newPool, sql } from '../support/synapse.js';
import { serverSql } from '../support/thrift.js';
import { hiveDriver, hiveJdbc, pyHive } from './copy/other-clients.js';
import { arrow, dropped, portOf } from './copy/own-clients.js';

const rows = Number(process.env.CROSSVIEW_BENCH_ROWS ?? 5_000_000);
const clientRows = Number(process.env.CROSSVIEW_BENCH_CLIENT_ROWS ?? 400_000);
const rounds = Number(process.env.CROSSVIEW_BENCH_ROUNDS ?? 2);
const parts = (process.env.CROSSVIEW_BENCH_PARTS ?? 'read,clients,pool,memory').split(',');
const folder = temporaryDirectory('copy-bench');
const table = join(folder, 't');

// The server hands partitions on as they are computed, instead of collecting five million rows first.
await serverSql('SET spark.sql.thriftServer.incrementalCollect = true');
await serverSql('SET spark.sql.files.maxPartitionBytes = 16m');
await serverSql(`CREATE OR REPLACE TEMPORARY VIEW made AS SELECT id AS l, CAST(id AS INT) AS i, CAST(id % 1000 AS SMALLINT) AS s, id / 7 AS d,
  CAST(id / 3 AS FLOAT) AS f, CONCAT('text of row ', id) AS t, CAST(id / 100 AS DECIMAL(18,2)) AS n,
  TIMESTAMP'2020-01-01 00:00:00' + MAKE_DT_INTERVAL(0, 0, 0, id % 1000000) AS at, DATE_ADD(DATE'2000-01-01', CAST(id % 9000 AS INT)) AS day,
  id % 2 = 0 AS b FROM range(0, ${rows}, 1, ${Math.max(2, Math.ceil(rows / 250_000))})`);
await serverSql(`INSERT OVERWRITE DIRECTORY '${table}' USING parquet SELECT * FROM made`);
await serverSql(`CREATE OR REPLACE TEMPORARY VIEW t USING parquet OPTIONS (path '${table}')`);

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

function expect(title: string, got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${title}: ${got} rows instead of ${wanted}`);
}

/** Measures ways in turns after one round that warms them up; gives each way's median rows per second. */
async function compare(
  ways: Readonly<Record<string, () => Promise<number>>>,
  count: number,
  times: number,
): Promise<Record<string, number>> {
  const taken: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((title) => [title, []]));
  for (let round = 0; round <= times; round += 1)
    for (const [title, way] of Object.entries(ways)) {
      const seconds = await way();
      if (round > 0 || times === 0) taken[title]!.push(seconds);
    }
  const rates: Record<string, number> = {};
  for (const [title, seconds] of Object.entries(taken)) {
    rates[title] = count / median(seconds);
    console.log(
      `${title.padEnd(44)} ${Math.round(rates[title] / 1_000)}k rows/s, ${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}), ${count.toLocaleString('en-US')} rows`,
    );
  }
  return rates;
}

const verdict = (title: string, ratio: number, goal: string, reached: boolean) =>
  console.log(`${reached ? '✓' : '✗'} ${title}: ${ratio.toFixed(2)}x (goal ${goal})`);

const all = 'SELECT * FROM t';
const some = `SELECT * FROM t WHERE l < ${clientRows}`;

const read =
  (title: string, query: string, count: number, mode: 'binary' | 'http', version: '1.0' | '2.0') => async () => {
    const reading = await arrow(mode, version, query);
    expect(title, reading.rows, count);
    return reading.seconds;
  };

if (parts.includes('read')) {
  let bytes = 0;
  const drop = (mode: 'binary' | 'http') => async () => {
    const reading = await dropped(mode, all);
    bytes = Math.max(bytes, reading.bytes);
    if (reading.bytes < bytes * 0.95) throw new Error(`${mode}: ${reading.bytes} bytes instead of ${bytes}`);
    return reading.seconds;
  };
  const rates = await compare(
    {
      'bytes dropped, HTTP': drop('http'),
      'Arrow, version 2.0, HTTP': read('Arrow, HTTP', all, rows, 'http', '2.0'),
      'bytes dropped, Binary': drop('binary'),
      'Arrow, version 1.0, Binary': read('Arrow, Binary', all, rows, 'binary', '1.0'),
    },
    rows,
    rounds,
  );
  const http = rates['Arrow, version 2.0, HTTP']! / rates['bytes dropped, HTTP']!;
  const binary = rates['Arrow, version 1.0, Binary']! / rates['bytes dropped, Binary']!;
  verdict('Arrow over the bytes dropped, version 2.0, HTTP', http, '>= 0.75x', http >= 0.75);
  verdict('Arrow over the bytes dropped, version 1.0, Binary', binary, '>= 0.75x', binary >= 0.75);
}

if (parts.includes('clients')) {
  const port = await portOf('binary');
  const other = { 'hive-driver 1.0.0': hiveDriver(), 'PyHive 0.7.0': pyHive(), 'Hive JDBC 2.3.10': hiveJdbc() };
  const ways: Record<string, () => Promise<number>> = {
    'Arrow, version 1.0, Binary': read('Arrow, Binary', some, clientRows, 'binary', '1.0'),
    'Arrow, version 2.0, HTTP': read('Arrow, HTTP', some, clientRows, 'http', '2.0'),
  };
  for (const [title, client] of Object.entries(other))
    ways[title] = async () => {
      const reading = await client(port, some);
      expect(title, reading.rows, clientRows);
      return reading.seconds;
    };
  const rates = await compare(ways, clientRows, 1);
  for (const [title, least] of [
    ['hive-driver 1.0.0', 2],
    ['PyHive 0.7.0', 2],
    ['Hive JDBC 2.3.10', 6],
  ] as const) {
    const ratio = rates['Arrow, version 1.0, Binary']! / rates[title]!;
    verdict(`Arrow over ${title}`, ratio, `>= ${least}x`, ratio >= least);
  }
}

if (parts.includes('pool')) {
  const steps: [string, number][] = [];
  const storage = await azurite();
  const pool = await newPool(storage);
  const loader = createPoolLoader({
    sql: createSqlClient(),
    storage: createStorageClient(),
    accounts: storage.accounts,
    directories: { id: 'bench', root: folder, arrow: folder },
    sessionId: 'bench',
    log: () => undefined,
    onStep: (step) => void steps.push([step, performance.now()]),
  });
  const documents = await factory(folder, [
    sparkDataset('In', 'Spark2', { table: 't' }),
    {
      name: 'Pool',
      properties: {
        type: 'AzureSqlDWTable',
        linkedServiceName: service('PoolService'),
        typeProperties: { table: 'bench' },
      },
    },
  ]);
  documents.add({
    kind: 'linkedService',
    name: 'PoolService',
    properties: { type: 'AzureSqlDW', typeProperties: { server: 'bench', database: 'bench' } },
  });
  const intoPool = async () => {
    const sink = { type: 'SqlDWSink', allowCopyCommand: true, tableOption: 'autoCreate' };
    const staging = {
      enableStaging: true,
      stagingSettings: { linkedServiceName: service('Lake'), path: 'staging/bench' },
    };
    const began = performance.now();
    const output = await copyActivity(copy('Bench', dataset('In'), dataset('Pool'), sink, staging), documents, {
      services: await services({ pools: pool.pools, loader }),
    });
    const ended = performance.now();
    const seconds = (ended - began) / 1_000;
    expect('pool', output.rowsCopied, rows);
    console.log(
      steps
        .splice(0)
        .map(([step, at], index, all) => [step, (all[index + 1]?.[1] ?? ended) - at, at - began] as const)
        .filter(([, milliseconds]) => milliseconds > 50)
        .map(
          ([step, milliseconds, at]) =>
            `${step} ${(milliseconds / 1_000).toFixed(2)} s after ${(at / 1_000).toFixed(2)} s`,
        )
        .join(', '),
    );
    await sql(pool, 'bench', 'DROP TABLE dbo.bench');
    return seconds;
  };
  const rates = await compare(
    {
      'Thrift read alone, version 2.0, HTTP': read('read', all, rows, 'http', '2.0'),
      'Thrift to pool by staging': intoPool,
    },
    rows,
    1,
  );
  const ratio = rates['Thrift read alone, version 2.0, HTTP']! / rates['Thrift to pool by staging']!;
  verdict('Thrift to pool over the read alone', ratio, '<= 1.3x', ratio <= 1.3);
  await pool.close();
}

if (parts.includes('memory')) {
  const peaks: number[] = [];
  for (const [count, query] of [
    [Math.min(rows, 1_000_000), 'SELECT * FROM t WHERE l < 1000000'],
    [rows * 4, [all, all, all, all].join(' UNION ALL ')],
  ] as const) {
    const script = join(root, 'test/bench/copy/memory.mjs');
    const out = join(folder, 'memory');
    const { stdout } = await promisify(execFile)(process.execPath, [script, String(await portOf('http')), query, out]);
    const [copied, peak] = stdout.trim().split(' ').map(Number);
    expect('memory', copied!, count);
    console.log(
      `${'memory of a copy into Parquet'.padEnd(44)} ${peak} MB at most, ${count.toLocaleString('en-US')} rows`,
    );
    peaks.push(peak!);
    await rm(out, { recursive: true, force: true });
  }
  const [small = 0, large = 0] = peaks;
  const flat = large <= Math.max(500, small * 1.25);
  console.log(`${large < 500 && flat ? '✓' : '✗'} memory: ${small} MB, then ${large} MB (goal < 500 MB, flat)`);
}
process.exit(0);
