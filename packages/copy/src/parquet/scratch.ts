/** Memory that is used again and again: what was taken before is overwritten. */
export class Scratch {
  #bytes = new Uint8Array(64 * 1024);

  /** @returns that many bytes, aligned to eight, with whatever is in them. */
  take(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length + (length >> 2));
    return this.#bytes.subarray(0, length);
  }
}

/** Little enough that a table of a thousand columns does not hold much before it has rows. */
const chunkBytes = 64 * 1024;

/** Bytes that are put one behind the other, in memory that is kept when they are forgotten. */
export class Collected {
  readonly #chunks: Uint8Array[] = [];
  length = 0;

  add(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const index = Math.floor(this.length / chunkBytes);
      const at = this.length % chunkBytes;
      this.#chunks[index] ??= new Uint8Array(chunkBytes);
      const part = bytes.subarray(from, from + chunkBytes - at);
      this.#chunks[index].set(part, at);
      from += part.length;
      this.length += part.length;
    }
  }

  /** All bytes, in parts; they are valid until the next `add` or `forget`. */
  parts(): Uint8Array[] {
    const whole = Math.floor(this.length / chunkBytes);
    const rest = this.length % chunkBytes;
    return [...this.#chunks.slice(0, whole), ...(rest === 0 ? [] : [this.#chunks[whole]!.subarray(0, rest)])];
  }

  forget(): void {
    this.length = 0;
  }
}
