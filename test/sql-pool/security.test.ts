import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { Client, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite<{ admin: Client }>('sql-pool security');

test.before(async (context) => {
  context.admin = await Client.open(await testPool(), { database: 'secured' });
  const { admin } = context;
  await admin.run("CREATE LOGIN username WITH PASSWORD = 'password'");
  await admin.run('CREATE USER username FOR LOGIN username');
  await admin.run(
    'CREATE TABLE dbo.Secret (id int, nm nvarchar(10)); INSERT INTO dbo.Secret VALUES (1, N\u0027a\u0027)',
  );
});
test.after(async (context) => {
  await context.admin.close();
});

const asUser = async () =>
  Client.open(await testPool(), { database: 'secured', user: 'username', password: 'password' });

test('without rights a user sees nothing and reads nothing; GRANT, DENY and REVOKE count at once', async ({
  admin,
}) => {
  const user = await asUser();
  assert.equal(await user.rows('SELECT name FROM sys.tables'), []);
  const denied = await user.failure('SELECT * FROM dbo.Secret');
  assert.is(denied.number, 229);
  assert.is((await user.failure('CREATE TABLE dbo.Mine (a int)')).number, 262);
  assert.is((await user.failure('INSERT INTO dbo.Secret (id) VALUES (2)')).number, 229);
  assert.is((await user.failure('DROP TABLE dbo.Secret')).number, 3701);
  assert.is(await user.value("SELECT HAS_PERMS_BY_NAME(NULL, 'DATABASE', 'CREATE TABLE')"), 0);
  await admin.run('GRANT SELECT ON dbo.Secret TO username');
  assert.is(await user.value('SELECT COUNT(*) FROM dbo.Secret'), 1);
  assert.is(await user.value("SELECT HAS_PERMS_BY_NAME('dbo.Secret', 'OBJECT', 'SELECT')"), 1);
  await admin.run('DENY SELECT ON SCHEMA::dbo TO username');
  assert.is((await user.failure('SELECT * FROM dbo.Secret')).number, 229);
  await admin.run('REVOKE SELECT ON SCHEMA::dbo FROM username; REVOKE SELECT ON dbo.Secret TO username');
  assert.is((await user.failure('SELECT * FROM dbo.Secret')).number, 229);
  await user.close();
});

test('a view lets its readers through to the table', async ({ admin }) => {
  const user = await asUser();
  await admin.run('CREATE VIEW dbo.Names AS SELECT nm FROM dbo.Secret');
  await admin.run('GRANT SELECT ON dbo.Names TO username');
  assert.equal(await user.rows('SELECT * FROM dbo.Names'), [{ nm: 'a' }]);
  assert.is((await user.failure('SELECT * FROM dbo.Secret')).number, 229);
  await user.close();
});

test('db_exporter exports what it may read; a load needs its grants', async ({ admin }) => {
  const pool = await testPool();
  await createStorageClient().container(pool.storage.account, 'lake').ensure();
  await admin.run(`CREATE MASTER KEY; CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'x', SECRET = '${pool.storage.key}';
    CREATE EXTERNAL DATA SOURCE datasource WITH (TYPE = HADOOP, LOCATION = 'abfss://lake@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = c);
    CREATE EXTERNAL FILE FORMAT pq WITH (FORMAT_TYPE = PARQUET)`);
  const cetas =
    "CREATE EXTERNAL TABLE dbo.Exported WITH (LOCATION = '/secured/', DATA_SOURCE = datasource, FILE_FORMAT = pq) AS SELECT * FROM dbo.Secret";
  const user = await asUser();
  assert.is((await user.failure(cetas)).number, 262);
  await admin.run("EXEC sp_addrolemember 'db_exporter', 'username'");
  assert.is(await user.value("SELECT IS_ROLEMEMBER('db_exporter')"), 1);
  assert.is((await user.failure(cetas)).number, 229);
  await admin.run('GRANT SELECT ON dbo.Secret TO username');
  await user.run(cetas);
  await user.run('DROP EXTERNAL TABLE dbo.Exported');
  await admin.run("EXEC sp_droprolemember 'db_exporter', 'username'");
  const copy = `COPY INTO dbo.Secret FROM 'https://devstoreaccount1.blob.core.windows.net/lake/secured/' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${pool.storage.key}'))`;
  assert.is((await user.failure(copy)).number, 262);
  await admin.run('GRANT ADMINISTER DATABASE BULK OPERATIONS TO username');
  assert.is((await user.failure(copy)).number, 229);
  await admin.run('GRANT INSERT ON dbo.Secret TO username');
  assert.equal((await user.run(copy)).counts, [1]);
  await user.close();
});

test.run();
