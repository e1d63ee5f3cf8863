import { MalformedBytes } from '../bytes/not-enough-bytes.js';
import { type Packet, PacketStatus } from './packet.js';

export interface Message {
  readonly type: number;
  /** The status bits of its first packet, the reset requests, and the ignore bit when it ended with that. */
  readonly status: number;
  readonly body: Uint8Array;
}

/** Joins packets into messages (MS-TDS 2.2.1). Packets of one message have one type. */
export class MessageAssembler {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #type = 0;
  #status = 0;

  /** @param limit the most bytes a message may have; more is {@link MalformedBytes}. */
  constructor(limit = 256 * 1024 * 1024) {
    this.#limit = limit;
  }

  /**
   * The message that this packet completes, if any. One that ends with the ignore bit is empty: the client has taken it back and
   * waits for an answer all the same.
   */
  push(packet: Packet): Message | undefined {
    if (this.#parts.length === 0) {
      this.#type = packet.type;
      this.#status = packet.status;
    } else if (packet.type !== this.#type) {
      throw new MalformedBytes(`a packet of type ${packet.type} inside a message of type ${this.#type}`);
    }
    this.#parts.push(packet.body);
    this.#bytes += packet.body.length;
    if (this.#bytes > this.#limit) throw new MalformedBytes(`a message of more than ${this.#limit} bytes`);
    if (!(packet.status & PacketStatus.endOfMessage)) return undefined;
    const body = this.#parts.length === 1 ? this.#parts[0]! : concatBytes(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    const ignored = packet.status & PacketStatus.ignore;
    if (ignored) return { type: this.#type, status: this.#status | ignored, body: new Uint8Array(0) };
    return { type: this.#type, status: this.#status, body };
  }
}

export function concatBytes(parts: readonly Uint8Array[], length = parts.reduce((sum, part) => sum + part.length, 0)) {
  const all = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
