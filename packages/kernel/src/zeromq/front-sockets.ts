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
    /** Makes what a front end is greeted with that subscribed to a topic, which is empty for all. */
    welcome: (topic: Uint8Array) => Uint8Array[];
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

/**
 * Sees to it that a front end is welcomed before it is told anything else (JEP 65). A subscription counts from the moment
 * the socket has taken it in, which may be while the next message is sent, and is read here later.
 */
class Welcomes {
  make: ((topic: Uint8Array) => Uint8Array[]) | undefined;
  #ahead = false;

  constructor(private readonly socket: { readonly closed: boolean; readonly readable: boolean }) {}

  /** Somebody has come or gone whose event was not read yet: welcomed for all topics, which is what front ends ask for. */
  beforeNext(): Uint8Array[] | undefined {
    if (this.#ahead || !this.make || this.socket.closed || !this.socket.readable) return undefined;
    this.#ahead = true;
    return this.make(new Uint8Array());
  }

  /** First byte 1: a subscription; 0: its end. @returns the welcome that is still owed */
  seen(event: Uint8Array): Uint8Array[] | undefined {
    const topic = event.subarray(1);
    const welcomed = this.#ahead && topic.byteLength === 0;
    this.#ahead = false;
    return event[0] === 1 && !welcomed ? this.make?.(topic) : undefined;
  }
}

/** How long a port that somebody else has is asked for again. */
const patience = { milliseconds: 3000, pause: 50 };

/**
 * Front ends choose ports that are free and let go of them before the kernel starts. Until it binds them, a connection
 * of another program may have one for a moment, and so may the kernel before this one when a session is restarted.
 */
async function bind(socket: { bind(address: string): Promise<void> }, address: string): Promise<void> {
  const end = Date.now() + patience.milliseconds;
  for (;;)
    try {
      return await socket.bind(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, patience.pause));
    }
}

/** @throws CrossviewError `PORT_TAKEN` when a port of the connection file cannot be bound, or not within three seconds. */
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
        bind(sockets[name], endpoint(connection, ports[name])),
      ),
    );
  } catch (cause) {
    closeAll();
    throw new CrossviewError('PORT_TAKEN', `The kernel cannot listen where its connection file says: ${cause}`, {
      hint: 'Start the kernel again, so that the front end picks other ports.',
      cause,
    });
  }
  const welcomes = new Welcomes(sockets.iopub);
  const senders = {
    shell: orderedSender(sockets.shell),
    control: orderedSender(sockets.control),
    stdin: orderedSender(sockets.stdin),
    iopub: orderedSender(sockets.iopub, { later: true, before: () => welcomes.beforeNext() }),
    heartbeat: orderedSender(sockets.heartbeat),
  };
  let closed = false;
  return {
    ...senders,
    listen({ shell, control, stdin, welcome }) {
      welcomes.make = welcome;
      void each(sockets.shell, shell);
      void each(sockets.control, control);
      void each(sockets.stdin, stdin);
      void each(sockets.heartbeat, (frames) => senders.heartbeat.send(frames));
      void each(sockets.iopub, ([event]) => {
        const greeting = event && welcomes.seen(event);
        if (greeting) senders.iopub.sendFirst(greeting);
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
