import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { initScript } from '../../../packages/crossview/src/config/init-script.js';
import { age } from '../../../packages/crossview/src/session/sweep-command.js';
import { failure } from '../../support/failure.js';
import { temporaryDirectory } from '../../support/paths.js';
import { Client, testPool } from '../../support/pool.js';
import { suite } from '../../support/suite.js';

const test = suite('the script that sets a pool up', undefined, { timeout: 60_000 });

const given = {
  user: ["o'brien]"],
  schema: ['dbo', 'a]b'],
  credential: 'key',
  dataSource: 'crossview_staging',
  fileFormat: 'crossview_parquet',
  login: true,
  account: 'devstoreaccount1',
  container: 'staging',
};

test('it runs on a pool, may be repeated, and gives what reading and writing need', async () => {
  const pool = await testPool();
  const master = await Client.open(pool, { database: 'master' });
  await master.run(`CREATE LOGIN [o'brien]]] WITH PASSWORD = 'Not-a-Secret-1'`);
  await master.close();
  const client = await Client.open(pool, { database: 'inited' });
  const script = initScript(given)
    .replace('<access key of the storage account>', pool.storage.key)
    .replace('<a password that you keep>', 'A-master-key-2013');
  await client.run(script);
  await client.run(script);
  await client.close();
  const user = await Client.open(pool, { database: 'inited', user: "o'brien]", password: 'Not-a-Secret-1' });
  for (const permission of ['CREATE TABLE', 'ADMINISTER DATABASE BULK OPERATIONS'])
    assert.is(await user.value(`SELECT HAS_PERMS_BY_NAME(NULL, 'DATABASE', '${permission}')`), 1, permission);
  assert.is(await user.value("SELECT HAS_PERMS_BY_NAME('[a]]b]', 'SCHEMA', 'ALTER')"), 1);
  assert.is(await user.value("SELECT HAS_PERMS_BY_NAME(NULL, 'DATABASE', 'CONTROL')"), 0);
  await user.close();
});

test('the profile says where is staged, and an unknown credential is refused', async () => {
  const directory = temporaryDirectory('init-script');
  writeFileSync(
    join(directory, 'crossview.json'),
    JSON.stringify({
      profile: 'w',
      profiles: { w: { kind: 'azure', servers: {}, staging: { account: 'lake', container: 'drop' } } },
    }),
  );
  const { account: _account, container: _container, ...rest } = given;
  const script = initScript({ ...rest, credential: 'managed-identity' }, directory);
  assert.match(script, /abfss:\/\/drop@lake\.dfs\.core\.windows\.net/);
  assert.match(script, /IDENTITY = 'Managed Service Identity'/);
  assert.is((await failure(() => initScript({ ...given, credential: 'magic' }))).code, 'POOL_ARGUMENTS');
});

test('an age has a unit and is not less than a heartbeat', async () => {
  assert.is(age('90m'), 5_400_000);
  assert.is(age('7d'), 604_800_000);
  for (const text of ['5', '5m', 'x', '-1h', ''])
    assert.is((await failure(() => age(text))).code, 'SWEEP_ARGUMENTS', text);
});

test.run();
