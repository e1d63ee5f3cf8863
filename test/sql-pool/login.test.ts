import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from 'tedious';
import * as assert from 'uvu/assert';
import { administrator, Client, type SqlFailure, startTestPool, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool login');

async function refused(options: Parameters<typeof Client.open>[1]): Promise<SqlFailure> {
  try {
    await Client.open(await testPool(), options);
  } catch (error) {
    return error as SqlFailure;
  }
  throw new Error('the login was accepted');
}

test('the administrator logs in over TLS, verified by the certificate', async () => {
  const client = await Client.open(await testPool());
  assert.equal(await client.rows('SELECT SUSER_SNAME() AS login, USER_NAME() AS [user], DB_NAME() AS db'), [
    { login: administrator.user, user: 'dbo', db: 'testpool' },
  ]);
  await client.close();
});

test('a wrong password is 18456 and says no more', async () => {
  const error = await refused({ password: 'wrong' });
  assert.match(error.message, `Login failed for user '${administrator.user}'.`);
  assert.not.match(error.message, 'wrong');
});

test('an unknown user is refused with the same words', async () => {
  assert.match((await refused({ user: 'nobody', password: 'x' })).message, "Login failed for user 'nobody'.");
});

test('an access token logs in, another does not', async () => {
  const client = await Client.open(await testPool(), { token: 'good-token' });
  assert.is(await client.value('SELECT SUSER_SNAME()'), 'token@example.com');
  await client.close();
  assert.match((await refused({ token: 'bad-token' })).message, 'Login failed');
});

test('a client that fetches its token itself is told where, and for whom', async () => {
  const { port, certificateAuthority } = await testPool();
  const asked: unknown[] = [];
  const login = (token: string) => {
    const connection = new Connection({
      server: 'localhost',
      authentication: {
        type: 'token-credential',
        options: {
          credential: {
            getToken: async (scope: unknown) => {
              asked.push(scope);
              return { token, expiresOnTimestamp: Date.now() + 60_000 };
            },
          },
        },
      },
      options: { port, database: 'testpool', encrypt: true, cryptoCredentialsDetails: { ca: certificateAuthority } },
    });
    return new Promise<Error | undefined>((resolve) => {
      connection.connect((error) => {
        connection.close();
        resolve(error ?? undefined);
      });
    });
  };
  assert.is(await login('good-token'), undefined);
  assert.match(String(asked[0]), 'https://database.windows.net/');
  assert.match((await login('bad-token'))!.message, 'Login failed');
});

test('TDS 8 strict: TLS first', async () => {
  const client = await Client.open(await testPool(), { config: { encrypt: 'strict' } });
  assert.is(await client.value('SELECT 1'), 1);
  await client.close();
});

test('packets of every size', async () => {
  for (const packetSize of [512, 4096, 32767]) {
    const client = await Client.open(await testPool(), { config: { packetSize } });
    const text = 'x'.repeat(20_000);
    assert.is(await client.value(`SELECT REPLICATE(CAST('x' AS varchar(max)), 20000)`), text);
    await client.close();
  }
});

test('a login without a user in the database is 4060', async () => {
  const admin = await Client.open(await testPool());
  await admin.run("CREATE LOGIN lonely WITH PASSWORD = 'lonely-1'");
  assert.match((await refused({ user: 'lonely', password: 'lonely-1' })).message, 'Cannot open database "testpool"');
  await admin.run('DROP LOGIN lonely');
  await admin.close();
});

test('keys, certificates and databases are readable by their owner only; close() twice is safe', async () => {
  const pool = await startTestPool();
  const data = join(pool.directory, 'data');
  assert.is(statSync(data).mode & 0o777, 0o700);
  for (const file of ['certificate.key', 'secrets.key']) assert.is(statSync(join(data, file)).mode & 0o777, 0o600);
  await pool.close();
  await pool.close();
});

test('a pool that makes no databases refuses an unknown one', async () => {
  const pool = await startTestPool({ createDatabases: false });
  try {
    await Client.open(pool, { database: 'nothere' });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'Cannot open database "nothere"');
  }
  const master = await Client.open(pool, { database: 'master' });
  await master.run('CREATE DATABASE made');
  const made = await Client.open(pool, { database: 'made' });
  assert.is((await made.failure('CREATE TABLE nosuch.T (a int)')).number, 2760);
  await made.close();
  await master.close();
  await pool.close();
});

test('what was committed is there after a restart', async () => {
  const first = await startTestPool();
  const writer = await Client.open(first);
  await writer.run(
    "CREATE TABLE stage.Kept (id int NOT NULL, nm nvarchar(7), c char(3)) WITH (DISTRIBUTION = HASH(id), HEAP); INSERT INTO stage.Kept VALUES (1, N'æ', 'x')",
  );
  await writer.run('CREATE VIEW dbo.KeptView AS SELECT id FROM stage.Kept');
  await writer.close();
  await first.close();
  const second = await startTestPool({ directory: first.directory });
  const reader = await Client.open(second);
  assert.equal(await reader.rows('SELECT * FROM stage.Kept'), [{ id: 1, nm: 'æ', c: 'x  ' }]);
  assert.equal(
    await reader.rows(
      "SELECT DATA_TYPE AS t, CHARACTER_MAXIMUM_LENGTH AS n FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'Kept' ORDER BY ORDINAL_POSITION",
    ),
    [
      { t: 'int', n: null },
      { t: 'nvarchar', n: 7 },
      { t: 'char', n: 3 },
    ],
  );
  assert.is(await reader.value('SELECT COUNT(*) FROM dbo.KeptView'), 1);
  await reader.close();
  await second.close();
});

test.run();
