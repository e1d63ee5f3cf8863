import type { Json } from '@crossview/contracts';

/** A JSON object whose fields are not known beforehand. */
export type JsonObject = { readonly [key: string]: Json };

/** Header of a Jupyter message (messaging protocol, "General message format"). */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  /** Version of the protocol, `5.4`. */
  readonly version: string;
}

/** A message as it crosses a channel. Routing identities are there on ROUTER sockets; on IOPub the topic stands in their place. */
export interface Message<Content = JsonObject> {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the request that caused this message; empty for none. */
  readonly parent: Header | Record<string, never>;
  readonly metadata: JsonObject;
  readonly content: Content;
  /** Raw binary frames, neither signed nor JSON. */
  readonly buffers: readonly Uint8Array[];
}

export type ChannelName = 'shell' | 'control' | 'stdin' | 'iopub';

export const protocolVersion = '5.4';
