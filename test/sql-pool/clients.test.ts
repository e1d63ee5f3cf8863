import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { javaHomeForSpark } from '../support/java-home.js';
import { jdbcJars } from '../support/jdbc.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { administrator, Client, type TestPool, testPool } from '../support/pool.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('sql-pool real clients', undefined, { timeout: 300_000 });

interface Answer {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Runs a script that asks the pool questions, and gives its answers. */
async function answers(script: string, values: (pool: TestPool, ca: string) => readonly string[]): Promise<Answer[]> {
  const pool = await testPool();
  const ca = join(pool.directory, 'ca.pem');
  writeFileSync(ca, pool.certificateAuthority);
  const child = spawn(
    testToolchain().python,
    ['-W', 'ignore', join(root, 'test/support/python', script), ...values(pool, ca)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, JAVA_HOME: javaHomeForSpark(join(temporaryDirectory('java'), 'home')) },
    },
  );
  let out = '';
  let problems = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes));
  child.stderr.on('data', (bytes: Buffer) => (problems += bytes));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  assert.is(code, 0, problems.slice(-2000));
  return out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Answer);
}

function allRight(found: readonly Answer[], atLeast: number): void {
  assert.equal(
    found.filter(({ ok }) => !ok),
    [],
  );
  assert.ok(found.length >= atLeast, `${found.length} questions were asked`);
}

const client = (name: string, driver = '') =>
  answers('pool_clients.py', (pool, ca) => [
    name,
    String(pool.port),
    administrator.user,
    administrator.password,
    ca,
    ...(driver ? [driver] : []),
  ]);

/** FreeTDS's ODBC driver where Debian puts it. */
function odbcDriver(): string {
  const places = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => `/usr/lib/${name}/odbc/libtdsodbc.so`);
  const found = places.find(existsSync);
  if (!found) throw new Error(`the ODBC driver of FreeTDS is at none of ${places.join(', ')}`);
  return found;
}

test('python-tds: login, every type, transactions, bulk load, token, cancel', async () => {
  allRight(await client('pytds'), 36);
});

test('pymssql: login, every type, transactions, bulk load', async () => {
  allRight(await client('pymssql'), 33);
});

test('SQLAlchemy reflects, pandas writes and reads', async () => {
  const driver = process.env.CROSSVIEW_TEST_FREETDS ? odbcDriver() : '';
  allRight(await client('sqlalchemy', driver), driver ? 12 : 8);
});

test.needs('CROSSVIEW_TEST_FREETDS', 'pyodbc over FreeTDS: every type, catalog calls, older TDS', async () => {
  allRight(await client('pyodbc', odbcDriver()), 43);
});

test.needs('CROSSVIEW_TEST_FREETDS', "FreeTDS's own tsql", async () => {
  const { port } = await testPool();
  const child = spawn(
    process.env.CROSSVIEW_TEST_FREETDS!,
    ['-H', '127.0.0.1', '-p', String(port), '-U', administrator.user, '-P', administrator.password, '-D', 'clients'],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes));
  child.stderr.on('data', (bytes: Buffer) => (out += bytes));
  child.stdin.end("SELECT 6 * 7 AS answer, N'žluť' AS text\nGO\nSELECT 1/0\nGO\nPRINT 'said'\nGO\nexit\n");
  await new Promise((resolve) => child.once('close', resolve));
  assert.match(out, /42\s+žluť/);
  assert.match(out, /Msg 8134/);
  assert.match(out, 'said');
});

test.needs('CROSSVIEW_TEST_FREETDS', "FreeTDS's own bulk copy, in and out", async () => {
  const pool = await testPool();
  const client = await Client.open(pool, { database: 'clients' });
  await client.run('CREATE TABLE dbo.copied (a int, s nvarchar(20), d decimal(10,2), t datetime2(3))');
  const directory = temporaryDirectory('freebcp');
  const rows = '1\tžluť\t1.25\t2024-01-02 03:04:05.678\n2\t\t\t\n';
  writeFileSync(join(directory, 'in'), rows);
  writeFileSync(
    join(directory, 'freetds.conf'),
    `[pool]\nhost = 127.0.0.1\nport = ${pool.port}\ntds version = 7.4\nclient charset = UTF-8\n`,
  );
  const copy = promisify(execFile);
  for (const way of ['in', 'out'])
    await copy(
      join(dirname(process.env.CROSSVIEW_TEST_FREETDS!), 'freebcp'),
      [
        'clients.dbo.copied',
        way,
        join(directory, way),
        '-c',
        '-S',
        'pool',
        '-U',
        administrator.user,
        '-P',
        administrator.password,
      ],
      { env: { ...process.env, FREETDSCONF: join(directory, 'freetds.conf') } },
    );
  assert.is(readFileSync(join(directory, 'out'), 'utf8'), rows);
  await client.close();
});

test('mssql-jdbc: login, every type, batches, cursors, bulk copy, DatabaseMetaData', async () => {
  const jars = jdbcJars();
  allRight(
    await answers('pool_jdbc.py', (pool, ca) => [
      String(pool.port),
      administrator.user,
      administrator.password,
      ca,
      ...jars,
    ]),
    54,
  );
});

test("Spark's JDBC source and sink", async () => {
  const jars = jdbcJars();
  allRight(
    await answers('pool_spark.py', (pool) => [String(pool.port), administrator.user, administrator.password, ...jars]),
    3,
  );
});

test.run();
