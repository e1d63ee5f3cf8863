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
    for (let frames = waiting.shift(); frames; frames = waiting.shift()) {
      if (socket.closed) return;
      // A client that is gone is no failure of the one who answers it.
      await socket.send(frames).catch(() => {});
    }
  };
  return {
    send(frames) {
      waiting.push(frames);
      pump ??= run().finally(() => {
        pump = undefined;
      });
    },
    drained: async () => {
      while (pump) await pump;
    },
  };
}
