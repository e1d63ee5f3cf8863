import { NotEnoughBytes } from './not-enough-bytes.js';

/** Reads little-endian values (MS-TDS 2.2.1) from one run of bytes; throws {@link NotEnoughBytes} at its end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  #advance(length: number): number {
    const start = this.offset;
    if (start + length > this.bytes.length) throw new NotEnoughBytes();
    this.offset = start + length;
    return start;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }
  peek(): number {
    if (this.remaining < 1) throw new NotEnoughBytes();
    return this.#view.getUint8(this.offset);
  }
  int16(): number {
    return this.#view.getInt16(this.#advance(2), true);
  }
  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }
  uint16BigEndian(): number {
    return this.#view.getUint16(this.#advance(2), false);
  }
  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }
  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }
  uint32BigEndian(): number {
    return this.#view.getUint32(this.#advance(4), false);
  }
  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }
  uint64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }
  float32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }
  /** Unsigned little-endian integer of up to six bytes. */
  uint(length: number): number {
    const start = this.#advance(length);
    let value = 0;
    for (let index = length - 1; index >= 0; index--) value = value * 256 + this.#view.getUint8(start + index);
    return value;
  }
  /** Unsigned little-endian integer of any length. */
  bigUint(length: number): bigint {
    const start = this.#advance(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(this.#view.getUint8(start + index));
    return value;
  }
  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }
  /** UCS-2 text of `length` code units. */
  text(length: number): string {
    return decodeUtf16(this.take(length * 2));
  }
  /** B_VARCHAR: one byte with the number of characters, then UCS-2. */
  shortText(): string {
    const length = this.uint8();
    return length === 0 ? '' : this.text(length);
  }
  /** US_VARCHAR: two bytes with the number of characters, then UCS-2. */
  longText(): string {
    return this.text(this.uint16());
  }
}

/** Lone surrogates are kept: SQL Server's UCS-2 allows them. An odd last byte is dropped. */
export function decodeUtf16(bytes: Uint8Array): string {
  const length = bytes.length >> 1;
  if (length <= mostUnits) return decodeUnits(bytes, 0, length);
  let text = '';
  for (let from = 0; from < length; from += mostUnits)
    text += decodeUnits(bytes, from, Math.min(mostUnits, length - from));
  return text;
}

/** Arguments of one call. */
const mostUnits = 4096;

function decodeUnits(bytes: Uint8Array, from: number, length: number): string {
  const units = new Array<number>(length);
  let at = from * 2;
  for (let index = 0; index < length; index++) {
    units[index] = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
  }
  return String.fromCharCode(...units);
}
