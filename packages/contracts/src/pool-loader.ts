import type { PoolTarget } from './sql-client.js';
import type { StorageAccount, StorageCredential, StoredFile } from './storage.js';

/** One column of staged files that a pool loads; the order is that of the Parquet columns. */
export interface PoolLoadColumn {
  /** Column of the target table. */
  readonly name: string;
  /** T-SQL type of the Parquet values, `datetime2(6)`, `decimal(38,4)`; also the type of a table that has to be made. */
  readonly type: string;
  readonly nullable: boolean;
}

/** How the pool reads the files, with the settings that Data Factory's sink has for each way. */
export type PoolLoadMethod =
  | {
      readonly kind: 'copy';
      /** Values for columns that are empty in the source: T-SQL literals by column. */
      readonly defaultValues: readonly { readonly columnName: string; readonly defaultValue: string }[];
      /** Further options of the COPY statement, `MAXERRORS` → `10000`, to the letter. */
      readonly additionalOptions: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'polybase';
      readonly rejectType: 'value' | 'percentage';
      readonly rejectValue: number;
      readonly rejectSampleValue: number | undefined;
      readonly useTypeDefault: boolean;
    };

export interface PoolLoadRequest {
  readonly pool: PoolTarget;
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly PoolLoadColumn[];
  /** Staged Parquet files (Snappy, INT96 timestamps), all below `directory`. No file means no row. */
  readonly staging: {
    readonly account: StorageAccount;
    readonly container: string;
    /** Path inside the container, without slashes at its ends; holds nothing but these files. */
    readonly directory: string;
    readonly credential: StorageCredential | undefined;
    readonly files: readonly StoredFile[];
  };
  /** Rows in the files: the loader compares them with what the pool took. */
  readonly rows: number;
  readonly method: PoolLoadMethod;
  /** T-SQL to run before the rows are loaded; when it fails, nothing is loaded. */
  readonly before: string | undefined;
  /** Makes the table when it is not there; without it a missing table is an error. */
  readonly createTable: boolean;
  readonly signal?: AbortSignal;
}

export interface PoolLoadResult {
  readonly rowsLoaded: number;
  /** Rows that the pool refused within the limits that `method` allows. */
  readonly rowsRejected: number;
  /** The statement that loaded, without secrets. */
  readonly command: string;
}

/**
 * Loads staged Parquet into a table of a dedicated SQL pool, as one unit: after an error the table has no row of it.
 * The caller removes the staged files.
 * @throws CrossviewError `TABLE_NOT_FOUND`, `SQL_FAILED`, `SQL_CANCELLED`, or another of the pool's family.
 */
export interface PoolLoader {
  load(request: PoolLoadRequest): Promise<PoolLoadResult>;
}
