import { connect } from 'node:net';
import { CrossviewError, type Json, type SessionMethod, type SessionPeer } from '@crossview/contracts';
import { SocketPeer } from './peer.js';

export interface SessionAddress {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

/** A process's connection to the kernel of its session. `role` is the kernel's side: `kernel`. */
export interface SessionClient extends SessionPeer {
  readonly sessionId: string;
  /** Registers a method that the kernel may call. A name can be registered once. */
  method(name: string, handler: SessionMethod): void;
  onNotification(name: string, listener: (params: Json) => void): void;
}

/**
 * Joins a session.
 * @throws CrossviewError `SESSION_UNREACHABLE` when nobody listens there, `SESSION_REFUSED` when the token is wrong.
 */
export async function connectSession(
  options: SessionAddress & { readonly role: string; readonly info?: Json; readonly timeoutMs?: number },
): Promise<SessionClient> {
  const { host, port, token, role, info, timeoutMs = 10_000 } = options;
  const methods = new Map<string, SessionMethod>();
  const listeners = new Map<string, (params: Json) => void>();
  const socket = connect({ host, port });
  await new Promise<void>((resolve, reject) => {
    const refuse = (reason: string) => {
      socket.destroy();
      reject(
        new CrossviewError('SESSION_UNREACHABLE', `The session at ${host}:${port} cannot be reached: ${reason}.`, {
          facts: { host, port },
        }),
      );
    };
    const timer = setTimeout(() => refuse(`no answer within ${timeoutMs} ms`), timeoutMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      refuse(error.message);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const peer = new SocketPeer(
    socket,
    { method: (name) => methods.get(name), notified: (name, params) => listeners.get(name)?.(params) },
    { role: 'kernel' },
  );
  const late = setTimeout(() => peer.close(), timeoutMs);
  let sessionId: string;
  try {
    const hello = { token, role, ...(info === undefined ? {} : { info }) };
    ({ sessionId } = (await peer.call('session.hello', hello)) as { sessionId: string });
  } catch (error) {
    peer.close();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return Object.assign(peer, {
    sessionId,
    method(name: string, handler: SessionMethod) {
      if (methods.has(name))
        throw new CrossviewError('METHOD_TAKEN', `The method ${name} is registered already.`, {
          facts: { method: name },
        });
      methods.set(name, handler);
    },
    onNotification(name: string, listener: (params: Json) => void) {
      listeners.set(name, listener);
    },
  });
}
