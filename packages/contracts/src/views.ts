/** How a view's rows are handed over: Arrow IPC stream files on this host, each readable by itself, in order. */
export interface ArrowParts {
  /** Absolute paths. An empty view has one part with a schema and no batch. */
  readonly parts: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** Rows the whole view has; equal to `rows` unless a limit was asked for, `undefined` when not known. */
  readonly totalRows: number | undefined;
}

export interface ViewField {
  readonly name: string;
  /** In the holder's own words: Spark's `bigint`, Arrow's `Int64`. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface ViewInfo {
  readonly name: string;
  /** The language that made the view, or `spark` for one found in the Spark catalog. */
  readonly language: string;
  readonly scope: 'session' | 'global';
  readonly fields: readonly ViewField[] | undefined;
  readonly rows: number | undefined;
  /** Bytes of Arrow held by the session for this view. */
  readonly bytes: number;
  /** What a reader should know: why Spark does not have the view. */
  readonly note?: string | undefined;
  /** Another one whenever the name is bound anew. */
  readonly version?: string | undefined;
}

/**
 * Something that holds views: Spark's catalog, or the session's own store of Arrow files.
 * The temp-views package asks it; it never asks back.
 */
export interface ViewHolder {
  /** Names with a version that changes whenever the name is bound anew. Never starts an engine. */
  list(): Promise<readonly { name: string; scope: 'session' | 'global'; version: string }[]>;
  describe(name: string): Promise<readonly ViewField[]>;
  /** Writes the rows into `directory` (which exists) as Arrow stream files. `limit` counts rows. */
  exportTo(name: string, directory: string, options: { limit?: number; signal?: AbortSignal }): Promise<ArrowParts>;
  /** Makes the Arrow files a view of this name and gives its version. */
  importFrom(name: string, data: ArrowParts): Promise<string>;
  drop(name: string): Promise<boolean>;
  /** False when asking would start an engine that is not running yet. */
  readonly running: boolean;
  /** Changes with each start of the engine, which then knows nothing of what was imported before. */
  readonly generation?: number | string | undefined;
}

/** The session's views, whatever language made them. Names are case-insensitive, as in Spark. */
export interface ViewCatalog {
  list(): Promise<readonly ViewInfo[]>;
  /**
   * The rows of a view. Nothing is cut unless `limit` is given.
   * @throws CrossviewError `VIEW_NOT_FOUND` with the nearest names in the hint.
   */
  read(name: string, options?: { limit?: number; signal?: AbortSignal }): Promise<ArrowParts>;
  /** A fresh directory of the session, where a publisher writes its Arrow files before `publish`. */
  allocate(): Promise<string>;
  /** Removes an allocated directory that nothing was published from. Never rejects; any other directory is left alone. */
  discard(directory: string): Promise<void>;
  /** Binds `name` to these files, in every language. Their directory must come from `allocate`. */
  publish(name: string, data: ArrowParts, language: string): Promise<ViewInfo>;
  drop(name: string): Promise<boolean>;
  /** Makes every view that Spark does not have yet a temp view there. Called before each Spark cell. */
  offerToSpark(): Promise<void>;
  /**
   * Calls the listener when a view was made, replaced or dropped. What Spark cells do shows when somebody next asks for
   * views. Gives what ends it.
   */
  onChange(listener: () => void): () => void;
  /** Removes all files. May be called twice. */
  close(): Promise<void>;
}
