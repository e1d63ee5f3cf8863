import { type ConnectionInfo, endpoint } from '@crossview/jupyter-wire';
import { Dealer, Subscriber } from 'zeromq';
import { type OrderedSender, orderedSender } from './ordered-sender.js';

export type ClientChannel = 'shell' | 'control' | 'stdin';

/** The four channels of a front end, connected to a kernel. */
export interface ClientSockets {
  readonly send: Readonly<Record<ClientChannel, OrderedSender>>;
  listen(listener: (channel: ClientChannel | 'iopub', frames: Uint8Array[]) => void): void;
  /** May be called twice. */
  close(): void;
}

const unlimited = { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 };

/** @param identity the same on all channels, so that the kernel can ask back on stdin. */
export function connectClient(connection: ConnectionInfo, identity: string): ClientSockets {
  const dealer = (port: number) => {
    const socket = new Dealer({ ...unlimited, routingId: identity });
    socket.connect(endpoint(connection, port));
    return socket;
  };
  const sockets = {
    shell: dealer(connection.shell_port),
    control: dealer(connection.control_port),
    stdin: dealer(connection.stdin_port),
  };
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  iopub.connect(endpoint(connection, connection.iopub_port));
  iopub.subscribe();
  const read = async (
    channel: ClientChannel | 'iopub',
    listener: (channel: ClientChannel | 'iopub', frames: Uint8Array[]) => void,
  ) => {
    const socket = channel === 'iopub' ? iopub : sockets[channel];
    try {
      for await (const frames of socket) listener(channel, frames);
    } catch (error) {
      if (!socket.closed) throw error;
    }
  };
  return {
    send: {
      shell: orderedSender(sockets.shell),
      control: orderedSender(sockets.control),
      stdin: orderedSender(sockets.stdin),
    },
    listen(listener) {
      for (const channel of ['shell', 'control', 'stdin', 'iopub'] as const) void read(channel, listener);
    },
    close() {
      for (const socket of [...Object.values(sockets), iopub]) socket.close();
    },
  };
}
