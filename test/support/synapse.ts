import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PoolDirectory, PoolTarget, SessionPeer, SessionServer, SqlConnection } from '@crossview/contracts';
import { connectSession, startSessionServer } from '@crossview/session-rpc';
import { startPool } from '@crossview/sql-pool';
import {
  createSqlClient,
  createStorageClient,
  createSynapse,
  type StepHook,
  type SynapseOptions,
  type SynapseService,
} from '@crossview/synapse';
import { tableFromIPC } from 'apache-arrow';
import { type Azurite, azurite } from './azurite.js';
import { root, temporaryDirectory } from './paths.js';
import { newSpark, type TestSpark, testDirectories } from './spark.js';
import { testToolchain } from './toolchain.js';

export const administrator = { user: 'administrator', password: `Aa1!${randomBytes(12).toString('hex')}` };

export interface TestPool {
  readonly pools: PoolDirectory;
  target(database: string, login?: { user: string; password: string }): Promise<PoolTarget>;
  close(): Promise<void>;
}

/** The local pool over an Azurite, in this process. */
export async function newPool(storage: Azurite, directory = temporaryDirectory('pool')): Promise<TestPool> {
  const pool = await startPool({
    directory,
    host: '127.0.0.1',
    port: 0,
    administrator,
    storage: createStorageClient(),
    accounts: storage.accounts,
    log: () => {},
  });
  const pools: PoolDirectory = {
    async resolve({ server, database, user, password }) {
      return {
        server: server ?? 'local',
        host: '127.0.0.1',
        port: pool.port,
        database: database ?? 'master',
        certificateAuthority: pool.certificateAuthority,
        certificateName: pool.certificateName,
        login: user === undefined ? { kind: 'sql', ...administrator } : { kind: 'sql', user, password: password ?? '' },
        standIn: 'local pool',
      };
    },
  };
  return {
    pools,
    target: (database, login) => pools.resolve({ database, ...login }),
    close: () => pool.close(),
  };
}

let shared: Promise<{ storage: Azurite; pool: TestPool }> | undefined;

let poolUsers = 0;

async function openShared(): Promise<{ storage: Azurite; pool: TestPool }> {
  const storage = await azurite();
  return { storage, pool: await newPool(storage) };
}

/** One Azurite and one pool for all files of a test process, closed by the last of them. Call it at the top of a file. */
export function usePool(test: {
  after: (hook: () => Promise<void>) => void;
}): () => Promise<{ storage: Azurite; pool: TestPool }> {
  poolUsers++;
  test.after(async () => {
    if (--poolUsers > 0) return;
    const open = await shared;
    shared = undefined;
    await open?.pool.close();
  });
  return () => {
    shared ??= openShared();
    return shared;
  };
}

export type Row = Readonly<Record<string, unknown>>;

/** Runs a batch and gives the rows of its first result, 64-bit integers as BigInt. */
export async function query(connection: SqlConnection, text: string): Promise<Row[]> {
  const sets = await connection.query(text, { directory: temporaryDirectory('query') });
  const path = sets.find((set) => set.rows !== undefined)?.rows?.parts[0];
  if (path === undefined) return [];
  return tableFromIPC(readFileSync(path))
    .toArray()
    .map((row) => ({ ...(row as { toJSON(): Row }).toJSON() }));
}

/** A batch in a database of the shared pool. */
export async function sql(pool: TestPool, database: string, text: string): Promise<Row[]> {
  const connection = await createSqlClient().connect(await pool.target(database));
  try {
    return await query(connection, text);
  } finally {
    await connection.close();
  }
}

interface ServiceOptions {
  readonly onStep?: StepHook;
  readonly sessionId?: string;
  /** Instead of the real ones: clients that wait less, storage behind a proxy. */
  readonly replaced?: Partial<Pick<SynapseOptions, 'sql' | 'storage' | 'accounts' | 'timeouts' | 'heartbeatMs'>>;
}

const kept = new Map<string, Promise<SqlConnection>>();

/** As `sql`, by a connection that is kept: a login takes longer than a small query. `closeKept` closes them. */
export async function keptSql(pool: TestPool, database: string, text: string): Promise<Row[]> {
  const connection = kept.get(database) ?? pool.target(database).then((target) => createSqlClient().connect(target));
  kept.set(database, connection);
  return query(await connection, text);
}

export async function closeKept(): Promise<void> {
  const open = [...kept.values()];
  kept.clear();
  for (const connection of open) await (await connection).close();
}

const service = (
  session: SessionServer,
  storage: Azurite,
  pools: PoolDirectory,
  options: ServiceOptions & { root: string; secrets?: Set<string>; lines?: string[] },
): SynapseService =>
  createSynapse({
    pools,
    sql: createSqlClient(),
    storage: createStorageClient(),
    accounts: storage.accounts,
    staging: { account: storage.account.name, container: 'staging', prefix: '' },
    session,
    toolchain: async () => {
      const { python, java, sparkHome } = testToolchain();
      const pythonPath = ['session-rpc', 'temp-views', 'synapse'].map((name) => join(root, 'packages', name, 'python'));
      return { python, java, javaMajor: 17, sparkHome, classPath: [], pythonPath };
    },
    directories: { id: 'test', root: options.root, arrow: join(options.root, 'arrow') },
    sessionId: options.sessionId ?? 'test',
    log: (line) => void options.lines?.push(line),
    addSecret: (secret) => void options.secrets?.add(secret),
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
    ...options.replaced,
  });

export interface SynapseSession {
  readonly storage: Azurite;
  readonly pool: TestPool;
  readonly synapse: SynapseService;
  /** Calls the kernel's methods as the JVM does. */
  readonly peer: SessionPeer;
  readonly lines: string[];
  readonly secrets: Set<string>;
  close(): Promise<void>;
}

/** `synapsesql` without Spark: the caller stages the files. */
export async function newSynapse(
  storage: Azurite,
  pool: TestPool,
  options: ServiceOptions & { pools?: PoolDirectory } = {},
): Promise<SynapseSession> {
  const session = await startSessionServer();
  const { root } = testDirectories();
  const lines: string[] = [];
  const secrets = new Set<string>();
  const synapse = service(session, storage, options.pools ?? pool.pools, { ...options, root, lines, secrets });
  const peer = await connectSession({ ...session.address, role: 'spark' });
  return {
    storage,
    pool,
    synapse,
    peer,
    lines,
    secrets,
    async close() {
      await synapse.close();
      peer.close();
      await session.close();
    },
  };
}

export interface SynapseSpark {
  readonly spark: TestSpark;
  readonly storage: Azurite;
  readonly pool: TestPool;
  readonly synapse: SynapseService;
  readonly secrets: Set<string>;
  readonly lines: string[];
}

let sparkSession: Promise<SynapseSpark> | undefined;
let users = 0;

/** Spark with `synapsesql`, on the shared pool and Azurite, for all files of a test process. Call it at the top of a file. */
export function useSynapseSpark(test: { after: (hook: () => Promise<void>) => void }): () => Promise<SynapseSpark> {
  users++;
  const poolOf = usePool(test);
  test.after(async () => {
    if (--users > 0) return;
    const open = await sparkSession;
    sparkSession = undefined;
    await open?.synapse.close();
    await open?.spark.host.close();
    await open?.spark.session.close();
  });
  return () => {
    sparkSession ??= startSynapseSpark(poolOf);
    return sparkSession;
  };
}

/** Spark's settings by which `abfs` and `abfss` lead to Azurite. */
export function azuriteConf({ account, key, port }: Azurite): Record<string, string> {
  const hadoop = {
    'fs.azure.abfs.endpoint': `127.0.0.1:${port}`,
    [`fs.azure.account.key.${account.name}.dfs.core.windows.net`]: key,
    'fs.azure.account.hns.enabled': 'false',
    'fs.azure.fns.account.service.type': 'BLOB',
    'fs.azure.always.use.https': 'false',
    'fs.azure.networking.library': 'JDK_HTTP_URL_CONNECTION',
    'fs.azure.createRemoteFileSystemDuringInitialization': 'true',
    'fs.abfss.impl': 'org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem',
  };
  return Object.fromEntries(Object.entries(hadoop).map(([name, value]) => [`spark.hadoop.${name}`, value]));
}

interface SparkOptions {
  readonly master?: string;
  /** Spark's way to the storage, when it is another than everybody's. */
  readonly storagePort?: number;
  readonly conf?: Readonly<Record<string, string>>;
  readonly sessionId?: string;
}

/** A Spark session of its own with `synapsesql`; the caller closes `synapse`, then Spark's host and session. */
export async function newSynapseSpark(
  storage: Azurite,
  pool: TestPool,
  { master, storagePort = storage.port, conf = {}, sessionId }: SparkOptions = {},
): Promise<SynapseSpark> {
  const spark = await newSpark({
    ...(master === undefined ? {} : { master }),
    conf: {
      'spark.driver.memory': '1g',
      ...azuriteConf({ ...storage, port: storagePort }),
      'spark.sql.session.timeZone': 'America/New_York',
      ...conf,
    },
    preload: [
      'import com.microsoft.spark.sqlanalytics.utils.Constants',
      'import com.microsoft.spark.sqlanalytics.SqlAnalyticsConnector._',
    ],
  });
  mkdirSync(join(spark.directories.root, 'synapse'), { recursive: true });
  const lines: string[] = [];
  const secrets = new Set<string>();
  const { root } = spark.directories;
  const synapse = service(spark.session, storage, pool.pools, {
    ...{ root, lines, secrets },
    ...(sessionId === undefined ? {} : { sessionId }),
  });
  return { spark, storage, pool, synapse, secrets, lines };
}

async function startSynapseSpark(poolOf: () => Promise<{ storage: Azurite; pool: TestPool }>): Promise<SynapseSpark> {
  const { storage, pool } = await poolOf();
  return newSynapseSpark(storage, pool);
}
