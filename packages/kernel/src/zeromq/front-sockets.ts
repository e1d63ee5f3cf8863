import { CrossviewError } from '@crossview/contracts';
import { type ConnectionInfo, endpoint } from '@crossview/jupyter-wire';
import { Router, XPublisher } from 'zeromq';
import { type OrderedSender, orderedSender } from './ordered-sender.js';

type Received = (frames: Uint8Array[]) => void;

/** The five sockets of a kernel, bound. They carry frames and know nothing of messages. */
export interface FrontSockets {
  readonly shell: OrderedSender;
  readonly control: OrderedSender;
  readonly stdin: OrderedSender;
  readonly iopub: OrderedSender;
  /** Starts to read. Listeners get each message of their socket in order. */
  listen(listeners: {
    shell: Received;
    control: Received;
    stdin: Received;
    /** A front end subscribed to a topic, which is empty for all. */
    subscribed: (topic: Uint8Array) => void;
  }): void;
  /** Sends what is still waiting, then closes. May be called twice. */
  close(): Promise<void>;
}

/** Zero means without limit: a slow front end must not lose output. */
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0 };

interface Receiving {
  readonly closed: boolean;
  receive(): Promise<Uint8Array[]>;
}

/** A peer that breaks the protocol makes a receive fail, and must not end the kernel; the pause keeps a lasting failure calm. */
async function each(socket: Receiving, listener: (frames: Uint8Array[]) => void) {
  while (!socket.closed) {
    let frames: Uint8Array[];
    try {
      frames = await socket.receive();
    } catch {
      if (!socket.closed) await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    listener(frames);
  }
}

/** @throws CrossviewError `PORT_TAKEN` when a port of the connection file cannot be bound. */
export async function bindFront(connection: ConnectionInfo): Promise<FrontSockets> {
  const router = { ...unlimited, linger: 1000, handover: true };
  const sockets = {
    shell: new Router(router),
    control: new Router(router),
    stdin: new Router(router),
    // Not REP: that one waits for ever to answer a peer that is gone.
    heartbeat: new Router({ linger: 0, handover: true }),
    // XPUB, not PUB: a subscription can be seen, and welcomed (JEP 65).
    iopub: new XPublisher({ ...unlimited, linger: 1000, verbosity: 'allSubs' }),
  };
  const ports = {
    shell: connection.shell_port,
    control: connection.control_port,
    stdin: connection.stdin_port,
    heartbeat: connection.hb_port,
    iopub: connection.iopub_port,
  };
  const closeAll = () => {
    for (const socket of Object.values(sockets)) socket.close();
  };
  try {
    await Promise.all(
      (Object.keys(ports) as (keyof typeof ports)[]).map((name) =>
        sockets[name].bind(endpoint(connection, ports[name])),
      ),
    );
  } catch (cause) {
    closeAll();
    throw new CrossviewError('PORT_TAKEN', `The kernel cannot listen where its connection file says: ${cause}`, {
      hint: 'Start the kernel again, so that the front end picks other ports.',
      cause,
    });
  }
  const senders = {
    shell: orderedSender(sockets.shell),
    control: orderedSender(sockets.control),
    stdin: orderedSender(sockets.stdin),
    iopub: orderedSender(sockets.iopub),
    heartbeat: orderedSender(sockets.heartbeat),
  };
  let closed = false;
  return {
    ...senders,
    listen({ shell, control, stdin, subscribed }) {
      void each(sockets.shell, shell);
      void each(sockets.control, control);
      void each(sockets.stdin, stdin);
      void each(sockets.heartbeat, (frames) => senders.heartbeat.send(frames));
      void each(sockets.iopub, ([frame]) => {
        // First byte 1: a subscription; 0: its end.
        if (frame?.[0] === 1) subscribed(frame.subarray(1));
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      const drained = Promise.all(Object.values(senders).map((sender) => sender.drained()));
      await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, 1000))]);
      closeAll();
    },
  };
}
