import { createServer, type Server, type Socket } from 'node:net';

/** The socket where clients say that they are there, simply by keeping a connection open. */
export interface Control {
  readonly port: number;
  /** Called whenever the number of clients changes. */
  onCount(listener: (clients: number) => void): void;
  close(): void;
}

const greetingLimit = 5_000;

/** Accepts clients that first send the token on a line; anyone else is hung up on. */
export async function startControl(token: string): Promise<Control> {
  const clients = new Set<Socket>();
  const sockets = new Set<Socket>();
  const listeners: ((clients: number) => void)[] = [];
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let greeting = '';
    const timer = setTimeout(() => socket.destroy(), greetingLimit);
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (chunk: string) => {
      if (clients.has(socket)) return;
      greeting += chunk;
      const end = greeting.indexOf('\n');
      if (end < 0 && greeting.length <= token.length) return;
      clearTimeout(timer);
      if (greeting.slice(0, end) !== token) {
        socket.destroy();
        return;
      }
      clients.add(socket);
      socket.write('welcome\n');
      for (const listener of listeners) listener(clients.size);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
      if (clients.delete(socket)) for (const listener of listeners) listener(clients.size);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    onCount: (listener) => void listeners.push(listener),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
