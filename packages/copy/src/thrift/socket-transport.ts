import type { Socket } from 'node:net';
import { CrossviewError } from '@crossview/contracts';
import { MessageEnd } from './message-end.js';
import { notThrift } from './messages.js';
import { openSocket } from './open-socket.js';
import type { Credentials, Endpoint, ThriftTransport } from './transport.js';

/** Finds where a reply ends among the bytes that came so far, and which part of them is the message. */
interface Framing {
  frame(message: Buffer): Buffer;
  /** @returns how many bytes belong to the reply, and where its message starts; `undefined` when more must come. */
  cut(bytes: Buffer): { end: number; start: number } | undefined;
  wanted: number;
}

const unframed = (): Framing => {
  let end = new MessageEnd();
  return {
    frame: (message) => message,
    get wanted() {
      return end.wanted;
    },
    cut(bytes) {
      const length = end.find(bytes);
      if (length === undefined) return undefined;
      end = new MessageEnd();
      return { start: 0, end: length };
    },
  };
};

const framed = (): Framing => ({
  wanted: 4,
  frame(message) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    return Buffer.concat([length, message]);
  },
  cut(bytes) {
    if (bytes.length < 4) return undefined;
    const length = bytes.readUInt32BE(0);
    if (length > 0x7fff_0000) throw new RangeError('the length of a frame is impossible');
    this.wanted = 4 + length;
    if (bytes.length < this.wanted) return undefined;
    this.wanted = 4;
    return { start: 4, end: 4 + length };
  },
});

/** Binary: messages one behind the other on the socket, nobody is asked who he is (HiveServer2's NOSASL). */
export const binaryTransport = (endpoint: Endpoint): ThriftTransport => new SocketTransport(endpoint, unframed());

/** SASL with the mechanism PLAIN (HiveServer2's NONE, LDAP, CUSTOM, PAM): a greeting, then frames with a length. */
export const saslTransport = (endpoint: Endpoint, credentials: Credentials): ThriftTransport =>
  new SocketTransport(endpoint, framed(), credentials);

class SocketTransport implements ThriftTransport {
  readonly outlivesConnection = false;
  #socket: Promise<Socket> | undefined;
  /** There before the greeting is over. */
  #connected: Socket | undefined;
  /** Bytes of the reply under way; as large as the last one was, so that it seldom has to grow. */
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #held = 0;
  #waiting: { resolve: (message: Buffer) => void; reject: (error: Error) => void } | undefined;
  #failure: Error | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    readonly endpoint: Endpoint,
    readonly framing: Framing,
    readonly credentials?: Credentials,
  ) {}

  call(message: Buffer): Promise<Buffer> {
    const turn = this.#queue.then(() => this.#exchange(message));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #exchange(message: Buffer): Promise<Buffer> {
    if (this.#closed) throw this.#lost('it was closed here');
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    if (this.#failure) throw this.#failure;
    return this.#bounded(
      new Promise<Buffer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        socket.write(this.framing.frame(message));
        this.#deliver();
      }),
    );
  }

  async #open(): Promise<Socket> {
    const socket = await openSocket(this.endpoint);
    this.#connected = socket;
    if (this.#closed) socket.destroy();
    if (this.credentials) await this.#bounded(greetPlain(socket, this.credentials, this.endpoint));
    socket.on('data', (chunk) => {
      this.#hold(chunk);
      if (this.#held >= this.framing.wanted) this.#deliver();
    });
    socket.on('error', (error) => this.#fail(this.#lost(error.message, error)));
    socket.on('close', () => this.#fail(this.#lost('the server closed it')));
    return socket;
  }

  #hold(chunk: Buffer): void {
    const held = this.#held + chunk.length;
    if (held > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(held, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#held);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#held);
    this.#held = held;
  }

  #deliver(): void {
    if (!this.#waiting || this.#held < this.framing.wanted) return;
    const bytes = this.#bytes.subarray(0, this.#held);
    try {
      const cut = this.framing.cut(bytes);
      if (!cut) return;
      const rest = bytes.subarray(cut.end);
      // The reply keeps this memory: its columns are read out of it later.
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(64 * 1024, cut.end + 1024, rest.length));
      rest.copy(this.#bytes);
      this.#held = rest.length;
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve(bytes.subarray(cut.start, cut.end));
    } catch (cause) {
      this.#fail(notThrift(`${(cause as Error).message} in ${JSON.stringify(bytes.toString('latin1', 0, 16))}`, cause));
    }
  }

  async #bounded<T>(work: Promise<T>): Promise<T> {
    const { host, port, callTimeout } = this.endpoint;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new CrossviewError('COPY_TIMED_OUT', `${host}:${port} gave no answer in ${callTimeout} ms`, {
          hint: 'Check that the linked service names the transport that the server speaks (thriftTransportProtocol, enableSsl); a long query needs a longer limit.',
          facts: { host, port },
        });
        this.#fail(error);
        reject(error);
      }, callTimeout);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(detail: string, cause?: unknown): CrossviewError {
    const { host, port } = this.endpoint;
    return new CrossviewError('COPY_CONNECTION_LOST', `the connection to ${host}:${port} ended: ${detail}`, {
      hint: 'Check the server; over HTTP a copy goes on after a lost connection, over Binary and SASL the server forgets the query.',
      facts: { host, port },
      cause,
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#connected?.destroy();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fail(this.#lost('it was closed here'));
  }
}

const sasl = { start: 1, ok: 2, bad: 3, error: 4, complete: 5 };

const saslMessage = (status: number, payload: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt8(status);
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
};

/** Thrift's SASL negotiation with PLAIN (RFC 4616): authorisation id empty, user, password. */
function greetPlain(socket: Socket, { user, password }: Credentials, { host, port }: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (error?: Error) => {
      socket.removeAllListeners('data');
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      if (error) {
        socket.destroy();
        reject(error);
      } else resolve();
    };
    const refused = (text: string, cause?: unknown) =>
      new CrossviewError('COPY_LOGIN_REFUSED', `${host}:${port} refuses user ${user}: ${text}`, {
        hint: 'Check username and password of the linked service, and its authenticationType.',
        facts: { host, port, user },
        cause,
      });
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 5) return;
      const length = bytes.readUInt32BE(1);
      const status = bytes[0]!;
      if (status < sasl.start || status > sasl.complete || length > 1_000_000)
        return finish(notThrift(`its SASL greeting is ${JSON.stringify(bytes.toString('latin1', 0, 16))}`));
      if (bytes.length < 5 + length) return;
      const text = bytes.toString('utf8', 5, 5 + length);
      bytes = bytes.subarray(5 + length);
      if (status === sasl.bad || status === sasl.error) return finish(refused(text || 'no reason given'));
      if (status === sasl.complete) return finish();
    });
    socket.once('error', (error) => finish(refused(error.message, error)));
    socket.once('close', () =>
      finish(
        notThrift('it closed the connection during the SASL greeting (a server without SASL wants Binary transport)'),
      ),
    );
    socket.write(
      Buffer.concat([
        saslMessage(sasl.start, Buffer.from('PLAIN')),
        saslMessage(sasl.ok, Buffer.from(`\0${user}\0${password}`)),
      ]),
    );
  });
}
