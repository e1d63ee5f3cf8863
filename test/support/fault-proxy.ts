import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to the next thing a client sends: the connection breaks before it arrives, or after it was answered and before the answer
 * arrives; nothing is answered any more; or the service says that it is busy (HTTP only).
 */
export type Fault = 'cutBefore' | 'cutAfter' | 'hang' | 'busy';

/** A TCP proxy in front of a service that breaks the connection of whoever speaks next, once it is armed. */
export class FaultProxy {
  /** Faults that happened since the last `arm`. */
  hits = 0;
  #armed: Fault | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {}

  static async open(upstream: number): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const proxy = new FaultProxy(server, (server.address() as { port: number }).port);
    server.on('connection', (client) => proxy.#join(client, upstream));
    return proxy;
  }

  arm(fault: Fault): void {
    this.hits = 0;
    this.#armed = fault;
  }

  /** Nothing more breaks; what hangs is hung up. */
  disarm(): void {
    this.#armed = undefined;
  }

  close(): void {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(): Fault | undefined {
    const fault = this.#armed;
    if (fault === undefined) return undefined;
    this.#armed = undefined;
    this.hits += 1;
    return fault;
  }

  #join(client: Socket, upstream: number): void {
    const service = connect(upstream, '127.0.0.1');
    let state: Fault | undefined;
    const end = () => {
      client.destroy();
      service.destroy();
    };
    for (const socket of [client, service]) {
      this.#sockets.add(socket);
      socket.unref();
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (state !== 'hang') end();
      });
    }
    client.on('data', (chunk) => {
      state ??= this.#take();
      if (state === 'hang') return;
      if (state === 'cutBefore') end();
      else if (state === 'busy')
        client.end(
          'HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
        );
      else service.write(chunk);
    });
    service.on('data', (chunk) => {
      if (state === 'hang') return;
      if (state === 'cutAfter') end();
      else client.write(chunk);
    });
  }
}
