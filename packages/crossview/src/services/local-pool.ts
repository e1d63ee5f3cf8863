import { dirname } from 'node:path';
import { CrossviewError, type StorageAccount, type StorageDirectory } from '@crossview/contracts';
import { poolLake } from '../lake/pool-storage.js';
import { privateDirectory } from '../places.js';
import { localAccount, type ServiceSecrets } from './secrets.js';
import type { RunningServices } from './state.js';

export interface LocalPool {
  readonly address: RunningServices['pool'];
  close(): Promise<void>;
}

type Storage = RunningServices['storage'];

/** The pool's view of storage: the one account that Azurite serves. */
export function localStorageDirectory(storage: Storage | Promise<Storage>): StorageDirectory {
  return {
    async account(name): Promise<StorageAccount> {
      if (name.toLowerCase() !== localAccount)
        throw new CrossviewError(
          'STORAGE_ACCOUNT_UNKNOWN',
          `the storage account ${name} is not mapped to a local lake`,
          {
            hint: `Map it: crossview lake map ${name} FOLDER. Locally there is ${localAccount}; for a real account use a profile of kind "azure" in crossview.json.`,
            facts: { account: name },
          },
        );
      const { blobEndpoint, key } = await storage;
      return {
        name: localAccount,
        blobEndpoint,
        credential: { kind: 'key', key },
        emulator: true,
      };
    },
  };
}

/** Starts the pool in this process, on a free loopback port. */
export async function startLocalPool(options: {
  directory: string;
  secrets: ServiceSecrets;
  /** The pool is up before its storage is; a statement that reaches for it waits. */
  storage: Storage | Promise<Storage>;
  log: (line: string) => void;
  /** Whether databases and schemas come into being on first use. */
  createDatabases: boolean;
  port?: number;
}): Promise<LocalPool> {
  privateDirectory(options.directory);
  const { startPool } = await import('@crossview/sql-pool');
  const lake = poolLake(dirname(options.directory), localStorageDirectory(options.storage));
  const pool = await startPool({
    directory: options.directory,
    port: options.port ?? 0,
    createDatabases: options.createDatabases,
    administrator: { user: options.secrets.poolUser, password: options.secrets.poolPassword },
    accounts: lake.accounts,
    storage: async () => lake.storage((await import('@crossview/synapse')).createStorageClient()),
    log: options.log,
  });
  return {
    address: {
      host: '127.0.0.1',
      port: pool.port,
      user: options.secrets.poolUser,
      password: options.secrets.poolPassword,
      certificateAuthority: pool.certificateAuthority,
      certificateName: 'localhost',
    },
    close: () => pool.close(),
  };
}
