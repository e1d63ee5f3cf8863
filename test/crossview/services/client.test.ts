import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CrossviewError } from '@crossview/contracts';
import { createSqlClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { poolDirectory } from '../../../packages/crossview/dist/config/pools.js';
import { places } from '../../../packages/crossview/dist/places.js';
import { localServices } from '../../../packages/crossview/dist/services/client.js';
import { readSupervisorState } from '../../../packages/crossview/dist/services/state.js';
import { isAlive } from '../../../packages/crossview/dist/system/process-identity.js';
// The built files: the services are processes that run them.
import { loadProfile } from '../../../packages/crossview/src/config/load-config.js';
import { root, temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { until } from '../../support/until.js';

const test = suite('local services', undefined, { timeout: 90_000 });
const home = temporaryDirectory('services');
const here = places({ CROSSVIEW_HOME: home });

const client = join(home, 'client.mjs');
writeFileSync(
  client,
  `import { places } from '${root}packages/crossview/dist/places.js';
import { localServices } from '${root}packages/crossview/dist/services/client.js';
const services = localServices(places());
const { pool, storage } = await services.get();
console.log(JSON.stringify({ pool: pool.port, storage: storage.port }));
setInterval(() => {}, 1000);`,
);

/** A session in a process of its own that holds the services until it is killed. */
async function startSession(): Promise<{ child: ChildProcess; ports: { pool: number; storage: number } }> {
  const child = spawn(process.execPath, [client], {
    env: { ...process.env, CROSSVIEW_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, ports: JSON.parse(line) };
}

const gone = () => until('the services end', () => !existsSync(join(here.services, 'supervisor.json')), 20_000);

test('sessions that start at once share one, and the last one ends it', async () => {
  const sessions = await Promise.all([startSession(), startSession(), startSession()]);
  const [first] = sessions;
  for (const { ports } of sessions) assert.equal(ports, first!.ports);
  const state = readSupervisorState(here)!;
  assert.is(state.phase, 'ready');
  sessions[0]!.child.kill('SIGKILL');
  sessions[1]!.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  assert.ok(isAlive(state), 'one session is left');
  sessions[2]!.child.kill('SIGKILL');
  await gone();
  await until('their processes end', () => !isAlive(state) && !isAlive(state.azurite!), 20_000);
});

test('their files are for this user only and no secret is in the log', async () => {
  const services = localServices(here);
  const { pool, storage } = await services.get();
  assert.is(statSync(here.services).mode & 0o777, 0o700);
  for (const name of ['supervisor.json', 'secrets.json', 'services.log'])
    assert.is(statSync(join(here.services, name)).mode & 0o077, 0, name);
  const log = readFileSync(join(here.services, 'services.log'), 'utf8');
  assert.not.ok(log.includes(pool.password) || log.includes(storage.key));
  services.close();
  services.close();
  await gone();
});

test('killed by force they are noticed and replaced, on the same data', async () => {
  const services = localServices(here);
  const directory = temporaryDirectory('services-query');
  const sql = createSqlClient();
  const query = async (text: string) => {
    const profile = loadProfile('/');
    const target = await poolDirectory(profile, services).resolve({
      server: 's.database.windows.net',
      database: 'kept',
    });
    const connection = await sql.connect(target);
    try {
      return await connection.query(text, { directory });
    } finally {
      await connection.close();
    }
  };
  await query('CREATE TABLE dbo.t (a int); INSERT INTO dbo.t SELECT 42;');
  const before = readSupervisorState(here)!;
  process.kill(before.pid, 'SIGKILL');
  await until('the supervisor ends', () => !isAlive(before), 20_000);
  const rows = await query('SELECT a FROM dbo.t');
  const after = readSupervisorState(here)!;
  assert.is.not(after.pid, before.pid);
  assert.not.ok(isAlive(before.azurite!), 'two Azurites never write the same files');
  assert.is(rows[0]?.rows?.rows, 1);
  services.close();
  await gone();
});

test('a start that fails says why', async () => {
  const broken = places({ CROSSVIEW_HOME: temporaryDirectory('services-broken') });
  const services = localServices({ ...broken, services: join(broken.data, 'services') });
  // A file where the pool wants its directory.
  const { privateDirectory } = await import('../../../packages/crossview/dist/places.js');
  privateDirectory(broken.services);
  writeFileSync(join(broken.services, 'pool'), '');
  try {
    await services.get();
    throw new Error('nothing was thrown');
  } catch (error) {
    if (!(error instanceof CrossviewError)) throw error;
    assert.is(error.code, 'SERVICES_FAILED');
    assert.match(error.hint ?? '', /pool/);
  }
  services.close();
});

test.run();
