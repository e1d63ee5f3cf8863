import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CrossviewError, Json, StorageAccount } from '@crossview/contracts';
import { createSqlClient, createStorageClient, type Step } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { newRows, writeRequest } from '../support/fault-scenarios.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { parquetFile, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { administrator, newSynapse, query, type TestPool } from '../support/synapse.js';

const test = suite('kill -9', undefined, { timeout: 300_000 });
const database = 'killed';
const everything = process.env.CROSSVIEW_FAULTS === 'all';
const key = Buffer.from('crossview-kill-tests'.repeat(4)).subarray(0, 64).toString('base64');
const name = 'devstoreaccount1';

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Azurite and the pool in processes of their own, on directories and ports that outlive them. */
class Servers {
  readonly directory = temporaryDirectory('kills');
  storage: Running | undefined;
  pool: (Running & { certificateAuthority: string; certificateName: string }) | undefined;
  storagePort = 0;
  poolPort = 0;

  get account(): StorageAccount {
    return {
      name,
      blobEndpoint: `http://127.0.0.1:${this.storagePort}/${name}`,
      credential: { kind: 'key', key },
      emulator: true,
    };
  }

  async startStorage(): Promise<void> {
    const argv = ['--location', join(this.directory, 'azurite'), '--blobHost', '127.0.0.1', '--disableTelemetry'];
    const child = fork(
      join(root, 'test/support/azurite-child.mjs'),
      [...argv, '--blobPort', String(this.storagePort), '--skipApiVersionCheck'],
      {
        env: { ...process.env, AZURITE_ACCOUNTS: `${name}:${key}` },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        execArgv: [],
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const found = /successfully listen(?:s|ing) on \S*?:(\d+)/.exec(chunk.toString());
        if (found) resolve(Number(found[1]));
      });
      child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}`)));
    });
    this.storagePort = port;
    this.storage = { child, port };
  }

  async startPool(): Promise<void> {
    const options = {
      directory: join(this.directory, 'pool'),
      port: this.poolPort,
      administrator,
      account: this.account,
    };
    const child = fork(join(root, 'test/support/pool-child.mjs'), [], {
      env: { ...process.env, POOL_OPTIONS: JSON.stringify(options) },
      execArgv: [],
    });
    const told = await new Promise<{ port: number; certificateAuthority: string; certificateName: string }>(
      (resolve, reject) => {
        child.once('message', (message) => resolve(message as never));
        child.once('exit', (code) => reject(new Error(`the pool ended with ${code}`)));
      },
    );
    this.poolPort = told.port;
    this.pool = { child, ...told };
  }

  async kill(what: 'storage' | 'pool'): Promise<void> {
    const running = this[what];
    this[what] = undefined;
    if (running === undefined) return;
    const gone = new Promise((resolve) => running.child.once('exit', resolve));
    running.child.kill('SIGKILL');
    await gone;
  }

  /** Starts what does not run. */
  async ensure(): Promise<void> {
    if (this.storage === undefined) await this.startStorage();
    if (this.pool === undefined) await this.startPool();
  }
}

const servers = new Servers();

const pool: TestPool = {
  pools: {
    async resolve({ server, database: wanted }) {
      return {
        server: server ?? 'local',
        host: '127.0.0.1',
        port: servers.poolPort,
        database: wanted ?? 'master',
        certificateAuthority: servers.pool?.certificateAuthority ?? '',
        certificateName: servers.pool?.certificateName ?? 'localhost',
        login: { kind: 'sql', ...administrator },
        standIn: 'local pool',
      };
    },
  },
  target: (wanted) => pool.pools.resolve({ database: wanted }),
  close: async () => {},
};

test.before(() => servers.ensure(), { timeout: 60_000 });
test.after(async () => {
  await servers.kill('pool');
  await servers.kill('storage');
});

async function ask(text: string): Promise<readonly Record<string, unknown>[]> {
  const connection = await createSqlClient().connect(await pool.target(database));
  try {
    return await query(connection, text);
  } finally {
    await connection.close();
  }
}

async function reset(): Promise<void> {
  await ask(`IF OBJECT_ID('dbo.target') IS NOT NULL DROP TABLE dbo.target;
CREATE TABLE dbo.target (id bigint NULL, name nvarchar(40) NULL) WITH (HEAP); INSERT INTO dbo.target (id) VALUES (0); INSERT INTO dbo.target (id) VALUES (1);`);
}

const sessionOptions = {
  storage: () => ({ account: servers.account, key, port: servers.storagePort }) as never,
  replaced: () => ({
    storage: createStorageClient({ tries: 2, tryMs: 3_000 }),
    accounts: { account: async () => servers.account },
    timeouts: { questionMs: 5_000, statementMs: 20_000, retriesMs: [100, 1_000, 2_000] },
  }),
};

function newSession(sessionId: string, onStep?: (step: Step) => Promise<void> | void) {
  return newSynapse(sessionOptions.storage(), pool, {
    sessionId,
    replaced: sessionOptions.replaced(),
    ...(onStep === undefined ? {} : { onStep }),
  });
}

const request = () => writeRequest(database, 'Overwrite', { writeSemantics: 'polybase' }, false) as unknown as Json;

async function overwrite(session: Awaited<ReturnType<typeof newSession>>): Promise<CrossviewError | undefined> {
  try {
    const plan = (await session.peer.call('synapse.write.plan', request())) as never as {
      planId: string;
      location: string;
    };
    await stage(session.storage, plan, [parquetFile(100, newRows)]);
    await session.peer.call('synapse.write.load', { planId: plan.planId, rows: newRows, stagingMilliseconds: 1 });
    return undefined;
  } catch (thrown) {
    return thrown as CrossviewError;
  }
}

/** The table as before or complete, and nothing of ours once a sweep went over it. */
async function check(where: string, failed: boolean): Promise<void> {
  await servers.ensure();
  const [row] = await ask('SELECT COUNT_BIG(*) AS n FROM dbo.target');
  const rows = Number(row?.n);
  assert.ok(rows === 2 || rows === newRows, `${where} left ${rows} rows`);
  if (!failed) assert.is(rows, newRows, where);
  const sweeper = await newSession('sweeper');
  const report = await sweeper.synapse.sweep({ olderThanMs: 0, dryRun: false, pools: [await pool.target(database)] });
  assert.equal(report.failures, [], where);
  await sweeper.close();
  const objects = await ask(
    "SELECT name FROM sys.tables WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.external_data_sources UNION ALL SELECT name FROM sys.external_file_formats UNION ALL SELECT name FROM sys.database_scoped_credentials",
  );
  assert.equal(objects, [], where);
  const files: string[] = [];
  for await (const { path } of createStorageClient().container(servers.account, 'staging').list('')) files.push(path);
  assert.equal(files, [], where);
}

/** Steps of an overwrite by PolyBase, the one with the most of them. */
async function steps(): Promise<Step[]> {
  const seen: Step[] = [];
  await reset();
  const session = await newSession('watch', (step) => void seen.push(step));
  assert.is(await overwrite(session), undefined);
  await session.close();
  return seen;
}

for (const victim of ['pool', 'storage'] as const)
  test(`${victim === 'pool' ? 'the pool' : 'Azurite'} is killed at a step and comes back`, async () => {
    let killed = 0;
    for (const [at, step] of (await steps()).entries()) {
      // They take turns, so that something is killed at every step.
      if (!everything && at % 3 !== (victim === 'pool' ? 0 : 1)) continue;
      await servers.ensure();
      await reset();
      let count = -1;
      const session = await newSession(`kill${victim}${at}`, async () => {
        if (++count !== at) return;
        killed++;
        await servers.kill(victim);
        // It comes back while the step is tried.
        setTimeout(() => void servers.ensure(), 300);
      });
      const error = await overwrite(session);
      await session.close();
      while (servers[victim] === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
      await check(`${victim} killed at ${step} (${at}): ${error?.message}`, error !== undefined);
    }
    console.log(`kill -9 of the ${victim}: ${killed}`);
  });

test('the kernel is killed at a step', async () => {
  let killed = 0;
  for (const [at, step] of (await steps()).entries()) {
    if (!everything && at % 3 !== 2) continue;
    await reset();
    const options = {
      target: await pool.target(database),
      account: servers.account,
      root: join(servers.directory, `session-${at}`),
      sessionId: `killed${at}`,
      dieAt: at,
      write: request(),
      parquet: parquetFile(100, newRows),
      rows: newRows,
    };
    const child = fork(join(root, 'test/support/write-child.mjs'), [], {
      env: { ...process.env, WRITE_OPTIONS: JSON.stringify(options) },
      execArgv: [],
    });
    const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
    assert.is(signal, 'SIGKILL', `${step} was not reached`);
    killed++;
    await check(`kernel killed at ${step} (${at})`, true);
  }
  console.log(`kill -9 of the kernel: ${killed}`);
});

test.run();
