import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { compressSync as snappy } from 'snappy';
import type { ColumnValues } from './column-values.js';
import { footer, pageHeader, type WrittenChunk, type WrittenGroup } from './footer.js';
import { codecs, type ParquetCodec, type ParquetColumn } from './format.js';
import { plainPage } from './plain-page.js';
import { Collected } from './scratch.js';

const gzipAside = promisify<Buffer, Uint8Array>(gzip);

/** A page is valid only until the next one is made, so what takes longer gets a copy of it. */
const compressors: Readonly<Record<ParquetCodec, (page: Buffer) => Uint8Array | Promise<Uint8Array>>> = {
  none: (page) => page,
  snappy: (page) => snappy(page),
  gzip: (page) => gzipAside(Buffer.from(page)),
};

/** Bytes of compressed pages that are held before they become a row group. */
const groupBytes = 32 * 1024 * 1024;
const groupRows = 1_000_000;

/** A column's pages that wait for their row group to be full. */
class WaitingPages {
  readonly pages = new Collected();
  plainBytes = 0;

  add(header: Buffer, body: Uint8Array, plainBytes: number): void {
    this.pages.add(header);
    this.pages.add(body);
    this.plainBytes += header.length + plainBytes;
  }

  forget(): void {
    this.pages.forget();
    this.plainBytes = 0;
  }
}

/** Makes a Parquet file of columns: a page per batch and column. */
export class ParquetEncoder {
  readonly #groups: WrittenGroup[] = [];
  readonly #waiting: readonly WaitingPages[];
  #heldRows = 0;
  #position = 0;
  /** Batches come one after the other, whoever waits for them. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly handle: FileHandle,
    readonly codec: ParquetCodec,
    readonly columns: readonly ParquetColumn[],
  ) {
    this.#waiting = columns.map(() => new WaitingPages());
  }

  static async create(path: string, columns: readonly ParquetColumn[], codec: ParquetCodec): Promise<ParquetEncoder> {
    const encoder = new ParquetEncoder(await open(path, 'w'), codec, columns);
    try {
      await encoder.#write([Buffer.from('PAR1')]);
    } catch (error) {
      await encoder.close();
      throw error;
    }
    return encoder;
  }

  /** The columns are looked at until the promise says that their pages are in the file or wait for their row group. */
  append(columns: readonly ColumnValues[], rows: number): Promise<void> {
    const compress = compressors[this.codec];
    return this.#after(async () => {
      for (const [index, column] of this.columns.entries()) {
        const page = plainPage(column, columns[index]!);
        const plainBytes = page.length;
        // Nothing is waited for where nothing has to be: another file's page would take this one's place.
        const made = compress(page);
        const body = made instanceof Promise ? await made : made;
        this.#waiting[index]!.add(pageHeader(rows, plainBytes, body.length), body, plainBytes);
      }
      this.#heldRows += rows;
      const held = this.#waiting.reduce((total, { pages }) => total + pages.length, 0);
      if (held >= groupBytes || this.#heldRows >= groupRows) await this.#endGroup();
    });
  }

  /** Writes what is left and the footer. @returns the file's bytes. */
  finish(): Promise<number> {
    return this.#after(async () => {
      if (this.#heldRows > 0) await this.#endGroup();
      const metadata = footer(this.columns, this.#groups, codecs[this.codec]);
      const end = Buffer.alloc(8);
      end.writeUInt32LE(metadata.length);
      end.write('PAR1', 4);
      await this.#write([metadata, end]);
      await this.close();
      return this.#position;
    });
  }

  /** May be called twice; a file that is not finished stays incomplete. */
  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done;
    done.catch(() => undefined);
    return done;
  }

  async #endGroup(): Promise<void> {
    const chunks: WrittenChunk[] = [];
    for (const waiting of this.#waiting) {
      const offset = this.#position;
      await this.#write(waiting.pages.parts());
      const { plainBytes } = waiting;
      chunks.push({ offset, values: this.#heldRows, plainBytes, bytes: this.#position - offset });
      waiting.forget();
    }
    this.#groups.push({ rows: this.#heldRows, chunks });
    this.#heldRows = 0;
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    const total = parts.reduce((sum, { length }) => sum + length, 0);
    let { bytesWritten } = await this.handle.writev(parts);
    // A disk that is nearly full takes a part; the next write says why.
    if (bytesWritten < total) {
      const bytes = Buffer.concat(parts);
      while (bytesWritten < total)
        bytesWritten += (await this.handle.write(bytes, bytesWritten, total - bytesWritten)).bytesWritten;
    }
    this.#position += total;
  }
}
