import type { RecordBatch, Schema } from 'apache-arrow';
import type { InterimType } from '../columns/column.js';

/** A column on its way into a sink. */
export interface SinkColumn {
  readonly name: string;
  readonly interim: InterimType;
}

/** What a sink is told before the first batch. */
export interface SinkInput {
  readonly columns: readonly SinkColumn[];
  readonly schema: Schema;
  /** Zone in which moments with an offset are shown. */
  readonly timeZone: string;
  readonly signal: AbortSignal | undefined;
}

export interface SinkResult {
  /** Rows that are in the sink now. */
  readonly rows: number;
  /** Rows that the sink itself left out, within what it was allowed to. */
  readonly rowsSkipped?: number;
  readonly bytes: number;
  readonly files?: number;
  /** Further fields of the activity's output: `sqlDwPolyBase`. */
  readonly output?: Readonly<Record<string, string | number | boolean>>;
}

/** Takes batches, then makes all of them visible, or none. One of `finish` and `abandon` is called; `abandon` never fails. */
export interface Sink {
  append(batch: RecordBatch): Promise<void>;
  finish(): Promise<SinkResult>;
  abandon(): Promise<void>;
}
