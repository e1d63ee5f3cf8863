import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { CrossviewError, type Json, type SessionMethod, type SessionPeer } from '@crossview/contracts';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  NullLogger,
  ParameterStructures,
} from 'vscode-jsonrpc/node.js';
import { SocketReader, SocketWriter } from './socket-transport.js';
import { fromResponseError, peerGone, toResponseError } from './wire-errors.js';

/** Bytes of one message, once the peer has said the token. Data goes in files; text of cells may be large. */
export const largestMessage = 512 * 1024 * 1024;

export interface PeerMethods {
  /** Finds the handler of a method, or `undefined`. Called for each request, so that methods may come later. */
  method(name: string): SessionMethod | undefined;
  notified(name: string, params: Json, peer: SocketPeer): void;
}

/** One end of a connection of the session, the same on both sides. */
export class SocketPeer implements SessionPeer {
  readonly id = randomUUID();
  role: string;
  info: Json = {};
  #greeted: boolean;
  #closed = false;
  readonly #connection: MessageConnection;
  readonly #reader: SocketReader;
  readonly #running = new Set<AbortController>();
  readonly #closeListeners = new Set<() => void>();

  /**
   * @param greet given on the side that was connected to: judges the first call. When it throws, or when the first
   *   message is no call of `session.hello`, the connection ends.
   */
  constructor(
    private readonly socket: Socket,
    private readonly methods: PeerMethods,
    options: { role: string; greet?: (params: Json, peer: SocketPeer) => Json },
  ) {
    this.role = options.role;
    this.#greeted = options.greet === undefined;
    socket.setNoDelay(true);
    this.#reader = new SocketReader(socket, this.#greeted ? largestMessage : 64 * 1024);
    this.#connection = createMessageConnection(this.#reader, new SocketWriter(socket), NullLogger);
    this.#connection.onError(() => {});
    this.#connection.onRequest(async (method, params, token) => {
      if (!this.#greeted && options.greet) return this.#hello(method, params as Json, options.greet);
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return this.#answer(method, (params ?? {}) as Json, controller);
    });
    this.#connection.onNotification((method, params) => {
      if (!this.#greeted) this.close();
      else methods.notified(method, (params ?? {}) as unknown as Json, this);
    });
    socket.once('close', () => this.#end());
    this.#connection.listen();
  }

  async call(method: string, params: Json, options: { signal?: AbortSignal } = {}): Promise<Json> {
    if (this.#closed) throw peerGone(this.#title, method);
    const { signal } = options;
    if (signal?.aborted) throw cancelled(method);
    const source = new CancellationTokenSource();
    const cancel = () => {
      if (!this.#closed) source.cancel();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return (await this.#connection.sendRequest(method, ParameterStructures.byName, params, source.token)) as Json;
    } catch (error) {
      throw fromResponseError(error, this.#title, method);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  notify(method: string, params: Json): void {
    if (this.#closed) return;
    this.#connection.sendNotification(method, ParameterStructures.byName, params).catch(() => {});
  }

  onClose(listener: () => void): void {
    if (this.#closed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
  }

  close(): void {
    this.socket.destroy();
    this.#end();
  }

  get #title(): string {
    return `The ${this.role} process`;
  }

  async #hello(method: string, params: Json, greet: (params: Json, peer: SocketPeer) => Json): Promise<Json> {
    try {
      if (method !== 'session.hello') throw new CrossviewError('SESSION_REFUSED', 'The first call is session.hello.');
      const answer = greet(params, this);
      this.#greeted = true;
      this.#reader.limit = largestMessage;
      return answer;
    } catch (error) {
      // The reason still goes out; then the connection ends, whatever else the peer has sent.
      setImmediate(() => this.socket.destroySoon());
      throw toResponseError(error);
    }
  }

  async #answer(method: string, params: Json, controller: AbortController): Promise<Json> {
    const handler = this.methods.method(method);
    this.#running.add(controller);
    try {
      if (!handler)
        throw new CrossviewError('METHOD_UNKNOWN', `The session has no method ${method}.`, { facts: { method } });
      return await handler(params, { peer: this, signal: controller.signal });
    } catch (error) {
      throw toResponseError(error);
    } finally {
      this.#running.delete(controller);
    }
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.dispose();
    for (const controller of this.#running) controller.abort();
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners.clear();
  }
}

function cancelled(method: string): CrossviewError {
  return new CrossviewError('CANCELLED', `${method} was cancelled before it began.`, { facts: { method } });
}
