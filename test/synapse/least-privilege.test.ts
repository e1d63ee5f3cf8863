import type { Json, SynapseWritePlan } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { initScript } from '../../packages/crossview/src/config/init-script.js';
import { failure } from '../support/failure.js';
import { parquetFile, parquetSchema, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('least privilege', undefined, { timeout: 60_000 });
const open = usePool(test);
const database = 'least';
const login = { USER: 'loader', PASSWORD: 'Not-a-Secret-1' };
const prepared = { ...login, DATA_SOURCE: 'crossview_staging', FILE_FORMAT: 'crossview_parquet' };
let session: SynapseSession;

test.before(async () => {
  const { storage, pool } = await open();
  session = await newSynapse(storage, pool, { sessionId: 'least' });
  await createStorageClient().container(storage.account, 'staging').ensure();
  await sql(pool, 'master', "CREATE LOGIN loader WITH PASSWORD = 'Not-a-Secret-1'");
  await sql(
    pool,
    database,
    'CREATE USER loader FOR LOGIN loader; CREATE TABLE dbo.there (id bigint NULL, name nvarchar(40) NULL);',
  );
});
test.after(async () => session?.close());

async function write(name: string, mode: string, options: Record<string, string>): Promise<void> {
  const request = {
    table: `${database}.dbo.${name}`,
    tableType: 'INTERNAL',
    location: null,
    mode,
    options,
    conf: {},
    schema: parquetSchema,
    cellId: 'c',
  };
  const plan = (await session.peer.call(
    'synapse.write.plan',
    request as unknown as Json,
  )) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(1, 3)]);
  await session.peer.call('synapse.write.load', { planId: plan.planId, rows: 3, stagingMilliseconds: 1 });
}

async function read(name: string, options: Record<string, string>): Promise<void> {
  const { planId } = (await session.peer.call('synapse.read.plan', {
    source: `${database}.dbo.${name}`,
    options,
    conf: {},
    cellId: 'c',
  })) as { planId: string };
  await session.peer.call('synapse.read.export', { planId, columns: ['id'], filters: [], limit: null });
  await session.peer.call('synapse.read.release', { planId });
}

test('what is missing is told before anything is staged, as statements that help when they are run', async () => {
  const { pool } = await open();
  const error = await failure(() => write('fresh', 'ErrorIfExists', login));
  assert.is(error.code, 'GRANTS_MISSING');
  assert.match(error.hint ?? '', /GRANT CREATE TABLE TO \[loader\];/);
  assert.match(error.hint ?? '', /GRANT ADMINISTER DATABASE BULK OPERATIONS TO \[loader\];/);
  assert.match(error.hint ?? '', /GRANT ALTER ON SCHEMA::\[dbo\] TO \[loader\];/);
  assert.is(error.facts.step, undefined);
  const statements = (error.hint ?? '').split('\n').slice(1).join('\n');
  await sql(pool, database, statements);
  await write('fresh', 'ErrorIfExists', login);
  assert.equal(await sql(pool, database, 'SELECT COUNT(*) AS n FROM dbo.fresh'), [{ n: 3 }]);
});

test('without a data source of the pool, PolyBase and reads would need CONTROL, and say what to do instead', async () => {
  const error = await failure(() => write('other', 'ErrorIfExists', { ...login, writeSemantics: 'polybase' }));
  assert.is(error.code, 'GRANTS_MISSING');
  assert.match(error.hint ?? '', /GRANT CONTROL ON DATABASE::\[least\] TO \[loader\];/);
  assert.match(error.hint ?? '', /Constants\.DATA_SOURCE/);
});

test('with what the init script makes, neither reading nor writing needs CONTROL', async () => {
  const { storage, pool } = await open();
  const script = initScript({
    user: ['loader'],
    login: true,
    schema: ['dbo'],
    credential: 'key',
    dataSource: prepared.DATA_SOURCE,
    fileFormat: prepared.FILE_FORMAT,
    account: storage.account.name,
    container: 'staging',
  })
    .replace('<access key of the storage account>', storage.key)
    .replace('<a password that you keep>', 'A-master-key-2013');
  await sql(pool, database, script);
  for (const semantics of ['copy', 'polybase']) {
    const options = { ...prepared, writeSemantics: semantics };
    await write(`by_${semantics}`, 'ErrorIfExists', options);
    await write(`by_${semantics}`, 'Append', options);
    await write(`by_${semantics}`, 'Overwrite', options);
    assert.equal(await sql(pool, database, `SELECT COUNT(*) AS n FROM dbo.by_${semantics}`), [{ n: 3 }]);
    await read(`by_${semantics}`, prepared);
  }
  assert.equal(
    await sql(
      pool,
      database,
      "SELECT name FROM sys.external_data_sources UNION ALL SELECT name FROM sys.tables WHERE name LIKE 'crossview[_]%'",
    ),
    [{ name: 'crossview_staging' }],
  );
});

test('a wrong way of reaching the storage is one of the problems, with all others', async () => {
  const { storage, pool } = await open();
  const account = { ...storage.account, emulator: false, credential: { kind: 'sas', sas: 'sv=x' } } as const;
  const far = await newSynapse(storage, pool, {
    sessionId: 'far',
    replaced: { accounts: { account: async () => account } },
  });
  const request = {
    table: `${database}.dbo.far`,
    tableType: 'INTERNAL',
    location: null,
    mode: 'ErrorIfExists',
    options: { writeSemantics: 'polybase' },
    conf: {},
    schema: JSON.stringify({
      type: 'struct',
      fields: [{ name: 'i', type: 'interval', nullable: true, metadata: {} }],
    }),
    cellId: 'c',
  };
  const error = await failure(() => far.peer.call('synapse.write.plan', request as unknown as Json));
  assert.is(error.code, 'PREFLIGHT_FAILED');
  assert.match(error.message, /SAS, which an external data source/);
  assert.match(error.message, /"i" interval/);
  await far.close();
});

test.run();
