import { randomUUID } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import {
  type ConnectionInfo,
  createSigner,
  decodeMessage,
  encodeMessage,
  type JsonObject,
  type Message,
  protocolVersion,
} from '@crossview/jupyter-wire';
import {
  type ClientChannel,
  type ClientSockets,
  connectClient,
} from '../../packages/kernel/src/zeromq/client-sockets.js';

export interface Answer {
  readonly reply: Message;
  /** What came on IOPub under this request, from busy to idle. */
  readonly published: readonly Message[];
}

interface Waiting {
  reply: Message | undefined;
  readonly published: Message[];
  idle: boolean;
  readonly needsReply: boolean;
  resolve(answer: Answer): void;
}

/** A front end over the real sockets. */
export class KernelClient {
  readonly #sockets: ClientSockets;
  readonly #signer;
  readonly #waiting = new Map<string, Waiting>();
  readonly #arrivals = new EventEmitter();
  #lastCell = '';
  readonly everything: { channel: string; message: Message }[] = [];
  /** Resolves when the kernel has seen our subscription: what it publishes before that is lost to us. */
  readonly subscribed: Promise<void>;
  #welcomed = () => {};
  onInput: (request: Message) => string | undefined = () => undefined;

  constructor(connection: ConnectionInfo) {
    this.#signer = createSigner(connection.key);
    this.subscribed = new Promise((resolve) => {
      this.#welcomed = resolve;
    });
    this.#sockets = connectClient(connection, randomUUID());
    this.#sockets.listen((channel, frames) => this.#received(channel, decodeMessage(frames, this.#signer)));
  }

  /** Sends a message and gives its id. */
  send(
    channel: ClientChannel,
    type: string,
    content: JsonObject = {},
    extras: { buffers?: readonly Uint8Array[]; metadata?: JsonObject; parent?: Message['header'] } = {},
  ): string {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, msg_type: type, session: 'test', username: 'test', date, version: protocolVersion };
    const { buffers = [], metadata = {}, parent = {} } = extras;
    const message: Message = { identities: [], header, parent, metadata, content, buffers };
    this.#sockets.send[channel].send(encodeMessage(message, this.#signer));
    return id;
  }

  sendRaw(channel: ClientChannel, frames: Uint8Array[]): void {
    this.#sockets.send[channel].send(frames);
  }

  /** Resolves with both the reply and `idle`. */
  ask(type: string, content: JsonObject = {}, channel: ClientChannel = 'shell', needsReply = true): Promise<Answer> {
    return this.wait(this.send(channel, type, content), needsReply);
  }

  wait(id: string, needsReply = true): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.set(id, { reply: undefined, published: [], idle: false, needsReply, resolve });
    });
  }

  execute(code: string, options: JsonObject = {}, metadata: JsonObject = {}): Promise<Answer> {
    const content = { code, silent: false, allow_stdin: false, ...options };
    this.#lastCell = this.send('shell', 'execute_request', content, { metadata });
    return this.wait(this.#lastCell);
  }

  /** Resolves when the kernel has the cell that was sent last: a Stop comes by another socket, and may overtake it before. */
  arrived(): Promise<void> {
    return this.#heard('the cell arrives', ({ content }) => content.execution_state === 'busy');
  }

  /** Resolves when the cell that was sent last runs. */
  begun(): Promise<void> {
    return this.#heard('the cell begins', ({ header }) => header.msg_type === 'execute_input');
  }

  /** Resolves when the cell that was sent last has printed `text`, in one piece or in several: ipykernel may send the end of a line by itself. */
  said(text: string): Promise<void> {
    const cell = this.#lastCell;
    const printed = () =>
      this.everything
        .filter(({ message: { header, parent } }) => header.msg_type === 'stream' && parent.msg_id === cell)
        .map(({ message }) => String(message.content.text))
        .join('');
    return this.#heard(
      `the cell prints ${JSON.stringify(text)}`,
      ({ header }) => header.msg_type === 'stream' && printed().includes(text),
    );
  }

  /** In the turn in which the message comes: tests press Stop a millisecond later. */
  async #heard(what: string, holds: (message: Message) => boolean): Promise<void> {
    const cell = this.#lastCell;
    const fits = (message: Message) => message.parent.msg_id === cell && holds(message);
    if (this.everything.some(({ message }) => fits(message))) return;
    try {
      for await (const [message] of on(this.#arrivals, 'message', { signal: AbortSignal.timeout(30_000) }))
        if (fits(message as Message)) return;
    } catch (cause) {
      throw new Error(`${what}: not within 30 s`, { cause });
    }
  }

  close(): void {
    this.#sockets.close();
  }

  #received(channel: string, message: Message): void {
    this.everything.push({ channel, message });
    this.#arrivals.emit('message', message);
    if (message.header.msg_type === 'iopub_welcome') this.#welcomed();
    const { msg_id: id } = message.parent;
    if (channel === 'stdin') {
      const value = this.onInput(message);
      if (value !== undefined) this.send('stdin', 'input_reply', { status: 'ok', value }, { parent: message.header });
      return;
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (!waiting) return;
    if (channel === 'iopub') {
      waiting.published.push(message);
      if (message.content.execution_state === 'idle') waiting.idle = true;
    } else {
      waiting.reply = message;
    }
    if (!waiting.idle || (waiting.needsReply && !waiting.reply)) return;
    this.#waiting.delete(id!);
    waiting.resolve({ reply: waiting.reply ?? message, published: waiting.published });
  }
}

/**
 * Types of what was published, `status` as `busy` and `idle`. Pieces of one stream are one: a kernel sends what was
 * printed so far whenever its timer says so.
 */
export function kinds({ published }: Answer): string[] {
  const pieceOf = ({ header, content }: Message) => (header.msg_type === 'stream' ? content.name : undefined);
  return published
    .filter((message, at) => {
      const piece = pieceOf(message);
      const before = published[at - 1];
      return piece === undefined || before === undefined || pieceOf(before) !== piece;
    })
    .map(({ header, content }) => (header.msg_type === 'status' ? String(content.execution_state) : header.msg_type));
}

export function contents({ published }: Answer, type: string): JsonObject[] {
  return published.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}

export function textOn(answer: Answer, name: 'stdout' | 'stderr' = 'stdout'): string {
  return contents(answer, 'stream')
    .filter((content) => content.name === name)
    .map(({ text }) => String(text))
    .join('');
}
