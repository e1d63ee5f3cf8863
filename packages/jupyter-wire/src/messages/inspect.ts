import type { JsonObject } from '../message.js';

export interface InspectRequest {
  readonly code: string;
  readonly cursor_pos: number;
  readonly detail_level: number;
}

export interface InspectReply {
  readonly status: 'ok';
  readonly found: boolean;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}
