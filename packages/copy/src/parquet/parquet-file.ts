import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RecordBatch, Schema } from 'apache-arrow';
import { compress as snappy } from 'snappy';
import { footer, pageHeader, type WrittenChunk, type WrittenGroup } from './footer.js';
import { codecs, type ParquetColumn, parquetColumn } from './parquet-column.js';
import { plainPage } from './plain-page.js';

export type ParquetCodec = keyof typeof codecs;

const compressors: Readonly<Record<ParquetCodec, (page: Buffer) => Promise<Uint8Array>>> = {
  none: async (page) => page,
  snappy: (page) => snappy(page),
  gzip: promisify<Buffer, Uint8Array>(gzip),
};

/** Bytes of compressed pages that are held before they become a row group. */
const groupBytes = 32 * 1024 * 1024;
const groupRows = 1_000_000;

interface Page {
  readonly header: Buffer;
  readonly body: Uint8Array;
  readonly plainBytes: number;
  readonly values: number;
}

/** Writes Arrow batches to a Parquet file: a page per batch and column, compressed beside the thread that decodes. */
export class ParquetFile {
  readonly #columns: readonly ParquetColumn[];
  readonly #groups: WrittenGroup[] = [];
  #pages: Page[][];
  #held = 0;
  #heldRows = 0;
  #position = 0;
  rows = 0;

  private constructor(
    readonly handle: FileHandle,
    readonly codec: ParquetCodec,
    columns: readonly ParquetColumn[],
  ) {
    this.#columns = columns;
    this.#pages = this.#columns.map(() => []);
  }

  static async create(path: string, schema: Schema, codec: ParquetCodec = 'snappy'): Promise<ParquetFile> {
    // A type that Parquet does not have is refused before there is a file.
    const columns = schema.fields.map(parquetColumn);
    const file = new ParquetFile(await open(path, 'w'), codec, columns);
    await file.#write([Buffer.from('PAR1')]);
    return file;
  }

  async append(batch: RecordBatch): Promise<void> {
    if (batch.numRows === 0) return;
    const compress = compressors[this.codec];
    await Promise.all(
      this.#columns.map(async (column, index) => {
        const page = plainPage(column, batch.data.children[index]!);
        const body = await compress(page);
        const header = pageHeader(batch.numRows, page.length, body.length);
        this.#pages[index]!.push({ header, body, plainBytes: page.length, values: batch.numRows });
        this.#held += header.length + body.length;
      }),
    );
    this.rows += batch.numRows;
    this.#heldRows += batch.numRows;
    if (this.#held >= groupBytes || this.#heldRows >= groupRows) await this.#endGroup();
  }

  /** Writes what is left and the footer. @returns the file's bytes. */
  async finish(): Promise<number> {
    if (this.#heldRows > 0) await this.#endGroup();
    const metadata = footer(this.#columns, this.#groups, codecs[this.codec]);
    const end = Buffer.alloc(8);
    end.writeUInt32LE(metadata.length);
    end.write('PAR1', 4);
    await this.#write([metadata, end]);
    await this.close();
    return this.#position;
  }

  /** May be called twice; a file that is not finished stays incomplete. */
  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }

  async #endGroup(): Promise<void> {
    const chunks: WrittenChunk[] = [];
    for (const pages of this.#pages) {
      const offset = this.#position;
      await this.#write(pages.flatMap(({ header, body }) => [header, body]));
      chunks.push({
        offset,
        values: this.#heldRows,
        plainBytes: pages.reduce((total, { header, plainBytes }) => total + header.length + plainBytes, 0),
        bytes: this.#position - offset,
      });
    }
    this.#groups.push({ rows: this.#heldRows, chunks });
    this.#pages = this.#columns.map(() => []);
    this.#held = 0;
    this.#heldRows = 0;
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(parts);
    for (let written = 0; written < bytes.length; )
      written += (await this.handle.write(bytes, written, bytes.length - written)).bytesWritten;
    this.#position += bytes.length;
  }
}
