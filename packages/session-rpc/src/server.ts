import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  CrossviewError,
  type Json,
  type SessionMethod,
  type SessionPeer,
  type SessionServer,
} from '@crossview/contracts';
import { SocketPeer } from './peer.js';

/** How long a connection may stay without `session.hello`. */
const helloMilliseconds = 10_000;

/**
 * Opens the session's socket on a free port, with a fresh token.
 * @param host a loopback address; the token keeps other users of the host out.
 */
export async function startSessionServer({ host = '127.0.0.1' }: { host?: string } = {}): Promise<SessionServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return new SocketServer(server, { host, port, token: randomBytes(32).toString('base64url') });
}

class SocketServer implements SessionServer {
  readonly #id = randomBytes(8).toString('hex');
  readonly #methods = new Map<string, SessionMethod>();
  readonly #notifications = new Map<string, Set<(params: Json, peer: SessionPeer) => void>>();
  readonly #peerListeners = new Set<(peer: SessionPeer) => void>();
  readonly #peers = new Set<SocketPeer>();
  readonly #sockets = new Set<Socket>();
  #closing: Promise<void> | undefined;

  constructor(
    private readonly server: Server,
    readonly address: { readonly host: string; readonly port: number; readonly token: string },
  ) {
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', () => {});
  }

  method(name: string, handler: SessionMethod): void {
    if (this.#methods.has(name) || name === 'session.hello')
      throw new CrossviewError('METHOD_TAKEN', `The session's method ${name} is registered already.`, {
        facts: { method: name },
      });
    this.#methods.set(name, handler);
  }

  onNotification(name: string, listener: (params: Json, peer: SessionPeer) => void): void {
    const listeners = this.#notifications.get(name);
    if (listeners) listeners.add(listener);
    else this.#notifications.set(name, new Set([listener]));
  }

  onPeer(listener: (peer: SessionPeer) => void): void {
    this.#peerListeners.add(listener);
  }

  waitForPeer(
    role: string,
    timeoutMs: number,
    isWanted: (peer: SessionPeer) => boolean = () => true,
  ): Promise<SessionPeer> {
    for (const peer of this.#peers) if (peer.role === role && isWanted(peer)) return Promise.resolve(peer);
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        clearTimeout(timer);
        this.#peerListeners.delete(listener);
        settled();
      };
      const listener = (peer: SessionPeer) => {
        if (peer.role === role && isWanted(peer)) settle(() => resolve(peer));
      };
      const timer = setTimeout(() => {
        const text = `No ${role} process joined the session within ${timeoutMs} ms.`;
        settle(() => reject(new CrossviewError('PEER_TIMEOUT', text, { facts: { role, timeoutMs } })));
      }, timeoutMs);
      this.#peerListeners.add(listener);
    });
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const peer of this.#peers) peer.close();
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closing;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const hello = setTimeout(() => socket.destroy(), helloMilliseconds);
    socket.once('close', () => {
      clearTimeout(hello);
      this.#sockets.delete(socket);
    });
    new SocketPeer(
      socket,
      {
        method: (name) => this.#methods.get(name),
        notified: (name, params, peer) => this.#notified(name, params, peer),
      },
      {
        role: 'unknown',
        greet: (params, peer) => {
          const { token, role, info = {} } = params as { token?: unknown; role?: unknown; info?: Json };
          if (typeof token !== 'string' || !sameSecret(token, this.address.token))
            throw new CrossviewError('SESSION_REFUSED', 'The token is not the one of this session.');
          if (typeof role !== 'string' || role === '')
            throw new CrossviewError('SESSION_REFUSED', 'session.hello must say a role.');
          clearTimeout(hello);
          peer.info = info;
          this.#welcome(peer, role);
          return { sessionId: this.#id };
        },
      },
    );
  }

  #welcome(peer: SocketPeer, role: string): void {
    peer.role = role;
    this.#peers.add(peer);
    peer.onClose(() => this.#peers.delete(peer));
    // After the answer to hello, so that a listener's first call comes second.
    setImmediate(() => {
      for (const listener of [...this.#peerListeners]) listener(peer);
    });
  }

  #notified(name: string, params: Json, peer: SocketPeer): void {
    for (const listener of this.#notifications.get(name) ?? []) {
      try {
        listener(params, peer);
      } catch {
        // A listener's failure is not the peer's: nobody waits for an answer to a notification.
      }
    }
  }
}

/** Compares digests, so that neither content nor length of the secret shows in the time taken. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
