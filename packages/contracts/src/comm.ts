import type { Json } from './mime.js';

/** A comm message between a front end and a language, with its binary buffers. */
export interface CommMessage {
  readonly type: 'comm_open' | 'comm_msg' | 'comm_close';
  readonly content: { readonly comm_id: string; readonly [key: string]: Json };
  readonly metadata: Json;
  readonly buffers: readonly Uint8Array[];
}
