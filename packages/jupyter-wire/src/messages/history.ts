export interface HistoryRequest {
  readonly hist_access_type: string;
  readonly output: boolean;
  readonly raw: boolean;
  /** `range` only; 0 is the running session, negative numbers count back from it. */
  readonly session: number;
  readonly start: number;
  /** `undefined` up to the end. */
  readonly stop: number | undefined;
  readonly n: number | undefined;
  readonly pattern: string;
  readonly unique: boolean;
}

/** Session, line, source; with `output` the source and what came out of it. */
export type HistoryItem = readonly [number, number, string | readonly [string, string | null]];

export interface HistoryReply {
  readonly status: 'ok';
  readonly history: readonly HistoryItem[];
}
