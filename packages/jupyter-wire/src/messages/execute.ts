import type { JsonObject } from '../message.js';

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Readonly<Record<string, string>>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type ExecuteReply =
  | {
      readonly status: 'ok';
      readonly execution_count: number;
      readonly user_expressions: JsonObject;
      readonly payload: readonly JsonObject[];
    }
  | ({
      readonly status: 'error';
      readonly execution_count: number;
      readonly user_expressions: JsonObject;
      readonly payload: readonly JsonObject[];
    } & ErrorContent)
  | { readonly status: 'aborted'; readonly execution_count: number };
