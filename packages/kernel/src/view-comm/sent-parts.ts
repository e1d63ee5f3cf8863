import { type FileHandle, open } from 'node:fs/promises';
import { CrossviewError, type Json } from '@crossview/contracts';

/** Jupyter's servers refuse messages of more than 10 MiB. */
const chunkBytes = 4 * 1024 * 1024;
/** Chunks under way that the other side has not taken yet. */
const window = 2;

type Send = (data: { [key: string]: Json }, buffers?: readonly Uint8Array[]) => void;

/** Sends the files of a view in chunks, as fast as they are taken. */
export class SentParts {
  #free = window;
  #stopped = false;
  #wake = () => {};

  private constructor(
    readonly files: readonly FileHandle[],
    readonly send: Send,
  ) {}

  /** Opens all files at once: those of a replaced version do not stay for ever. @throws CrossviewError `VIEW_READ_FAILED` */
  static async open(name: string, parts: readonly string[], send: Send): Promise<SentParts> {
    const opened = await Promise.allSettled(parts.map((part) => open(part, 'r')));
    const files = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (files.length === parts.length) return new SentParts(files, send);
    await Promise.all(files.map((file) => file.close()));
    throw new CrossviewError('VIEW_READ_FAILED', `The files of view "${name}" could not be opened.`, {
      hint: 'They are gone or damaged; make the view again.',
      facts: { view: name },
    });
  }

  took(data: { readonly ack?: number }): void {
    if (data.ack === undefined) return;
    this.#free += 1;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** Resolves when the last chunk was sent, or the other side has given up. */
  async sendAll(): Promise<void> {
    let count = 0;
    try {
      for (const [part, file] of this.files.entries()) {
        const { size } = await file.stat();
        let position = 0;
        do {
          while (this.#free === 0 && !this.#stopped)
            await new Promise<void>((resolve) => {
              this.#wake = resolve;
            });
          if (this.#stopped) return;
          const chunk = new Uint8Array(Math.min(chunkBytes, size - position));
          const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, position);
          if (bytesRead < chunk.byteLength) throw new Error('a file of the view ended early');
          position += bytesRead;
          this.#free -= 1;
          this.send({ chunk: count, part, last: position >= size }, [chunk]);
          count += 1;
        } while (position < size);
      }
      this.send({ end: true });
    } finally {
      await Promise.all(this.files.map((file) => file.close().catch(() => {})));
    }
  }
}
