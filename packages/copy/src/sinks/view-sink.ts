import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ViewCatalog } from '@crossview/contracts';
import { type RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import { sinkFailed } from '../stores/file-store.js';
import type { Sink, SinkInput, SinkResult } from './sink.js';

/** Collects what Arrow's writer writes, so that it can go to the file in one piece per batch. */
class CollectingWriter extends RecordBatchStreamWriter {
  collected: Uint8Array[] = [];

  protected override _write(chunk: Uint8Array | ArrayBufferView): this {
    this.collected.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this._position += chunk.byteLength;
    return this;
  }
}

/** Rows become a temp view of the session, in every language. */
export class ViewSink implements Sink {
  readonly #writer = new CollectingWriter();
  #file: FileHandle | undefined;
  #path = '';
  #rows = 0;
  #bytes = 0;

  constructor(
    readonly views: ViewCatalog,
    readonly name: string,
    readonly input: SinkInput,
  ) {
    this.#writer.reset(undefined, input.schema);
  }

  async append(batch: RecordBatch): Promise<void> {
    this.#writer.write(batch);
    this.#rows += batch.numRows;
    await this.#flush();
  }

  async finish(): Promise<SinkResult> {
    this.#writer.finish();
    await this.#flush();
    await this.#file?.close();
    this.#file = undefined;
    await this.views.publish(
      this.name,
      { parts: [this.#path], rows: this.#rows, bytes: this.#bytes, totalRows: this.#rows },
      'copy',
    );
    // They belong to the catalog now.
    this.#path = '';
    return { rows: this.#rows, bytes: this.#bytes };
  }

  async abandon(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    if (this.#path !== '') await rm(dirname(this.#path), { recursive: true, force: true }).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#writer.collected);
    this.#writer.collected = [];
    if (bytes.length === 0) return;
    try {
      if (!this.#file) {
        this.#path = join(await this.views.allocate(), 'part-0.arrow');
        this.#file = await open(this.#path, 'w', 0o600);
      }
      for (let written = 0; written < bytes.length; )
        written += (await this.#file.write(bytes, written, bytes.length - written)).bytesWritten;
    } catch (cause) {
      throw sinkFailed('the session’s directory', this.name, cause);
    }
    this.#bytes += bytes.length;
  }
}
