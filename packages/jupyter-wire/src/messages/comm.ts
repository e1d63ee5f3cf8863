import type { JsonObject } from '../message.js';

export interface CommInfoRequest {
  readonly target_name: string | undefined;
}

export interface CommInfoReply {
  readonly status: 'ok';
  readonly comms: { readonly [id: string]: { readonly target_name: string } };
}

export interface CommContent extends JsonObject {
  readonly comm_id: string;
}
