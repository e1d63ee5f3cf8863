import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line between a client and a server that can be cut, and that can swallow what is sent. */
export interface BrokenLine {
  readonly port: number;
  /** From now on what the client sends on open connections is lost; new connections are whole. */
  swallow(): void;
  /** Ends all connections without a word. */
  cut(): void;
  close(): void;
}

export async function brokenLine(target: number): Promise<BrokenLine> {
  const open = new Set<{ client: Socket; server: Socket; deaf: boolean }>();
  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1').setNoDelay();
    const pair = { client: client.setNoDelay(), server, deaf: false };
    open.add(pair);
    client.on('data', (bytes) => void (pair.deaf || server.write(bytes)));
    server.on('data', (bytes) => void client.write(bytes));
    for (const socket of [client, server])
      socket
        .on('error', () => {})
        .on('close', () => {
          client.destroy();
          server.destroy();
          open.delete(pair);
        });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const { client, server } of open) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: (listener.address() as AddressInfo).port,
    swallow() {
      for (const pair of open) pair.deaf = true;
    },
    cut,
    close() {
      cut();
      listener.close();
    },
  };
}
