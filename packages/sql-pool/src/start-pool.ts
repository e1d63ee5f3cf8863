import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { CrossviewError, type StorageClient, type StorageDirectory } from '@crossview/contracts';
import type { ServerCatalog } from './catalog/server-catalog.js';
import type { PoolServices } from './interpreter/session.js';
import { type Certificate, loadCertificate } from './server/certificate.js';
import { loadRequests, serveConnection } from './server/connection.js';

export interface PoolOptions {
  /** Databases, certificate and keys; made with mode 0700. One pool at a time has it. */
  readonly directory: string;
  /** Loopback unless told. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port?: number;
  readonly administrator: { readonly user: string; readonly password: string };
  /** Databases and schemas come into being when they are first used. Default true: what a local profile wants. */
  readonly createDatabases?: boolean;
  /** Or how to make one, when storage is first reached for: its libraries take long to load. */
  readonly storage: StorageClient | (() => Promise<StorageClient>);
  readonly accounts: StorageDirectory;
  /** Says whether an access token logs in, and as whom (with an administrator's rights). Without it no token does. */
  readonly acceptToken?: (token: string) => Promise<{ user: string } | undefined>;
  /** `2GB`; DuckDB's default when not given. */
  readonly memoryLimit?: string;
  /** @@SERVERNAME. */
  readonly serverName?: string;
  readonly log?: (text: string) => void;
}

export interface Pool {
  readonly port: number;
  /** PEM to trust when connecting to `localhost`. */
  readonly certificateAuthority: string;
  /** The name in the certificate to verify: `localhost`. */
  readonly certificateName: string;
  /** Lets the process end although the pool is open; what was committed is on disk all the same. */
  unref(): void;
  /** Ends every session and writes everything to disk. May be called twice. */
  close(): Promise<void>;
}

function once(given: PoolOptions['storage']): () => Promise<StorageClient> {
  if (typeof given !== 'function') return async () => given;
  let made: Promise<StorageClient> | undefined;
  return () => {
    made ??= given();
    return made;
  };
}

/**
 * Starts a local dedicated SQL pool.
 * @throws CrossviewError `POOL_PORT_TAKEN`, `POOL_DIRECTORY_IN_USE`
 */
export async function startPool(options: PoolOptions): Promise<Pool> {
  const { directory, host = '127.0.0.1', port = 0, log = () => undefined } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const scratch = join(directory, 'scratch');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  // Begun first: a new key is made on another thread while DuckDB loads on this one.
  const certified = loadCertificate(directory);
  certified.catch(() => undefined);
  const { Engine } = await import('./duckdb/engine.js');
  const { ServerCatalog } = await import('./catalog/server-catalog.js');
  // Loaded while DuckDB opens on threads of its own.
  void loadRequests();
  const engine = await Engine.start({
    temporaryDirectory: join(scratch, 'spill'),
    ...(options.memoryLimit ? { memoryLimit: options.memoryLimit } : {}),
  });
  let catalog: ServerCatalog;
  let certificate: Certificate;
  try {
    catalog = await ServerCatalog.open(engine, directory, options.createDatabases ?? true);
    certificate = await certified;
  } catch (error) {
    await engine.close();
    if (error instanceof Error && /lock on file/i.test(error.message))
      throw new CrossviewError('POOL_DIRECTORY_IN_USE', `Another pool is using the directory ${directory}.`, {
        hint: 'Stop it, or give this one another directory.',
        cause: error,
      });
    throw error;
  }
  const services: PoolServices = {
    catalog,
    storage: once(options.storage),
    accounts: options.accounts,
    scratch: join(scratch, 'files'),
    administrator: options.administrator.user,
    serverName: options.serverName ?? 'crossview',
    sessions: new Map(),
  };
  const sockets = new Set<Socket>();
  const serving = new Set<Promise<void>>();
  let background = false;
  const server = createServer((socket) => {
    if (background) socket.unref();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const done = serveConnection(socket, {
      services,
      certificate,
      log,
      policy: { administrator: options.administrator, acceptToken: options.acceptToken },
    }).finally(() => serving.delete(done));
    serving.add(done);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch(async (error: NodeJS.ErrnoException) => {
    await catalog.close();
    await engine.close();
    if (error.code === 'EADDRINUSE')
      throw new CrossviewError('POOL_PORT_TAKEN', `The port ${port} on ${host} is taken.`, {
        hint: 'Give another port, or 0 for any free one.',
        cause: error,
      });
    throw error;
  });
  let closing: Promise<void> | undefined;
  const close = async () => {
    server.close();
    for (const session of services.sessions.values()) {
      session.cancelled = true;
      session.connection.interrupt();
    }
    for (const socket of sockets) socket.destroy();
    await Promise.allSettled([...serving]);
    await catalog.close();
    await engine.close();
    rmSync(scratch, { recursive: true, force: true });
  };
  return {
    port: (server.address() as AddressInfo).port,
    certificateAuthority: certificate.certificate,
    certificateName: 'localhost',
    unref: () => {
      background = true;
      server.unref();
      for (const socket of sockets) socket.unref();
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
