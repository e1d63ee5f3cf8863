/** A socket as far as sending goes; zeromq allows one outstanding send. */
interface Sending {
  readonly closed: boolean;
  send(frames: Uint8Array[]): Promise<void>;
}

export interface OrderedSender {
  /** Sends after everything handed in before; never rejects, a socket that closed drops the message. */
  send(frames: Uint8Array[]): void;
  /** The same, before everything that still waits. */
  sendFirst(frames: Uint8Array[]): void;
  /** Resolves when what was handed in so far is with the socket. */
  drained(): Promise<void>;
}

interface OrderedSenderOptions {
  readonly later?: boolean;
  readonly before?: () => Uint8Array[] | undefined;
}

/**
 * @param before is asked ahead of each message for another one that has to go out first.
 * @param later Sends when what is going on now has been done: each send costs a system call, and news about a cell need not
 *   hold up the request that hands the cell on.
 */
export function orderedSender(
  socket: Sending,
  { later = false, before = () => undefined }: OrderedSenderOptions = {},
): OrderedSender {
  const waiting: Uint8Array[][] = [];
  let pump: Promise<void> | undefined;
  const run = async () => {
    if (later) await new Promise((resolve) => setImmediate(resolve));
    for (let frames = waiting.shift(); frames && !socket.closed; frames = waiting.shift()) {
      const first = before();
      if (first) await socket.send(first).catch(() => {});
      // A client that is gone is no failure of the one who answers it.
      await socket.send(frames).catch(() => {});
    }
    // Here and not in a later turn: what is handed in from now on starts a new run.
    pump = undefined;
  };
  return {
    send(frames) {
      if (socket.closed) return;
      waiting.push(frames);
      pump ??= run();
    },
    sendFirst(frames) {
      if (socket.closed) return;
      waiting.unshift(frames);
      pump ??= run();
    },
    drained: async () => {
      while (pump) await pump;
    },
  };
}
