import type { ChartWish } from './chart-wish.js';
import type { Json, MimeBundle } from './mime.js';
import type { ViewField, ViewInfo } from './views.js';

/**
 * The methods that the processes of a session offer each other over the session's RPC. Names, parameters and results are
 * the whole seam between TypeScript, Scala and Python: a change here is a change on all sides.
 * Errors travel as `{code: -32000, message, data: {code, hint, facts}}`: JSON-RPC wants a number in front, ours is a word.
 */
export interface WireParts {
  parts: string[];
  rows: number;
  bytes: number;
  totalRows: number | null;
}

/** Offered by the kernel; called by the JVM (role `spark`), Python (`pyspark`, `python`) and TypeScript (`typescript`). */
export interface KernelMethods {
  /** First call on every connection; anything else before it closes the connection. */
  'session.hello': { params: { token: string; role: string; info?: Json }; result: { sessionId: string } };

  /** A frame's first rows as a MIME bundle: one renderer for all languages. */
  'frames.render': {
    params: { data: WireParts; options?: { title?: string; maxRows?: number; chart?: ChartWish } };
    result: { data: MimeBundle; metadata: Json };
  };

  'views.list': { params: Record<string, never>; result: { views: ViewInfo[] } };
  'views.read': { params: { name: string; limit?: number }; result: WireParts };
  'views.allocate': { params: Record<string, never>; result: { directory: string } };
  'views.publish': { params: { name: string; data: WireParts; language: string }; result: ViewInfo };
  'views.drop': { params: { name: string }; result: { dropped: boolean } };

  /** The profile's secret of this name, for `mssparkutils.credentials.getSecret(vault, name)`. */
  'secrets.get': { params: { vault: string; name: string }; result: { value: string } };

  /** Documents of a Data Factory repository as JSON text; gives what they are: `dataset SparkDataset`. */
  'copy.define': { params: { text: string }; result: { defined: string[] } };
  /**
   * Runs the pipelines of a text or of a file, or one that was defined before, and gives each run as JSON. The first activity that
   * failed is the call's error unless `allowFailure`. With `progress` the caller is notified by `call.progress` of that id.
   */
  'copy.run': {
    params: {
      text?: string;
      file?: string;
      pipeline?: string;
      parameters?: { [name: string]: Json };
      view?: string;
      allowFailure?: boolean;
      progress?: number;
    };
    result: { runs: Json[] };
  };

  /** `synapsesql` write, first half: checks and a staging place. `schema` is Spark's schema as JSON. */
  'synapse.write.plan': { params: SynapseWriteRequest; result: SynapseWritePlan };
  /** Second half, after the Spark tasks wrote the Parquet: load, verify, swap, clean. */
  'synapse.write.load': {
    params: {
      planId: string;
      rows: number | null;
      stagingMilliseconds: number;
      /** The longest value of each column in the plan's `measure`: UTF-16 units of a text, bytes of a binary. */
      lengths?: { [column: string]: number };
      /** Names of the files that Spark has committed, where it knows: any other in the directory is of an attempt that failed. */
      files?: string[] | null;
    };
    result: { metrics: { [key: string]: Json }; summary: string };
  };
  /** The Spark side failed: removes what was staged. Never fails. */
  'synapse.write.abandon': { params: { planId: string; reason: string }; result: Record<string, never> };
  /** `synapsesql` read: resolves the target and gives the schema, as Spark's schema JSON, without moving data. */
  'synapse.read.plan': {
    params: { source: string; options: { [key: string]: string }; conf: { [key: string]: string }; cellId: string };
    result: { planId: string; schema: string; note: string };
  };
  /** Exports the rows (CETAS) and says where Spark reads the Parquet. `filters` are T-SQL predicates made by the JVM side from pushed filters. */
  'synapse.read.export': {
    params: { planId: string; columns: string[]; filters: SynapseFilter[]; limit: number | null };
    result: { location: string; hadoopConf: { [key: string]: string }; rows: number | null };
  };
  /** The rows of a table or query for a language without Spark, as Arrow files in `directory`, which comes from `views.allocate`. */
  'synapse.fetch': { params: SynapseFetchRequest; result: { data: WireParts; note: string } };
  /** Writes Arrow files of this host to a table, as a Spark frame is written. */
  'synapse.store': {
    params: SynapseStoreRequest;
    result: { metrics: { [key: string]: Json }; summary: string; note: string };
  };
  /** The frame was released: its staged files may go. Never fails. */
  'synapse.read.release': { params: { planId: string }; result: Record<string, never> };
}

/** A pushed filter as data, never as text: TypeScript turns it into a parametrised or quoted predicate. */
export type SynapseFilter =
  | { op: 'and' | 'or'; left: SynapseFilter; right: SynapseFilter }
  | { op: 'not'; child: SynapseFilter }
  | { op: '=' | '<>' | '<' | '<=' | '>' | '>='; column: string; value: SynapseLiteral }
  | { op: 'in'; column: string; values: SynapseLiteral[] }
  | { op: 'isNull' | 'isNotNull'; column: string }
  | { op: 'startsWith' | 'endsWith' | 'contains'; column: string; value: SynapseLiteral };

/** `type` is Spark's name (`int`, `decimal(18,2)`, `timestamp`); `value` its text. */
export interface SynapseLiteral {
  type: string;
  value: string;
}

export interface SynapseFetchRequest {
  /** `database.schema.table`, or a SELECT; empty for the option `QUERY`. */
  source: string;
  options: { [key: string]: string };
  cellId: string;
  columns: string[] | null;
  limit: number | null;
  directory: string;
}

export type SynapseStoreRequest = Omit<SynapseWriteRequest, 'schema' | 'conf'> & { parts: string[] };

export interface SynapseWriteRequest {
  table: string;
  tableType: string;
  location: string | null;
  /** Spark's save mode: `ErrorIfExists`, `Append`, `Overwrite`, `Ignore`. */
  mode: string;
  /** All options set on the writer, keys as the user wrote them. */
  options: { [key: string]: string };
  /** The session's Spark conf entries that matter: `spark.sqlanalyticsconnector.*`, `spark.app.*`. */
  conf: { [key: string]: string };
  schema: string;
  cellId: string;
}

export interface SynapseWritePlan {
  planId: string;
  /** True when the save mode says that nothing is to be done (`Ignore` on an existing table). */
  skip: boolean;
  /** Where the Spark tasks write, `abfs[s]://container@account.dfs.core.windows.net/…`. */
  location: string;
  /** Hadoop settings for this write only; holds a credential for just that directory where the storage can do it. */
  hadoopConf: { [key: string]: string };
  /** Options of the Parquet writer. */
  writerOptions: { [key: string]: string };
  /** Column expressions in Spark SQL, in order, when the frame must be cast before it is written; empty for none. */
  select: string[];
  /** True when the files are added to those that are at the location. */
  append: boolean;
  /** Columns of which the longest value is asked for. */
  measure: string[];
  note: string;
}

/** Offered by the JVM. Cell output goes to the kernel as notifications, see `SparkNotifications`. */
export interface SparkMethods {
  'scala.execute': {
    params: { cell: string; code: string };
    result: { status: 'ok' } | { status: 'error'; name: string; value: string; traceback: string[] };
  };
  'scala.complete': {
    params: { code: string; cursor: number };
    result: { matches: string[]; start: number; end: number };
  };
  'scala.inspect': { params: { code: string; cursor: number }; result: { text: string | null } };
  'scala.isComplete': {
    params: { code: string };
    result: { status: 'complete' | 'incomplete' | 'invalid' | 'unknown' };
  };
  'sql.execute': {
    params: { cell: string; code: string; headRows: number; directory: string; view: string | null };
    result:
      | { status: 'ok'; head: WireParts | null; view: string | null }
      | { status: 'error'; name: string; value: string; traceback: string[] };
  };
  /** Starts the end of Spark that R connects to, once. */
  'r.open': { params: Record<string, never>; result: { port: number; secret: string } };
  'views.list': {
    params: Record<string, never>;
    result: { views: { name: string; scope: 'session' | 'global'; version: string }[] };
  };
  'views.describe': { params: { name: string }; result: { fields: ViewField[] } };
  'views.export': {
    params: { name: string; directory: string; limit: number | null; cell: string };
    result: WireParts;
  };
  'views.import': { params: { name: string; parts: string[] }; result: { version: string } };
  'views.drop': { params: { name: string }; result: { dropped: boolean } };
  /** Cancels the cell's Spark jobs and interrupts its thread; `hard` also stops the thread where Java still can. */
  'cell.cancel': { params: { cell: string; hard: boolean }; result: { found: boolean } };
}

/** From the JVM to the kernel: once when it has started or could not, then while cells run. */
export interface SparkNotifications {
  'spark.ready': {
    launch: string;
    spark: string;
    scala: string;
    java: string;
    gatewayPort: number;
    gatewaySecret: string;
  };
  'spark.failed': { launch: string; reason: string };
  'cell.stream': { cell: string; name: 'stdout' | 'stderr'; text: string };
  'cell.display': { cell: string; data: MimeBundle; metadata: Json };
  'cell.result': { cell: string; data: MimeBundle };
  'spark.progress': {
    cell: string;
    job: number;
    stages: number;
    stagesDone: number;
    tasks: number;
    tasksDone: number;
    done: boolean;
  };
}
