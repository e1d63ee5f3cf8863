import type { Json, SynapseWritePlan } from '@crossview/contracts';
import { createSqlClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { writeRequest } from '../support/fault-scenarios.js';
import { parquetFile, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, query, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('several at once', undefined, { timeout: 120_000 });
const open = usePool(test);
const database = 'together';

async function write(session: SynapseSession, mode: string, first: number, rows: number): Promise<void> {
  const request = writeRequest(database, mode, {}, false) as unknown as Json;
  const plan = (await session.peer.call('synapse.write.plan', request)) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(first, rows)]);
  await session.peer.call('synapse.write.load', { planId: plan.planId, rows, stagingMilliseconds: 1 });
}

async function reset(): Promise<void> {
  const { pool } = await open();
  await sql(
    pool,
    database,
    `IF OBJECT_ID('dbo.target') IS NOT NULL DROP TABLE dbo.target;
CREATE TABLE dbo.target (id bigint NOT NULL, name nvarchar(40) NULL) WITH (DISTRIBUTION = HASH(id), CLUSTERED INDEX (id));
INSERT INTO dbo.target VALUES (0, N'old');`,
  );
}

test('a reader during overwrites never meets an empty table, half a table or none', async () => {
  const { storage, pool } = await open();
  await reset();
  const session = await newSynapse(storage, pool, { sessionId: 'writer' });
  const connection = await createSqlClient().connect(await pool.target(database));
  const seen = new Map<string, number>();
  let writing = true;
  const reader = (async () => {
    while (writing) {
      const [row] = await query(
        connection,
        'SELECT COUNT_BIG(*) AS n, MIN(id) AS low, MAX(id) AS high FROM dbo.target',
      );
      const key = `${row?.n} rows ${row?.low} to ${row?.high}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  })();
  try {
    for (let round = 0; round < 6; round++) await write(session, 'Overwrite', round % 2 === 0 ? 1_000 : 5_000, 500);
  } finally {
    writing = false;
    await reader;
    await connection.close();
    await session.close();
  }
  for (const key of seen.keys())
    assert.ok(['1 rows 0 to 0', '500 rows 1000 to 1499', '500 rows 5000 to 5499'].includes(key), key);
  assert.ok(seen.size >= 2, 'the reader saw only one state');
});

test('distribution, index, NOT NULL and grants outlive an overwrite', async () => {
  const { storage, pool } = await open();
  await reset();
  await sql(
    pool,
    'master',
    "IF NOT EXISTS (SELECT * FROM sys.sql_logins WHERE name = 'looker') CREATE LOGIN looker WITH PASSWORD = 'Not-a-Secret-1'",
  );
  await sql(pool, database, 'CREATE USER looker FOR LOGIN looker; GRANT SELECT ON dbo.target TO looker;');
  const about = () =>
    sql(
      pool,
      database,
      `SELECT d.distribution_policy_desc AS policy, i.type_desc AS kind, CAST(c.is_nullable AS int) AS nullable,
  (SELECT COUNT(*) FROM sys.database_permissions WHERE major_id = OBJECT_ID('dbo.target')) AS grants
FROM sys.pdw_table_distribution_properties AS d JOIN sys.indexes AS i ON i.object_id = d.object_id
JOIN sys.columns AS c ON c.object_id = d.object_id AND c.name = 'id' WHERE d.object_id = OBJECT_ID('dbo.target')`,
    );
  const before = await about();
  assert.equal(before, [{ policy: 'HASH', kind: 'CLUSTERED', nullable: 0, grants: 1 }]);
  const session = await newSynapse(storage, pool, { sessionId: 'keeper' });
  await write(session, 'Overwrite', 10, 5);
  await session.close();
  assert.equal(await about(), before);
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.target'), [{ n: 5 }]);
});

test('two writers on one table: each ends as if it were alone', async () => {
  const { storage, pool } = await open();
  await reset();
  const [one, two] = await Promise.all([
    newSynapse(storage, pool, { sessionId: 'one' }),
    newSynapse(storage, pool, { sessionId: 'two' }),
  ]);
  await Promise.all([write(one, 'Append', 100, 50), write(two, 'Append', 200, 70)]);
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.target'), [{ n: 121 }]);
  await Promise.all([write(one, 'Overwrite', 100, 50), write(two, 'Overwrite', 200, 70)]);
  const [row] = await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.target');
  assert.ok(row?.n === 50 || row?.n === 70, `${String(row?.n)} rows are of both writers`);
  await Promise.all([one.close(), two.close()]);
});

test('twenty loads at once lose nothing and leave nothing', async () => {
  const { storage, pool } = await open();
  await reset();
  const session = await newSynapse(storage, pool, { sessionId: 'twenty' });
  // Python makes the file once; twenty at once would only wait for each other there.
  parquetFile(100, 50);
  await Promise.all(Array.from({ length: 20 }, () => write(session, 'Append', 100, 50)));
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.target'), [{ n: 1001 }]);
  await session.close();
  assert.equal(await sql(pool, database, "SELECT name FROM sys.tables WHERE name LIKE 'crossview%'"), []);
});

test.run();
