import { mkdirSync } from 'node:fs';
import { CrossviewError, type Json } from '@crossview/contracts';
import { type CopyServices, copyActivity } from '@crossview/copy';
import { createPoolLoader, createSqlClient, createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { type Azurite, azurite } from '../support/azurite.js';
import { copy, dataset, factory, service, services, sparkDataset } from '../support/copy-factory.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { newPool, sql, type TestPool } from '../support/synapse.js';
import { serverSql } from '../support/thrift.js';

const test = suite('copy: into a dedicated SQL pool by staging', undefined, { timeout: 120_000 });

const database = 'copytest';
let storage: Azurite;
let pool: TestPool;

test.before(
  async () => {
    storage = await azurite();
    pool = await newPool(storage);
    await serverSql(
      `CREATE OR REPLACE TEMPORARY VIEW trips AS SELECT id, CAST(id % 7 AS INT) AS weekday, CONCAT('trip ü', id) AS name, CAST(id / 8 AS DECIMAL(18,4)) AS fare, IF(id % 10 = 0, NULL, TIMESTAMP'2024-02-29 12:00:00.123456' + MAKE_DT_INTERVAL(0, 0, 0, id)) AS at, id % 2 = 0 AS even FROM range(0, 30000)`,
    );
    await sql(
      pool,
      database,
      "IF OBJECT_ID('dbo.marks') IS NULL CREATE TABLE dbo.marks (n int) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)",
    );
  },
  { timeout: 180_000 },
);

test.after(() => pool.close());

async function poolServices(): Promise<CopyServices> {
  const directory = temporaryDirectory('copy-pool');
  mkdirSync(directory, { recursive: true });
  const loader = createPoolLoader({
    sql: createSqlClient(),
    storage: createStorageClient(),
    accounts: storage.accounts,
    directories: { id: 'copytest', root: directory, arrow: directory },
    sessionId: 'copytest',
    log: () => undefined,
  });
  return services({ pools: pool.pools, loader });
}

const documents: readonly Json[] = [
  sparkDataset('In', 'Spark2', { table: 'trips' }),
  {
    name: 'Out',
    properties: {
      type: 'AzureSqlDWTable',
      linkedServiceName: service('Pool'),
      typeProperties: { schema: 'dbo', table: '@dataset().table' },
      parameters: { table: { type: 'string' } },
    },
  },
];

async function all() {
  const made = await factory(temporaryDirectory('copy-pool-disk'), documents);
  made.add({
    kind: 'linkedService',
    name: 'Pool',
    properties: {
      type: 'AzureSqlDW',
      typeProperties: { connectionString: `Server=tcp:srv.sql.azuresynapse.net,1433;Initial Catalog=${database};` },
    },
  });
  return made;
}

const staging = {
  enableStaging: true,
  stagingSettings: { linkedServiceName: service('Lake'), path: 'staging/copies' },
};

async function stagedFiles(): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of createStorageClient().container(storage.account, 'staging').list('copies/'))
    paths.push(path);
  return paths;
}

const summary = (table: string) =>
  `SELECT COUNT_BIG(*) AS n, SUM(id) AS ids, CAST(SUM(fare) AS varchar(40)) AS fares, COUNT_BIG(at) AS moments, CONVERT(varchar(30), MAX(at), 121) AS latest, MAX(name) AS name FROM dbo.${table}`;

/** What Spark says of the same rows; the moments in UTC. */
const expected = {
  n: 30_000n,
  ids: 449_985_000n,
  fares: '56248125.0000',
  moments: 27_000n,
  name: 'trip ü9999',
};

for (const [method, settings] of [
  ['COPY', { allowCopyCommand: true }],
  ['PolyBase', { allowPolyBase: true, polyBaseSettings: { rejectType: 'value', rejectValue: 0 } }],
] as const)
  test(`a new table by ${method}, rows exact, staging empty afterwards`, async () => {
    const table = `by_${method.toLowerCase()}`;
    const output = await copyActivity(
      copy(
        'C',
        dataset('In'),
        dataset('Out', { table }),
        { type: 'SqlDWSink', tableOption: 'autoCreate', ...settings },
        staging,
      ),
      await all(),
      { services: await poolServices() },
    );
    assert.equal([output.rowsRead, output.rowsCopied], [30_000, 30_000]);
    assert.is(output.sqlDwPolyBase, method === 'PolyBase');
    const [row] = await sql(pool, database, summary(table));
    const { latest, ...rest } = row as { latest: string };
    assert.equal(
      Object.fromEntries(
        Object.entries(rest).map(([key, value]) => [
          key,
          key === 'fares' || key === 'name' ? value : BigInt(value as number),
        ]),
      ),
      expected,
    );
    assert.match(latest, /^2024-03-01 01:19:59\.123456/);
    assert.equal(await stagedFiles(), []);
  });

test('preCopyScript runs first, and a second copy adds to the table', async () => {
  const again = async (more: { [key: string]: Json }) =>
    copyActivity(
      copy(
        'C',
        dataset('In'),
        dataset('Out', { table: 'twice' }),
        { type: 'SqlDWSink', allowCopyCommand: true, tableOption: 'autoCreate', ...more },
        staging,
        'SELECT id, name FROM trips WHERE id < 100',
      ),
      await all(),
      { services: await poolServices() },
    );
  await again({ preCopyScript: 'INSERT INTO dbo.marks VALUES (1)' });
  await again({});
  const [row] = await sql(
    pool,
    database,
    'SELECT (SELECT COUNT(*) FROM dbo.twice) AS rows_there, (SELECT COUNT(*) FROM dbo.marks) AS marks',
  );
  assert.equal(row, { rows_there: 200, marks: 1 });
  await again({ preCopyScript: 'TRUNCATE TABLE dbo.twice' });
  const [after] = await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.twice');
  assert.is(after!.n, 100);
});

async function failure(work: Promise<unknown>): Promise<CrossviewError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, CrossviewError);
  return error as CrossviewError;
}

test('a missing table without autoCreate, and a query that fails late: no table, no staged file', async () => {
  const attempt = async (table: string, more: { [key: string]: Json }, query?: string) =>
    failure(
      copyActivity(
        copy(
          'C',
          dataset('In'),
          dataset('Out', { table }),
          { type: 'SqlDWSink', allowCopyCommand: true, ...more },
          staging,
          query,
        ),
        await all(),
        { services: await poolServices() },
      ),
    );
  const missing = await attempt('missing', {});
  assert.match(`${missing.code} ${missing.message}`, /missing/);
  const late = await attempt(
    'late',
    { tableOption: 'autoCreate' },
    "SELECT id, IF(id = 29999, raise_error('too late'), 1) AS x FROM trips",
  );
  assert.match(late.message, /too late/);
  for (const table of ['missing', 'late']) {
    const [row] = await sql(pool, database, `SELECT COUNT(*) AS n FROM sys.tables WHERE name = '${table}'`);
    assert.is(Number(row!.n), 0, table);
  }
  assert.equal(await stagedFiles(), []);
});

test('what a pool as a sink needs is said before anything runs', async () => {
  const without = await failure(
    copyActivity(copy('C', dataset('In'), dataset('Out', { table: 't' }), { type: 'SqlDWSink' }), await all(), {
      services: await poolServices(),
    }),
  );
  assert.is(without.code, 'COPY_DEFINITION_INVALID');
  assert.match(without.message, /set allowCopyCommand or allowPolyBase to true/);
  assert.match(without.message, /enableStaging: is missing/);
  const both = await failure(
    copyActivity(
      copy(
        'C',
        dataset('In'),
        dataset('Out', { table: 't' }),
        {
          type: 'SqlDWSink',
          allowCopyCommand: true,
          allowPolyBase: true,
          polyBaseSettings: { rejectType: 'percentage' },
        },
        staging,
      ),
      await all(),
      { services: await poolServices() },
    ),
  );
  assert.match(both.message, /choose one/);
  assert.match(both.message, /rejectSampleValue: is missing/);
});

test.run();
