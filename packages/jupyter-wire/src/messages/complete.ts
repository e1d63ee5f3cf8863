import type { JsonObject } from '../message.js';

/** `cursor_pos` counts Unicode code points, not UTF-16 units. */
export interface CompleteRequest {
  readonly code: string;
  readonly cursor_pos: number;
}

export interface CompleteReply {
  readonly status: 'ok';
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: JsonObject;
}
