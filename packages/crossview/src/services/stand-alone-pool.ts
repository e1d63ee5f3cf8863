import { join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { privateDirectory } from '../places.js';
import { withLock } from '../system/file-lock.js';
import { startAzurite } from './azurite.js';
import { startLocalPool } from './local-pool.js';
import { localAccount, serviceSecrets } from './secrets.js';

export interface PoolCommandOptions {
  readonly directory: string;
  readonly port: string;
  readonly user: string;
  /** As in notebooks: databases and schemas come into being on first use. */
  readonly createDatabases?: boolean;
}

/**
 * `crossview pool`: a pool with storage of its own, for any SQL client.
 * @returns the exit code when it was told to end.
 * @throws CrossviewError `POOL_ARGUMENTS`, `LOCK_TIMEOUT` when another one uses the directory.
 */
export async function runPool(options: PoolCommandOptions): Promise<number> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CrossviewError('POOL_ARGUMENTS', `${options.port} is no port`, {
      hint: 'Give a number from 0 to 65535.',
    });
  const directory = privateDirectory(resolve(options.directory));
  return withLock(directory, 'pool', () => serve(directory, port, options), { waitMs: 15_000 });
}

async function serve(
  directory: string,
  port: number,
  { user, createDatabases = false }: PoolCommandOptions,
): Promise<number> {
  const log = (line: string): void => {
    if (process.env.CROSSVIEW_DEBUG) console.error(line);
  };
  const told = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
  const known = serviceSecrets({ services: directory });
  const secrets = { ...known, poolUser: user, poolPassword: process.env.CROSSVIEW_POOL_PASSWORD || known.poolPassword };
  const starting = startAzurite({
    directory: join(directory, 'azurite'),
    account: localAccount,
    key: secrets.storageKey,
    log,
  });
  const storage = starting.then(({ port: blobPort }) => ({
    account: localAccount,
    key: secrets.storageKey,
    port: blobPort,
    blobEndpoint: `http://127.0.0.1:${blobPort}/${localAccount}`,
  }));
  storage.catch(() => undefined);
  try {
    const pool = await startLocalPool({
      directory: join(directory, 'pool'),
      secrets,
      storage,
      log,
      port,
      createDatabases,
    });
    const { address } = pool;
    console.log(`A dedicated SQL pool listens on ${address.host},${address.port}; its data are in ${directory}`);
    console.log(
      `Server=tcp:${address.host},${address.port};Database=master;User ID=${address.user};Password=${address.password};Encrypt=yes;TrustServerCertificate=yes`,
    );
    console.log('Ctrl+C ends it.');
    try {
      await storage;
      await told;
    } finally {
      await pool.close();
    }
    return 0;
  } finally {
    await (await starting.catch(() => undefined))?.close();
  }
}
