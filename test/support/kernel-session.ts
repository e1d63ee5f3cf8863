import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CrossviewError,
  type LanguageContext,
  type LanguageModule,
  type SessionDirectories,
  type SessionServer,
  type SparkHost,
} from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { type Kernel, type KernelOptions, startKernel } from '@crossview/kernel';
import { startSessionServer } from '@crossview/session-rpc';
import { createViewCatalog } from '@crossview/temp-views';
import { KernelClient } from './kernel-client.js';
import { root, temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

export interface KernelSession {
  readonly kernel: Kernel;
  readonly client: KernelClient;
  readonly connection: ConnectionInfo;
  readonly context: Omit<LanguageContext, 'valueOf'>;
  close(): Promise<void>;
}

export interface KernelSessionOptions {
  /** A session with Spark to stand on, which the caller closes; without one there is no Spark. */
  readonly on?: { readonly session: SessionServer; readonly host: SparkHost; readonly directories: SessionDirectories };
  readonly defaultLanguage?: string;
  readonly languages?: readonly LanguageModule[];
  readonly context?: Partial<Omit<LanguageContext, 'valueOf'>>;
  readonly options?: Partial<KernelOptions>;
}

function refuse(what: string): never {
  throw new CrossviewError('NOT_IN_THIS_TEST', `${what} was asked for in a session that has none`);
}

/** Pools for sessions in which nothing asks for one. */
export const refusedPools: Pick<LanguageContext, 'sql' | 'pools' | 'jupyterServer'> = {
  jupyterServer: () => refuse('a Jupyter Server'),
  sql: { connect: async () => refuse('a pool') },
  pools: { resolve: async () => refuse('a pool') },
};

/** A Spark that must not be started: a session in which nothing asks for Spark never notices. */
function noSpark(): SparkHost {
  const refused = async () => refuse('Spark');
  return {
    state: 'stopped',
    running: false,
    version: undefined,
    list: async () => [],
    describe: refused,
    exportTo: refused,
    importFrom: refused,
    drop: async () => false,
    start: refused,
    scala: refused,
    sql: refused,
    completeScala: refused,
    inspectScala: refused,
    isCompleteScala: refused,
    cancelJobs: async () => {},
    pythonEnvironment: refused,
    rEnvironment: refused,
    onProgress: () => () => {},
    onExit: () => () => {},
    configure: () => {},
    stop: async () => {},
    close: async () => {},
  };
}

export const pythonFolders = ['session-rpc', 'temp-views', 'spark-session', 'synapse', 'notebook-utils', 'kernel'].map(
  (name) => join(root, 'packages', name, 'python'),
);

export function ipcConnection(): ConnectionInfo {
  const directory = temporaryDirectory('k');
  return {
    transport: 'ipc',
    ip: join(directory, 'k'),
    shell_port: 1,
    iopub_port: 2,
    stdin_port: 3,
    control_port: 4,
    hb_port: 5,
    signature_scheme: 'hmac-sha256',
    key: randomBytes(16).toString('hex'),
  };
}

/** A kernel in this process with a real session and real views, and a front end connected to it; no Spark, no pool. */
export async function startKernelSession({
  defaultLanguage = 'python',
  languages = [],
  context: given = {},
  options = {},
  on,
}: KernelSessionOptions = {}): Promise<KernelSession> {
  const session = on?.session ?? (await startSessionServer());
  const directory = temporaryDirectory('kernel');
  const directories = on?.directories ?? { id: 'test', root: directory, arrow: join(directory, 'arrow') };
  for (const folder of [directories.arrow, join(directories.root, 'tmp')]) mkdirSync(folder, { recursive: true });
  const spark = on?.host ?? given.spark ?? noSpark();
  const views = given.views ?? createViewCatalog({ spark, directories, session });
  const context: Omit<LanguageContext, 'valueOf'> = {
    session,
    directories,
    workingDirectory: directory,
    ...refusedPools,
    toolchain: async () => {
      const { python, java, sparkHome } = testToolchain();
      return { python, java, javaMajor: 17, sparkHome, classPath: [], pythonPath: pythonFolders };
    },
    ...given,
    spark,
    views,
  };
  const connection = ipcConnection();
  const openSession = async () => ({ context });
  const kernel = await startKernel({ connection, openSession, defaultLanguage, languages, ...options }).catch(
    async (error: unknown) => {
      await session.close();
      throw error;
    },
  );
  const client = new KernelClient(connection);
  // An idle that was published before the subscription had arrived would be waited for without end.
  await client.subscribed;
  await client.ask('kernel_info_request');
  return {
    kernel,
    client,
    connection,
    context,
    async close() {
      client.close();
      await kernel.close();
      await views.close();
      if (!on) await session.close();
    },
  };
}
