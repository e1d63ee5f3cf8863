import type { CellOutcome, CellOutput } from './cell.js';
import type { Completeness, Completion } from './language.js';
import type { MimeBundle } from './mime.js';
import type { ArrowParts, ViewHolder } from './views.js';

export interface SparkCell {
  readonly id: string;
  readonly code: string;
  readonly signal: AbortSignal;
  readonly output: CellOutput;
}

/** What a Spark SQL cell gave. A command without columns (`CREATE …`, `SET …` without rows) has no `head`. */
export interface SparkSqlResult {
  readonly outcome: CellOutcome;
  /** The first rows as Arrow, at most `headRows`; `totalRows` is known when all rows are here. */
  readonly head: ArrowParts | undefined;
  /** A temp view that holds the whole result, when one was asked for. */
  readonly view: string | undefined;
}

export interface SparkProgress {
  readonly cellId: string;
  readonly jobId: number;
  readonly stages: number;
  readonly stagesDone: number;
  readonly tasks: number;
  readonly tasksDone: number;
  readonly done: boolean;
}

/** The JVM that holds the session's one SparkSession. */
export interface SparkHost extends ViewHolder {
  readonly state: 'stopped' | 'starting' | 'ready' | 'failed';
  /**
   * Starts the JVM unless it runs. Concurrent calls share one start.
   * @param first what it is started for: the Scala compiler then starts beside Spark, and else some seconds after it.
   * @throws CrossviewError `SPARK_START_FAILED` with the last words of the JVM; `JAVA_NOT_FOUND`.
   */
  start(first?: 'scala'): Promise<void>;
  scala(cell: SparkCell): Promise<CellOutcome>;
  sql(cell: SparkCell, options: { headRows: number; view?: string }): Promise<SparkSqlResult>;
  completeScala(code: string, cursor: number): Promise<Completion>;
  inspectScala(code: string, cursor: number): Promise<MimeBundle | undefined>;
  isCompleteScala(code: string): Promise<Completeness>;
  /** Cancels the Spark jobs of a cell, whichever language started them. Does nothing when there are none. */
  cancelJobs(cellId: string): Promise<void>;
  /** The environment that lets a Python process attach to this session over Py4J (starts the JVM). Holds a secret. */
  pythonEnvironment(): Promise<Readonly<Record<string, string>>>;
  /** The same for R, over the backend that Spark keeps for it. Holds a secret. */
  rEnvironment(): Promise<Readonly<Record<string, string>>>;
  onProgress(listener: (progress: SparkProgress) => void): () => void;
  /** Called when the JVM ends without having been asked to; the argument is what it said last. */
  onExit(listener: (lastWords: string) => void): () => void;
  readonly version: { readonly spark: string; readonly scala: string; readonly java: string } | undefined;
  /** Spark settings for the next start, over those of the profile; `%%configure`. */
  configure(settings: Readonly<Record<string, string>>): void;
  /** Ends the JVM as `close` does; the next call that needs it starts a new one. May be called twice. */
  stop(): Promise<void>;
  /** Ends the JVM and everything it started, within ten seconds. May be called twice. */
  close(): Promise<void>;
}
