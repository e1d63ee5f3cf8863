import type { RecordBatch, Schema } from 'apache-arrow';
import { share } from './column-values.js';
import { askEncoder } from './encoder-client.js';
import type { ParquetCodec } from './format.js';
import { parquetColumn } from './parquet-column.js';

/** Batches that may be on their way to the thread that encodes. */
const batchesAhead = 4;

let files = 0;

/**
 * Writes Arrow batches to a Parquet file. A thread of its own encodes, compresses and writes, so that this one goes on reading: a
 * Thrift server waits for every reply to be taken before it makes the next.
 */
export class ParquetFile {
  readonly #file: number;
  /** Shared memory that no batch lies in. */
  readonly #free: SharedArrayBuffer[] = [];
  #inUse = 0;
  /** Batches on their way, oldest first. */
  readonly #ahead: Promise<void>[] = [];
  #failure: Error | undefined;
  #closed = false;
  rows = 0;

  private constructor(file: number) {
    this.#file = file;
  }

  /** @throws TypeError for a column whose type Parquet does not have here; the error of the file system. */
  static async create(path: string, schema: Schema, codec: ParquetCodec = 'snappy'): Promise<ParquetFile> {
    // A type that Parquet does not have is refused before there is a file.
    const columns = schema.fields.map(parquetColumn);
    files += 1;
    const file = new ParquetFile(files);
    await askEncoder({ kind: 'open', file: file.#file, path, columns, codec });
    return file;
  }

  /** Copies the batch; waits only when too many are on their way. @throws the error of an earlier batch too. */
  async append(batch: RecordBatch): Promise<void> {
    if (batch.numRows === 0) return;
    if (this.#inUse >= batchesAhead) await this.#ahead[0];
    if (this.#failure) throw this.#failure;
    const { memory, places } = share(batch.data.children, this.#free.pop());
    this.#inUse += 1;
    this.rows += batch.numRows;
    const written = askEncoder({ kind: 'append', file: this.#file, memory, places, rows: batch.numRows }).then(
      () => void this.#free.push(memory),
      (error: Error) => {
        this.#failure ??= error;
      },
    );
    const done = written.finally(() => {
      this.#inUse -= 1;
      this.#ahead.splice(this.#ahead.indexOf(done), 1);
    });
    this.#ahead.push(done);
  }

  /** Writes what is left and the footer. @returns the file's bytes. */
  async finish(): Promise<number> {
    await Promise.all(this.#ahead);
    if (this.#failure) throw this.#failure;
    const bytes = await askEncoder({ kind: 'finish', file: this.#file });
    this.#closed = true;
    return bytes;
  }

  /** May be called twice; a file that is not finished stays incomplete. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.#ahead);
    await askEncoder({ kind: 'close', file: this.#file }).catch(() => undefined);
  }
}
