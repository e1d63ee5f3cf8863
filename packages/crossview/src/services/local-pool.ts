import { CrossviewError, type StorageAccount, type StorageClient, type StorageDirectory } from '@crossview/contracts';
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

interface PoolPackage {
  startPool(options: {
    directory: string;
    host: string;
    port: number;
    administrator: { user: string; password: string };
    storage: StorageClient;
    accounts: StorageDirectory;
    log: (line: string) => void;
  }): Promise<{ port: number; certificateAuthority: string; certificateName: string; close(): Promise<void> }>;
}

/** Starts the pool in this process, on a free loopback port. */
export async function startLocalPool(options: {
  directory: string;
  secrets: ServiceSecrets;
  storage: RunningServices['storage'];
  log: (line: string) => void;
  port?: number;
}): Promise<LocalPool> {
  privateDirectory(options.directory);
  const { startPool } = (await import('@crossview/sql-pool')) as unknown as PoolPackage;
  const { createStorageClient } = await import('@crossview/synapse');
  const storageClient: StorageClient = createStorageClient();
  const pool = await startPool({
    directory: options.directory,
    host: '127.0.0.1',
    port: options.port ?? 0,
    administrator: { user: options.secrets.poolUser, password: options.secrets.poolPassword },
    storage: storageClient,
    accounts: localStorageDirectory(options.storage),
    log: options.log,
  });
  return {
    address: {
      host: '127.0.0.1',
      port: pool.port,
      user: options.secrets.poolUser,
      password: options.secrets.poolPassword,
      certificateAuthority: pool.certificateAuthority,
      certificateName: pool.certificateName,
    },
    close: () => pool.close(),
  };
}
