import { randomUUID } from 'node:crypto';
import {
  encodeMessage,
  type Header,
  type JsonObject,
  type Message,
  type Publications,
  protocolVersion,
  type Signer,
} from '@crossview/jupyter-wire';
import type { FrontSockets } from '../zeromq/front-sockets.js';

export interface Extras {
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}

const utf8 = new TextEncoder();

/** Makes, signs and sends the kernel's messages. */
export class Publisher {
  readonly session = randomUUID();
  readonly #sockets: FrontSockets;
  readonly #signer: Signer;

  constructor(sockets: FrontSockets, signer: Signer) {
    this.#sockets = sockets;
    this.#signer = signer;
  }

  /** @param parent the header of the request that this belongs to; `{}` for none. */
  publish<Type extends keyof Publications>(
    type: Type,
    content: Publications[Type],
    parent: Message['parent'],
    extras: Extras = {},
  ): void {
    const message = this.#message(type, content as unknown as JsonObject, [utf8.encode(type)], parent, extras);
    this.#sockets.iopub.send(encodeMessage(message, this.#signer));
  }

  /** The frames that greet who subscribed to a topic: they carry that topic, so that it gets them. */
  welcome(topic: Uint8Array): Uint8Array[] {
    const content: Publications['iopub_welcome'] = { subscription: new TextDecoder().decode(topic) };
    return encodeMessage(this.#message('iopub_welcome', { ...content }, [topic], {}, {}), this.#signer);
  }

  send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: object,
    request: Message,
    extras: Extras = {},
  ): void {
    const message = this.#message(type, content as JsonObject, request.identities, request.header, extras);
    this.#sockets[channel].send(encodeMessage(message, this.#signer));
  }

  #message(
    type: string,
    content: JsonObject,
    identities: readonly Uint8Array[],
    parent: Message['parent'],
    { metadata = {}, buffers = [] }: Extras,
  ): Message {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.session,
      username: 'crossview',
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    return { identities, header, parent, metadata, content, buffers };
  }
}
