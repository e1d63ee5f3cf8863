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

/** The pool's view of storage: the one account that Azurite serves. */
export function localStorageDirectory(storage: RunningServices['storage']): StorageDirectory {
  return {
    async account(name): Promise<StorageAccount> {
      if (name.toLowerCase() !== localAccount)
        throw new CrossviewError('STORAGE_ACCOUNT_UNKNOWN', `the local pool knows no storage account ${name}`, {
          hint: `Locally there is the account ${localAccount}. For a real account use a profile of kind "azure" in crossview.json.`,
          facts: { account: name },
        });
      return {
        name: localAccount,
        blobEndpoint: storage.blobEndpoint,
        credential: { kind: 'key', key: storage.key },
        emulator: true,
      };
    },
  };
}

/** Starts the pool in this process, on a free loopback port. */
export async function startLocalPool(options: {
  directory: string;
  secrets: ServiceSecrets;
  storage: RunningServices['storage'];
  log: (line: string) => void;
  /** Whether databases and schemas come into being on first use. */
  createDatabases: boolean;
  port?: number;
}): Promise<LocalPool> {
  privateDirectory(options.directory);
  const { startPool } = await import('@crossview/sql-pool');
  const { createStorageClient } = await import('@crossview/synapse');
  const pool = await startPool({
    directory: options.directory,
    port: options.port ?? 0,
    createDatabases: options.createDatabases,
    administrator: { user: options.secrets.poolUser, password: options.secrets.poolPassword },
    ...poolLake(dirname(options.directory), {
      accounts: localStorageDirectory(options.storage),
      storage: createStorageClient(),
    }),
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
