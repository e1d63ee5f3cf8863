import type { Pool } from '../pool.js';
import type { StagingBase } from '../staging.js';
import type { TableColumn } from '../tsql/ddl.js';
import type { ExternalNeeds } from '../tsql/external-objects.js';
import type { TableName } from '../tsql/quote.js';

/** What a loader gets: staged Parquet whose columns are `columns`, in this order. */
export interface LoadJob {
  readonly pool: Pool;
  readonly staging: StagingBase;
  readonly columns: readonly TableColumn[];
  readonly label: string;
  /** A signature that reads the staging container. */
  readonly signature: () => Promise<string>;
  readonly external: ExternalNeeds;
}

export interface Loaded {
  /** Rows that the pool says it took, when it says. */
  readonly rows: number | undefined;
  /** The statement, without secrets. */
  readonly command: string;
}

/** One way to bring staged Parquet into a table. */
export interface Loader {
  readonly name: 'copy' | 'polybase';
  readonly title: string;
  /** Makes the table and fills it. When it fails there may be a table, which the caller drops. */
  create(job: LoadJob, table: TableName, tableOptions: string): Promise<Loaded>;
  /** Adds the rows to a table that is there, by the names of the columns; all or none. */
  append(job: LoadJob, table: TableName): Promise<Loaded>;
}
