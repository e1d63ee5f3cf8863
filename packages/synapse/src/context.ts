import { join } from 'node:path';
import type {
  PoolDirectory,
  PoolTarget,
  SessionDirectories,
  SessionServer,
  SqlClient,
  StorageAccount,
  StorageClient,
  StorageCredential,
  StorageDirectory,
  Toolchain,
} from '@crossview/contracts';
import type { Heartbeat } from './heartbeat.js';
import { connectPool, type Pool, type PoolTimeouts } from './pool.js';
import type { StepHook, StepRunner } from './steps.js';

/** Hadoop settings by which Spark reaches a storage account. */
export type SparkStorageConf = (
  account: StorageAccount,
  container: string,
  credential: StorageCredential,
) => Readonly<Record<string, string>>;

/** What the door introduces to `synapsesql`. */
export interface SynapseOptions {
  readonly pools: PoolDirectory;
  readonly sql: SqlClient;
  readonly storage: StorageClient;
  readonly accounts: StorageDirectory;
  /** Where files are staged when nothing else is asked for. `prefix` is a directory, empty for the container's root. */
  readonly staging: { readonly account: string; readonly container: string; readonly prefix: string };
  /** Python with pyarrow, for languages without Spark; without one they read over TDS and cannot write. */
  readonly toolchain?: () => Promise<Toolchain>;
  readonly session: SessionServer;
  readonly directories: SessionDirectories;
  readonly sessionId: string;
  /** Without it, `defaultSparkStorageConf`. */
  readonly sparkStorageConf?: SparkStorageConf;
  /** For what a user should be able to look up later; no secrets in it. */
  readonly log: (line: string) => void;
  /** Told every secret that is made here, so that no output shows it. */
  readonly addSecret?: (secret: string) => void;
  /** Shows in the running cell what is done just now; `undefined` takes the line away. */
  readonly progress?: (line: string | undefined) => void;
  readonly timeouts?: PoolTimeouts;
  /** How often staging directories in use are touched; five minutes. */
  readonly heartbeatMs?: number;
  /** Called in front of every step; for tests of faults. */
  readonly onStep?: StepHook;
}

/** The same, with what is made of it. */
export interface Synapse extends SynapseOptions {
  readonly step: StepRunner;
  readonly heartbeat: Heartbeat;
}

export function openPool(
  synapse: Pick<Synapse, 'sql' | 'step' | 'directories' | 'timeouts'>,
  target: PoolTarget,
  signal: AbortSignal | undefined,
  queryTimeout?: string | undefined,
): Promise<Pool> {
  return connectPool(target, {
    sql: synapse.sql,
    step: synapse.step,
    directory: join(synapse.directories.root, 'synapse'),
    signal,
    timeouts: {
      ...synapse.timeouts,
      ...(queryTimeout === undefined ? {} : { statementMs: Number(queryTimeout) * 1000 }),
    },
  });
}
