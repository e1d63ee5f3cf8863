/** A growing run of little-endian values (MS-TDS 2.2.1). Every method gives the writer back, so that calls chain. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for `count` bytes and gives the offset where they start. */
  #reserve(count: number): number {
    const start = this.#length;
    const needed = start + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = needed;
    return start;
  }

  uint8(value: number): this {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
    return this;
  }
  uint16(value: number): this {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
    return this;
  }
  uint16BigEndian(value: number): this {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, false);
    return this;
  }
  uint32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
    return this;
  }
  int32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
    return this;
  }
  uint32BigEndian(value: number): this {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, false);
    return this;
  }
  int64(value: bigint): this {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
    return this;
  }
  uint64(value: bigint): this {
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }
  float32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setFloat32(at, value, true);
    return this;
  }
  float64(value: number): this {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
    return this;
  }
  /** Unsigned integer of `length` bytes, up to six. */
  uint(value: number, length: number): this {
    const at = this.#reserve(length);
    let rest = value;
    for (let index = 0; index < length; index++) {
      this.#bytes[at + index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return this;
  }
  put(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }
  /** Makes room for `count` bytes and gives them to be filled; valid until the next write. */
  claim(count: number): Uint8Array {
    const at = this.#reserve(count);
    return this.#bytes.subarray(at, at + count);
  }
  /** UCS-2 without a length. */
  text(value: string): this {
    let at = this.#reserve(value.length * 2);
    const bytes = this.#bytes;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      bytes[at++] = unit;
      bytes[at++] = unit >> 8;
    }
    return this;
  }
  /** B_VARCHAR. @throws RangeError over 255 characters. */
  shortText(value: string): this {
    if (value.length > 255) throw new RangeError(`B_VARCHAR holds 255 characters, not ${value.length}`);
    return this.uint8(value.length).text(value);
  }
  /** US_VARCHAR. @throws RangeError over 65,535 characters. */
  longText(value: string): this {
    if (value.length > 65535) throw new RangeError(`US_VARCHAR holds 65,535 characters, not ${value.length}`);
    return this.uint16(value.length).text(value);
  }
  /** Overwrites two bytes that were written before, such as a length that was not known then. */
  patchUint16(at: number, value: number): this {
    this.#view.setUint16(at, value, true);
    return this;
  }
  patchUint32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }
  /** Forgets what came after `length`. */
  truncate(length: number): this {
    this.#length = length;
    return this;
  }
  /** A view on what was written; valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
  /** A copy of what was written, and an empty writer. */
  flush(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}
