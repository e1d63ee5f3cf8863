import type { Socket } from 'node:net';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node.js';
import { encodeFrame, FrameReader } from './frames.js';

/**
 * Reads frames from a socket. Bytes that are no frame or no JSON end the connection: after them nothing that follows
 * can be trusted to start where a message starts.
 */
export class SocketReader extends AbstractMessageReader implements MessageReader {
  readonly #frames: FrameReader;

  constructor(
    private readonly socket: Socket,
    limit: number,
  ) {
    super();
    this.#frames = new FrameReader(limit);
    socket.on('error', (error) => this.fireError(error));
    socket.on('close', () => this.fireClose());
  }

  set limit(bytes: number) {
    this.#frames.limit = bytes;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer) => {
      try {
        for (const body of this.#frames.push(chunk)) callback(parse(body));
      } catch (error) {
        this.fireError(error);
        this.socket.destroy();
      }
    };
    this.socket.on('data', onData);
    return { dispose: () => this.socket.off('data', onData) };
  }
}

function parse(body: Buffer): Message {
  const message: unknown = JSON.parse(body.toString('utf8'));
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw new TypeError('a message of the session is an object');
  return message as Message;
}

/** Writes frames. What is written after the end is dropped: the calls that wait for an answer end with the connection. */
export class SocketWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly socket: Socket) {
    super();
    socket.on('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    this.socket.cork();
    for (const part of encodeFrame(Buffer.from(JSON.stringify(message), 'utf8'))) this.socket.write(part);
    this.socket.uncork();
  }

  end(): void {
    this.socket.end();
  }
}
