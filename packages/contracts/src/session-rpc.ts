import type { Json } from './mime.js';

/** A process that takes part in the session: the JVM, a Python kernel, the TypeScript process. */
export interface SessionPeer {
  /** Unique for each connection. */
  readonly id: string;
  /** What the peer said it is in `session.hello`: `spark`, `pyspark`, `python`, `typescript`. */
  readonly role: string;
  /** What else it said of itself there: `{ pid }`; `{}` when nothing. */
  readonly info: Json;
  /**
   * Calls a method of the peer.
   * @throws CrossviewError with the peer's own code, or `PEER_GONE` when it closed before it answered.
   */
  call(method: string, params: Json, options?: { signal?: AbortSignal }): Promise<Json>;
  notify(method: string, params: Json): void;
  /** Called once when the connection ends. */
  onClose(listener: () => void): void;
  close(): void;
}

export interface SessionCall {
  readonly peer: SessionPeer;
  /** Aborted when the peer goes away or cancels the call. */
  readonly signal: AbortSignal;
}

export type SessionMethod = (params: Json, call: SessionCall) => Promise<Json> | Json;

/** The kernel's side: a loopback socket where the processes of one session meet. */
export interface SessionServer {
  /** `host:port` and the token that a peer must present first. Handed to peers by environment or standard input. */
  readonly address: { readonly host: string; readonly port: number; readonly token: string };
  /** Registers a method that peers may call. A name can be registered once. */
  method(name: string, handler: SessionMethod): void;
  onNotification(name: string, listener: (params: Json, peer: SessionPeer) => void): void;
  onPeer(listener: (peer: SessionPeer) => void): void;
  /**
   * Resolves with the first peer of this role, now or later; rejects with `PEER_TIMEOUT` after `timeoutMs`.
   * @param isWanted tells apart peers of one role, by their `info`
   */
  waitForPeer(role: string, timeoutMs: number, isWanted?: (peer: SessionPeer) => boolean): Promise<SessionPeer>;
  /** May be called twice. */
  close(): Promise<void>;
}
