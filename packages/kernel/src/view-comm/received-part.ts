import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';

/** Writes the chunks of a view that comes from elsewhere into a file, and acknowledges each when it is written. */
export class ReceivedPart {
  /** Resolves after the last chunk. @throws CrossviewError `VIEW_WRITE_FAILED`, `CANCELLED` */
  readonly complete: Promise<void>;
  #writing: Promise<void> = Promise.resolve();
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} };

  private constructor(
    private readonly name: string,
    readonly path: string,
    private readonly file: FileHandle,
    private readonly acknowledge: (chunk: number) => void,
  ) {
    this.complete = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.complete.catch(() => {});
  }

  static async create(name: string, directory: string, acknowledge: (chunk: number) => void): Promise<ReceivedPart> {
    const path = join(directory, 'part-0.arrows');
    return new ReceivedPart(name, path, await open(path, 'wx', 0o600), acknowledge);
  }

  took(data: { readonly chunk?: number; readonly end?: boolean }, buffers: readonly Uint8Array[]): void {
    this.#writing = this.#writing.then(async () => {
      try {
        for (const buffer of buffers) await this.#write(buffer);
        if (data.chunk !== undefined) this.acknowledge(data.chunk);
        if (data.end === true) {
          await this.file.close();
          this.#settle.resolve();
        }
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        this.#fail(
          new CrossviewError('VIEW_WRITE_FAILED', `View "${this.name}" could not be written: ${reason}.`, {
            hint: 'Nothing was changed; when there is no space left, drop views or publish fewer rows.',
            facts: { view: this.name },
            cause,
          }),
        );
      }
    });
  }

  stop(): void {
    this.#fail(new CrossviewError('CANCELLED', `View "${this.name}" was not made: its writer gave up.`));
  }

  async #write(buffer: Uint8Array): Promise<void> {
    for (let at = 0; at < buffer.byteLength; ) at += (await this.file.write(buffer, at)).bytesWritten;
  }

  #fail(error: CrossviewError): void {
    this.#settle.reject(error);
    void this.#writing.then(() => this.file.close().catch(() => {}));
  }
}
