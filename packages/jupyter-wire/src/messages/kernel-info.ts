import type { JsonObject } from '../message.js';

export type KernelInfoRequest = Record<string, never>;

export interface KernelInfoReply {
  readonly status: 'ok';
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: JsonObject;
  readonly banner: string;
  readonly debugger: boolean;
  readonly supported_features: readonly string[];
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
}
