import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import type { Profile } from '../../../packages/crossview/src/config/load-config.js';
import { poolDirectory } from '../../../packages/crossview/src/config/pools.js';
import { configSchema } from '../../../packages/crossview/src/config/schema.js';
import { secretDirectory } from '../../../packages/crossview/src/config/secrets.js';
import { sparkSettings } from '../../../packages/crossview/src/config/spark-settings.js';
import { stagingPlace, storageDirectory } from '../../../packages/crossview/src/config/storages.js';
import type { LocalServices } from '../../../packages/crossview/src/services/client.js';
import { suite } from '../../support/suite.js';

const test = suite('what a profile leads to');

const running = {
  pool: {
    host: '127.0.0.1',
    port: 4711,
    user: 'admin',
    password: 'local-password',
    certificateAuthority: 'PEM',
    certificateName: 'localhost',
  },
  storage: {
    account: 'devstoreaccount1',
    key: 'a2V5',
    port: 4712,
    blobEndpoint: 'http://127.0.0.1:4712/devstoreaccount1',
  },
};
const services: LocalServices = { get: async () => running, close() {} };
const none: LocalServices = {
  get: async () => {
    throw new Error('an azure profile must start nothing here');
  },
  close() {},
};

function profileOf(text: object): Profile {
  const config = configSchema.parse({ profiles: { it: text } });
  return { ...config.profiles.it!, name: 'it', file: undefined };
}

const local = profileOf({ kind: 'local' });
const azure = profileOf({
  kind: 'azure',
  servers: {
    'One.database.windows.net': { database: 'pool1' },
    'two.database.windows.net': {
      host: '10.0.0.2',
      authentication: { kind: 'sql', user: 'loader', password: { env: 'CROSSVIEW_TEST_PASSWORD' } },
    },
  },
  defaultServer: 'one.database.windows.net',
  staging: { account: 'mystaging', container: 'staging', directory: '/a/b/' },
  storage: { mylake: { authentication: { kind: 'sas', sas: { env: 'CROSSVIEW_TEST_SAS' } } } },
  secrets: { Vault1: { Name1: { env: 'CROSSVIEW_TEST_PASSWORD' } } },
});

async function failure(action: Promise<unknown>): Promise<CrossviewError> {
  try {
    await action;
  } catch (error) {
    if (error instanceof CrossviewError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('locally every server is the local pool, and says so', async () => {
  const target = await poolDirectory(local, services).resolve({
    server: 'servername.database.windows.net',
    database: 'd',
  });
  assert.is(target.host, '127.0.0.1');
  assert.is(target.port, 4711);
  assert.is(target.standIn, 'local pool');
  assert.equal(target.login, { kind: 'sql', user: 'admin', password: 'local-password' });
});

test("a login in the notebook comes before the profile's", async () => {
  const target = await poolDirectory(local, services).resolve({ user: 'u', password: 'p' });
  assert.equal(target.login, { kind: 'sql', user: 'u', password: 'p' });
});

test('a listed server is found whatever its case, port or protocol prefix', async () => {
  const pools = poolDirectory(azure, none);
  for (const server of [
    'one.database.windows.net',
    'ONE.DATABASE.WINDOWS.NET',
    'tcp:one.database.windows.net,1433',
    undefined,
  ]) {
    const target = await pools.resolve({ server });
    assert.is(target.host, 'one.database.windows.net');
    assert.is(target.database, 'pool1');
    assert.is(target.login.kind, 'token');
    assert.is(target.standIn, undefined);
  }
});

test('a server with a host of its own is still verified by its name', async () => {
  process.env.CROSSVIEW_TEST_PASSWORD = 'from-the-environment';
  const target = await poolDirectory(azure, none).resolve({ server: 'two.database.windows.net' });
  assert.is(target.host, '10.0.0.2');
  assert.is(target.certificateName, 'two.database.windows.net');
  assert.equal(target.login, { kind: 'sql', user: 'loader', password: 'from-the-environment' });
});

test('a server that is not listed is refused', async () => {
  const error = await failure(poolDirectory(azure, none).resolve({ server: 'three.database.windows.net' }));
  assert.is(error.code, 'POOL_UNKNOWN');
  assert.match(error.message, /three\.database\.windows\.net/);
  assert.match(error.hint ?? '', /One\.database\.windows\.net, two\.database/);
});

test('a secret that is not set is named, never guessed', async () => {
  delete process.env.CROSSVIEW_TEST_PASSWORD;
  const error = await failure(poolDirectory(azure, none).resolve({ server: 'two.database.windows.net' }));
  assert.is(error.code, 'SECRET_MISSING');
  assert.match(error.message, /CROSSVIEW_TEST_PASSWORD/);
});

test('storage accounts', async () => {
  const here = await storageDirectory(local, services).account('devstoreaccount1');
  assert.equal(here, {
    name: 'devstoreaccount1',
    blobEndpoint: 'http://127.0.0.1:4712/devstoreaccount1',
    credential: { kind: 'key', key: 'a2V5' },
    emulator: true,
  });
  assert.is((await failure(storageDirectory(local, services).account('other'))).code, 'STORAGE_ACCOUNT_UNKNOWN');

  process.env.CROSSVIEW_TEST_SAS = '?sv=1&sp=r';
  const lake = await storageDirectory(azure, none).account('mylake');
  assert.equal(lake.credential, { kind: 'sas', sas: 'sv=1&sp=r' });
  const staging = await storageDirectory(azure, none).account('mystaging');
  assert.is(staging.blobEndpoint, 'https://mystaging.blob.core.windows.net');
  assert.is(staging.credential?.kind, 'token');
  assert.equal(stagingPlace(azure), { account: 'mystaging', container: 'staging', directory: 'a/b' });
});

test('secrets by vault and name', async () => {
  process.env.CROSSVIEW_TEST_PASSWORD = 'secret-1';
  const secrets = secretDirectory(azure, none);
  assert.is(await secrets.get('vault1', 'name1'), 'secret-1');
  assert.is(await secrets.get('https://VAULT1.vault.azure.net/', 'Name1'), 'secret-1');
  const error = await failure(secrets.get('vault1', 'other'));
  assert.is(error.code, 'SECRET_UNKNOWN');
  assert.match(error.hint ?? '', /Name1/);
  assert.is(await secretDirectory(local, services).get('local', 'storage-account-key'), 'a2V5');
  assert.is((await failure(secrets.get('local', 'storage-account-key'))).code, 'SECRET_UNKNOWN');
});

test('Spark is led to the local lake by a local profile only', async () => {
  const here = await sparkSettings(local, services);
  assert.is(here.master, 'local[*]');
  assert.is(here.conf['spark.hadoop.fs.abfss.impl'], 'crossview.lake.LakeFileSystem');
  // In one process the lake asks for Azurite when a path needs it; executors elsewhere cannot ask.
  assert.is(here.conf['spark.hadoop.fs.azure.abfs.endpoint'], undefined);
  const cluster = await sparkSettings({ ...local, spark: { master: 'spark://h:7077', conf: {} } }, services);
  assert.is(cluster.conf['spark.hadoop.fs.azure.abfs.endpoint'], '127.0.0.1:4712');
  const there = await sparkSettings(azure, none);
  assert.is(there.conf['spark.hadoop.fs.abfss.impl'], undefined);
  assert.equal(
    Object.keys(there.conf).filter((key) => key.startsWith('spark.hadoop.fs.azure')),
    [],
  );
});

test.run();
