/** A socket as far as sending goes; zeromq allows one outstanding send. */
interface Sending {
  readonly closed: boolean;
  send(frames: Uint8Array[]): Promise<void>;
}

export interface OrderedSender {
  /** Sends after everything handed in before; never rejects, a socket that closed drops the message. */
  send(frames: Uint8Array[]): void;
  /** Resolves when what was handed in so far is with the socket. */
  drained(): Promise<void>;
}

export function orderedSender(socket: Sending): OrderedSender {
  const waiting: Uint8Array[][] = [];
  let pump: Promise<void> | undefined;
  const run = async () => {
    for (let frames = waiting.shift(); frames && !socket.closed; frames = waiting.shift()) {
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
    drained: async () => {
      while (pump) await pump;
    },
  };
}
