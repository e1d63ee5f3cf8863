import type { JsonObject } from '../message.js';
import type { CommContent } from './comm.js';
import type { ErrorContent } from './execute.js';

interface Display {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly transient: JsonObject;
}

/** What a kernel publishes on IOPub, by message type. */
export interface Publications {
  status: { readonly execution_state: 'starting' | 'busy' | 'idle' };
  execute_input: { readonly code: string; readonly execution_count: number };
  stream: { readonly name: 'stdout' | 'stderr'; readonly text: string };
  display_data: Display;
  update_display_data: Display;
  execute_result: { readonly execution_count: number; readonly data: JsonObject; readonly metadata: JsonObject };
  clear_output: { readonly wait: boolean };
  error: ErrorContent;
  comm_open: CommContent;
  comm_msg: CommContent;
  comm_close: CommContent;
  shutdown_reply: { readonly status: 'ok'; readonly restart: boolean };
  iopub_welcome: { readonly subscription: string };
}
