import { CrossviewError } from '@crossview/contracts';

const separator = Buffer.from('\r\n\r\n', 'ascii');
const longestHeader = 1024;

/** One message as `Content-Length: N\r\n\r\n` and N bytes of UTF-8 (the base protocol of the Language Server Protocol). */
export function encodeFrame(body: Uint8Array): Uint8Array[] {
  return [Buffer.from(`Content-Length: ${body.byteLength}\r\n\r\n`, 'ascii'), body];
}

/**
 * Cuts a byte stream into message bodies. Chunks may end anywhere; bytes of an unfinished body are kept as they came
 * and joined once.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;
  #bodyLength: number | undefined;

  /** @param limit largest body in bytes; it may be raised later. */
  constructor(public limit: number) {}

  /**
   * Takes the next bytes and gives the bodies that are complete now.
   * @throws CrossviewError `FRAME_INVALID` for bytes that are no frame, or a body over the limit. The stream is lost then.
   */
  push(chunk: Uint8Array): Buffer[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#held += chunk.byteLength;
    const bodies: Buffer[] = [];
    for (;;) {
      if (this.#bodyLength === undefined) {
        this.#bodyLength = this.#takeHeader();
        if (this.#bodyLength === undefined) return bodies;
      }
      if (this.#held < this.#bodyLength) return bodies;
      bodies.push(this.#take(this.#bodyLength));
      this.#bodyLength = undefined;
    }
  }

  #takeHeader(): number | undefined {
    if (this.#held === 0) return undefined;
    // A header is short, so joining what is held is cheap except when one large chunk holds many messages: then it is one chunk.
    const held = this.#join();
    const end = held.indexOf(separator);
    if (end > longestHeader || (end === -1 && held.byteLength > longestHeader))
      throw invalid('the header is longer than 1 KiB');
    if (end === -1) return undefined;
    const length = contentLength(held.toString('ascii', 0, end));
    if (length === undefined) throw invalid('the header has no valid Content-Length');
    if (length > this.limit) throw invalid(`a message of ${length} bytes is over the limit of ${this.limit}`);
    this.#take(end + separator.byteLength);
    return length;
  }

  #join(): Buffer {
    const joined = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#held);
    this.#chunks = [joined];
    return joined;
  }

  #take(count: number): Buffer {
    const joined = this.#join();
    this.#held -= count;
    this.#chunks = this.#held === 0 ? [] : [joined.subarray(count)];
    return joined.subarray(0, count);
  }
}

function contentLength(header: string): number | undefined {
  for (const line of header.split('\r\n')) {
    const match = /^content-length:\s*(\d{1,15})\s*$/i.exec(line);
    if (match) return Number(match[1]);
  }
  return undefined;
}

function invalid(reason: string): CrossviewError {
  return new CrossviewError('FRAME_INVALID', `The peer of the session sent what is no message: ${reason}.`);
}
