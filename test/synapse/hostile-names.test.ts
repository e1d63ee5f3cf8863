import type { Json, SynapseWritePlan } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { parquetFile, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('hostile input', undefined, { timeout: 120_000 });
const open = usePool(test);
const database = 'hostile';
let session: SynapseSession;

const quoted = (name: string) => `[${name.replaceAll(']', ']]')}]`;

/** Names by which a statement would end, or another begin, if they were pasted. */
const names = [
  'a]b',
  "x'; DROP TABLE dbo.canary;--",
  '/* */ GO',
  'größe 表 😀',
  'with "quotes" and [brackets]',
  'select',
  '%_[a-z]',
  'tab\tand\nline',
  'x'.repeat(128),
];

test.before(async () => {
  const { storage, pool } = await open();
  session = await newSynapse(storage, pool, { sessionId: 'hostile' });
  await sql(pool, database, 'CREATE TABLE dbo.canary (id bigint NULL); INSERT INTO dbo.canary VALUES (1);');
});
test.after(async () => session?.close());

function schemaOf(column: string): string {
  return JSON.stringify({
    type: 'struct',
    fields: [
      { name: column, type: 'long', nullable: true, metadata: {} },
      { name: 'name', type: 'string', nullable: true, metadata: { maxlength: 40 } },
    ],
  });
}

async function write(name: string, column: string, mode: string, options: Record<string, string>): Promise<void> {
  const request = {
    table: `${database}.dbo.${quoted(name)}`,
    tableType: 'INTERNAL',
    location: null,
    mode,
    options,
    conf: {},
    schema: schemaOf(column),
    cellId: 'c',
  };
  const plan = (await session.peer.call(
    'synapse.write.plan',
    request as unknown as Json,
  )) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(7, 3)]);
  await session.peer.call('synapse.write.load', { planId: plan.planId, rows: 3, stagingMilliseconds: 1 });
}

for (const [index, name] of names.entries())
  test(`a table and a column called ${JSON.stringify(name.slice(0, 40))}`, async () => {
    const { pool } = await open();
    await write(name, name, 'ErrorIfExists', index % 2 === 0 ? {} : { writeSemantics: 'polybase' });
    await write(name, name, 'Append', { label: "it's a ]label" });
    await write(name, name, 'Overwrite', {});
    assert.equal(await sql(pool, database, `SELECT SUM(${quoted(name)}) AS s FROM dbo.${quoted(name)}`), [{ s: 24n }]);
    const { planId } = (await session.peer.call('synapse.read.plan', {
      source: `${database}.dbo.${quoted(name)}`,
      options: {},
      conf: {},
      cellId: 'c',
    })) as { planId: string };
    await session.peer.call('synapse.read.export', {
      planId,
      columns: [name],
      filters: [{ op: '=', column: name, value: { type: 'bigint', value: '8' } }],
      limit: null,
    });
    await session.peer.call('synapse.read.release', { planId });
    assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.canary'), [{ n: 1 }]);
  });

test('a query that tries to end its statement is refused, and nothing runs', async () => {
  const { pool } = await open();
  for (const source of [
    'SELECT 1 AS a) AS x; DROP TABLE dbo.canary; SELECT * FROM (SELECT 1 AS a',
    "SELECT '1' AS a; DROP TABLE dbo.canary",
    'SELECT 1 AS a /* ) */ ) DROP TABLE dbo.canary --',
    'WITH x AS (SELECT 1 AS a) DELETE FROM dbo.canary',
    'SELECT * INTO dbo.copied FROM dbo.canary',
    'SELECT 1 AS a EXEC sp_who',
  ]) {
    const error = await failure(() =>
      session.peer.call('synapse.read.plan', { source, options: { DATABASE: database }, conf: {}, cellId: 'c' }),
    );
    assert.is(error.code, 'QUERY_INVALID', source);
  }
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.canary'), [{ n: 1 }]);
});

test('a location cannot leave its data source', async () => {
  for (const location of ['../other', 'a/../../b', '_hidden', '.']) {
    const error = await failure(() =>
      session.peer.call('synapse.write.plan', {
        table: `${database}.dbo.outside`,
        tableType: 'EXTERNAL',
        location,
        mode: 'ErrorIfExists',
        options: { DATA_SOURCE: 'lake' },
        conf: {},
        schema: schemaOf('id'),
        cellId: 'c',
      }),
    );
    assert.ok(['LOCATION_INVALID', 'DATA_SOURCE_NOT_FOUND'].includes(error.code), `${location}: ${error.code}`);
  }
});

test.run();
