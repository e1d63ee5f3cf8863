// npm run bench -- copy: rows per second from Spark's Thrift server, bytes dropped (the server's ceiling), into Arrow, into Parquet, into the
// local pool by staging. Ways are measured in turns in one run; each must give every row. CROSSVIEW_BENCH_ROWS sets the rows (1,000,000).
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyActivity, ParquetFile, SparkSource } from '@crossview/copy';
import { createPoolLoader, createSqlClient, createStorageClient } from '@crossview/synapse';
import { HttpTransport } from '../../packages/copy/src/thrift/http-transport.js';
import { encodeCall } from '../../packages/copy/src/thrift/messages.js';
import { ThriftSession } from '../../packages/copy/src/thrift/session.js';
import { binaryTransport } from '../../packages/copy/src/thrift/socket-transport.js';
import { methods } from '../../packages/copy/src/thrift/tcli-service.js';
import { azurite } from '../support/azurite.js';
import { copy, dataset, factory, service, services, sparkDataset } from '../support/copy-factory.js';
import { temporaryDirectory } from '../support/paths.js';
import { newPool, sql } from '../support/synapse.js';
import { serverSql, thriftServer } from '../support/thrift.js';

const rows = Number(process.env.CROSSVIEW_BENCH_ROWS ?? 1_000_000);
const rounds = Number(process.env.CROSSVIEW_BENCH_ROUNDS ?? 3);
const folder = temporaryDirectory('copy-bench');
const fetchSize = 10_000;

await serverSql(`CREATE OR REPLACE TEMPORARY VIEW made AS SELECT id AS l, CAST(id AS INT) AS i, CAST(id % 1000 AS SMALLINT) AS s, id / 7 AS d,
  CAST(id / 3 AS FLOAT) AS f, CONCAT('text of row ', id) AS t, CAST(id / 100 AS DECIMAL(18,2)) AS n,
  TIMESTAMP'2020-01-01 00:00:00' + MAKE_DT_INTERVAL(0, 0, 0, id % 1000000) AS at, DATE_ADD(DATE'2000-01-01', CAST(id % 9000 AS INT)) AS day,
  id % 2 = 0 AS b FROM range(${rows})`);
await serverSql(`CREATE OR REPLACE TEMPORARY VIEW t USING parquet OPTIONS (path '${join(folder, 't')}')`).catch(
  () => undefined,
);
await serverSql(`INSERT OVERWRITE DIRECTORY '${join(folder, 't')}' USING parquet SELECT * FROM made`);
await serverSql(`CREATE OR REPLACE TEMPORARY VIEW t USING parquet OPTIONS (path '${join(folder, 't')}')`);

const endpoint = async (mode: 'binary' | 'http') => ({
  host: '127.0.0.1',
  port: await thriftServer(mode, mode === 'http' ? 'NONE' : 'NOSASL'),
  tls: undefined,
  connectTimeout: 10_000,
  callTimeout: 600_000,
});

async function drop(mode: 'binary' | 'http'): Promise<number> {
  const at = await endpoint(mode);
  const credentials = { user: 'anonymous', password: 'anonymous' };
  const session = await ThriftSession.open({
    connect: () => (mode === 'http' ? new HttpTransport(at, 'cliservice', credentials) : binaryTransport(at)),
    credentials: undefined,
  });
  const cursor = await session.execute('SELECT * FROM t');
  let bytes = 0;
  for (let sequence = 1_000_000; ; sequence += 1) {
    const request = { operationHandle: cursor.operation, orientation: 0, maxRows: fetchSize, fetchType: 0 };
    const reply = await session.calls.transport.call(
      encodeCall('FetchResults', sequence, methods.FetchResults.request, request),
    );
    // A reply without rows holds the status and the empty columns.
    if (reply.length < 1_000) break;
    bytes += reply.length;
  }
  await cursor.close();
  await session.close();
  return bytes;
}

async function read(mode: 'binary' | 'http', version: '1.0' | '2.0', parquet: boolean): Promise<number> {
  const { port } = await endpoint(mode);
  const source = await SparkSource.open(
    {
      version,
      host: '127.0.0.1',
      port,
      serverType: 'SparkThriftServer',
      transport: mode === 'http' ? 'HTTP' : 'Binary',
      authenticationType: 'Anonymous',
      username: undefined,
      password: undefined,
      httpPath: 'cliservice',
      tls: undefined,
    },
    'SELECT * FROM t',
    { version, destination: 'interim' },
  );
  const path = join(folder, 'out.parquet');
  const file = parquet ? await ParquetFile.create(path, source.plan.schema) : undefined;
  let seen = 0;
  for await (const batch of source.batches(fetchSize)) {
    seen += batch.numRows;
    await file?.append(batch);
  }
  await file?.finish();
  await source.close();
  if (seen !== rows) throw new Error(`${seen} rows instead of ${rows}`);
  return parquet ? (await stat(path)).size : 0;
}

const storage = await azurite();
const pool = await newPool(storage);
const loader = createPoolLoader({
  sql: createSqlClient(),
  storage: createStorageClient(),
  accounts: storage.accounts,
  directories: { id: 'bench', root: folder, arrow: folder },
  sessionId: 'bench',
  log: () => undefined,
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

async function intoPool(): Promise<number> {
  const sink = { type: 'SqlDWSink', allowCopyCommand: true, tableOption: 'autoCreate' };
  const staging = {
    enableStaging: true,
    stagingSettings: { linkedServiceName: service('Lake'), path: 'staging/bench' },
  };
  const output = await copyActivity(copy('Bench', dataset('In'), dataset('Pool'), sink, staging), documents, {
    services: await services({ pools: pool.pools, loader }),
  });
  if (output.rowsCopied !== rows) throw new Error(`${output.rowsCopied} rows instead of ${rows}`);
  await sql(pool, 'bench', 'DROP TABLE dbo.bench');
  return output.dataWritten;
}

const cases: readonly [string, () => Promise<number>][] = [
  ['bytes dropped, binary', () => drop('binary')],
  ['bytes dropped, http', () => drop('http')],
  ['Arrow, version 1.0, binary', () => read('binary', '1.0', false)],
  ['Arrow, version 1.0, http', () => read('http', '1.0', false)],
  ['Arrow, version 2.0, http', () => read('http', '2.0', false)],
  ['Parquet on disk, version 2.0, http', () => read('http', '2.0', true)],
  ['local pool by staging, version 2.0, http', () => intoPool()],
];
const times = new Map<string, number[]>(cases.map(([title]) => [title, []]));
for (let round = 0; round <= rounds; round += 1)
  for (const [title, run] of cases) {
    const began = performance.now();
    await run();
    // The first round warms both sides up.
    if (round > 0) times.get(title)!.push((performance.now() - began) / 1_000);
  }
for (const [title, taken] of times) {
  const median = taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)]!;
  console.log(
    `${title.padEnd(40)} ${median.toFixed(2)} s (${Math.min(...taken).toFixed(2)}–${Math.max(...taken).toFixed(2)})  ${Math.round(rows / median / 1_000)}k rows/s`,
  );
}
console.log(`peak memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`);
process.exit(0);
