import { MalformedBytes } from '../bytes/not-enough-bytes.js';

/** MS-TDS 2.2.3.1.1, the first byte of a packet. */
export const PacketType = {
  sqlBatch: 0x01,
  rpc: 0x03,
  response: 0x04,
  attention: 0x06,
  bulkLoad: 0x07,
  federatedToken: 0x08,
  transactionManager: 0x0e,
  login7: 0x10,
  prelogin: 0x12,
} as const;

/** MS-TDS 2.2.3.1.2, bits of the second byte. */
export const PacketStatus = {
  endOfMessage: 0x01,
  ignore: 0x02,
  resetConnection: 0x08,
  resetKeepTransaction: 0x10,
} as const;

export const packetHeaderLength = 8;
export const largestPacket = 32767;

export interface Packet {
  readonly type: number;
  readonly status: number;
  readonly body: Uint8Array;
}

/** Cuts a byte stream into packets (MS-TDS 2.2.3). Bytes may arrive in any pieces; a body is a copy. */
export class PacketReader {
  #held: Uint8Array = new Uint8Array(0);

  /** @throws MalformedBytes when a header gives a length below 8 or over 32,767. */
  *push(bytes: Uint8Array): Generator<Packet> {
    let all = bytes;
    if (this.#held.length > 0) {
      all = new Uint8Array(this.#held.length + bytes.length);
      all.set(this.#held);
      all.set(bytes, this.#held.length);
    }
    let offset = 0;
    while (all.length - offset >= packetHeaderLength) {
      const length = (all[offset + 2]! << 8) | all[offset + 3]!;
      if (length < packetHeaderLength || length > largestPacket)
        throw new MalformedBytes(`a packet header gives the length ${length}`);
      if (all.length - offset < length) break;
      const body = all.slice(offset + packetHeaderLength, offset + length);
      const packet = { type: all[offset]!, status: all[offset + 1]!, body };
      offset += length;
      this.#held = all.subarray(offset);
      yield packet;
    }
    this.#held = all.slice(offset);
  }

  /** Bytes of a packet that is not complete. */
  get pending(): number {
    return this.#held.length;
  }

  /** The first byte that is not in a packet yet. */
  peek(): number | undefined {
    return this.#held[0];
  }

  /** Gives back what was not a whole packet and forgets it. */
  drain(): Uint8Array {
    const held = this.#held;
    this.#held = new Uint8Array(0);
    return held;
  }
}

/** Counts packets of one direction (MS-TDS 2.2.3.1.5, modulo 256). */
export class PacketCounter {
  #next = 1;
  next(): number {
    const value = this.#next;
    this.#next = (this.#next + 1) & 0xff;
    return value;
  }
}

/**
 * Frames a part of a message into packets of at most `size` bytes.
 * @param last whether the message ends here; a part that is not the last should be a multiple of `size - 8` bytes.
 * @param into gives memory for at least so many bytes; new memory when not given
 */
export function framePackets(
  type: number,
  body: Uint8Array,
  size: number,
  counter: PacketCounter,
  {
    last = true,
    status = 0,
    into = (length) => new Uint8Array(length),
  }: { last?: boolean; status?: number; into?: (length: number) => Uint8Array } = {},
): Uint8Array {
  const room = size - packetHeaderLength;
  const count = Math.max(last ? 1 : 0, Math.ceil(body.length / room));
  const framed = into(body.length + count * packetHeaderLength);
  let to = 0;
  let from = 0;
  for (let index = 0; index < count; index++) {
    const length = Math.min(room, body.length - from);
    const total = length + packetHeaderLength;
    framed[to] = type;
    framed[to + 1] = status | (last && index === count - 1 ? PacketStatus.endOfMessage : 0);
    framed[to + 2] = total >> 8;
    framed[to + 3] = total & 0xff;
    framed[to + 4] = 0;
    framed[to + 5] = 0;
    framed[to + 6] = counter.next();
    framed[to + 7] = 0;
    framed.set(body.subarray(from, from + length), to + packetHeaderLength);
    from += length;
    to += total;
  }
  return framed.length === to ? framed : framed.subarray(0, to);
}
