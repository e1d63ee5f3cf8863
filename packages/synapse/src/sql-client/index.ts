import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { CrossviewError, type PoolTarget, type SqlClient, type SqlConnection } from '@crossview/contracts';
import { Connection, type ConnectionConfiguration, ISOLATION_LEVEL } from 'tedious';
import { readExactValues } from './exact-values.js';
import { openConnection } from './sql-connection.js';
import { connectError, isTransient } from './sql-errors.js';

export { sqlTypeKey } from './arrow-file.js';
export { isTransient, transientNumbers, wasRefused, wasTakenBack } from './sql-errors.js';

/** How long a client waits. */
export interface SqlPatience {
  readonly connectMs?: number;
  /** For the server's word that a statement was cancelled; then the connection is given up. */
  readonly cancelMs?: number;
}

/** Waits between the tries of a connection that the server put off. */
const retryDelaysMs = [1_000, 3_000, 8_000];

async function configuration(
  target: PoolTarget,
  applicationName: string,
  { connectMs = 30_000, cancelMs = 30_000 }: SqlPatience,
): Promise<ConnectionConfiguration> {
  const { login } = target;
  return {
    server: target.host,
    authentication:
      login.kind === 'sql'
        ? { type: 'default', options: { userName: login.user, password: login.password } }
        : { type: 'azure-active-directory-access-token', options: { token: await login.token() } },
    options: {
      port: target.port,
      database: target.database,
      appName: applicationName,
      encrypt: true,
      trustServerCertificate: false,
      serverName: target.certificateName,
      cryptoCredentialsDetails:
        target.certificateAuthority === undefined ? {} : { ca: [...rootCertificates, target.certificateAuthority] },
      connectTimeout: connectMs,
      // A load may take hours; it ends by the caller's signal.
      requestTimeout: 0,
      cancelTimeout: cancelMs,
      maxRetriesOnTransientErrors: 0,
      packetSize: 16_384,
      // The only level that a dedicated pool knows.
      connectionIsolationLevel: ISOLATION_LEVEL.READ_UNCOMMITTED ?? 1,
      useUTC: true,
      useColumnNames: false,
    },
  };
}

async function connectOnce(
  target: PoolTarget,
  applicationName: string,
  patience: SqlPatience,
  signal?: AbortSignal,
): Promise<SqlConnection> {
  const connection = new Connection(await configuration(target, applicationName, patience));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      connection.close();
      reject(new CrossviewError('SQL_CANCELLED', `Cancelled while connecting to ${target.server}.`));
    };
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    connection.on('error', () => {});
    connection.connect((error) => {
      signal?.removeEventListener('abort', onAbort);
      if (error) {
        connection.close();
        reject(connectError(error, target));
      } else resolve(openConnection(connection, target));
    });
  });
}

/** SQL pools over TDS. The server's certificate is always verified. */
export function createSqlClient(patience: SqlPatience = {}): SqlClient {
  readExactValues();
  return {
    async connect(target, { signal, applicationName = 'Crossview' } = {}) {
      for (const wait of retryDelaysMs) {
        try {
          return await connectOnce(target, applicationName, patience, signal);
        } catch (thrown) {
          if (!isTransient(thrown)) throw thrown;
          await delay(wait, undefined, { ...(signal === undefined ? {} : { signal }) });
        }
      }
      return connectOnce(target, applicationName, patience, signal);
    },
  };
}
