import type { ArrowParts } from './views.js';

/** A dedicated SQL pool that a name was resolved to. */
export interface PoolTarget {
  /** The name as the user wrote it, `servername.database.windows.net`, or the profile's default. */
  readonly server: string;
  /** Where the connection really goes. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** PEM of a certificate authority to trust besides the system's. */
  readonly certificateAuthority: string | undefined;
  /** The name to verify in the server's certificate. */
  readonly certificateName: string;
  readonly login: PoolLogin;
  /** Shown in the cell when the pool is not the one the server name says: `local pool`. */
  readonly standIn: string | undefined;
}

export type PoolLogin =
  | { readonly kind: 'sql'; readonly user: string; readonly password: string }
  /** Entra: a fresh access token for `https://database.windows.net/` on each call. */
  | { readonly kind: 'token'; readonly token: () => Promise<string> };

/** Finds pools by server name and database, as the profile in force says. */
export interface PoolDirectory {
  /**
   * @param user,password given by the user for SQL authentication; without them the profile's own way is taken.
   * @throws CrossviewError `POOL_UNKNOWN` naming the server and the profile.
   */
  resolve(request: {
    server?: string | undefined;
    database?: string | undefined;
    user?: string | undefined;
    password?: string | undefined;
  }): Promise<PoolTarget>;
}

export interface SqlMessage {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  readonly line: number;
  readonly text: string;
}

/** One result set, as Arrow in the session's directory, or only a number of rows for a statement without columns. */
export interface SqlResultSet {
  readonly rows: ArrowParts | undefined;
  readonly rowsAffected: number | undefined;
}

export interface SqlParameter {
  readonly name: string;
  readonly value: string | number | bigint | boolean | null;
}

/** One connection to a pool. Calls are queued; the connection state (temp tables, SET options) lasts. */
export interface SqlConnection {
  readonly target: PoolTarget;
  /**
   * Runs a batch.
   * @param directory where result sets are written as Arrow stream files; it exists.
   * @throws CrossviewError `SQL_FAILED` with `number`, `severity`, `state`, `line`, `server` as facts;
   *   `SQL_CANCELLED` after the signal, when the server has confirmed the cancel; `SQL_TIMEOUT` after `timeoutMs`.
   */
  query(
    text: string,
    options: {
      directory: string;
      parameters?: readonly SqlParameter[];
      limit?: number;
      /** How long the server may take; without it, for ever. */
      timeoutMs?: number;
      signal?: AbortSignal;
      onMessage?: (message: SqlMessage) => void;
    },
  ): Promise<readonly SqlResultSet[]>;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface SqlClient {
  /** @throws CrossviewError `SQL_LOGIN_FAILED` (naming server, database and user, never the password), `SQL_UNREACHABLE`. */
  connect(target: PoolTarget, options?: { signal?: AbortSignal; applicationName?: string }): Promise<SqlConnection>;
}
