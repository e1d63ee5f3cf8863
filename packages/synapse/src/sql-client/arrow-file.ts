import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { toArrowSchema } from '@crossview/columns';
import type { ArrowParts } from '@crossview/contracts';
import { type DataType, Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';
import { type ColumnBuffer, columnBuffer } from './column-buffers.js';
import type { ResultColumn } from './result-columns.js';

const batchRows = 65_536;
const batchBytes = 64 * 1024 * 1024;

/** Field metadata with the T-SQL type of the column. */
export const sqlTypeKey = 'crossview.sqlType';

/** An Arrow stream writer whose bytes go to an open file at once, so that a result set never has to fit into memory. */
class FileWriter extends RecordBatchStreamWriter {
  constructor(private readonly descriptor: number) {
    super();
  }

  protected override _write(chunk: Uint8Array | ArrayBufferView): this {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    this._position += bytes.length;
    return this;
  }
}

/** Writes rows, one at a time, as an Arrow IPC stream file. */
export class ArrowFile {
  readonly #descriptor: number;
  readonly #writer: FileWriter;
  readonly #schema: Schema;
  readonly #buffers: readonly ColumnBuffer[];
  #pending = 0;
  #rows = 0;
  #seen = 0;

  /** @param limit rows to keep; further rows are counted only. */
  constructor(
    readonly path: string,
    columns: readonly ResultColumn[],
    private readonly limit: number,
  ) {
    const plain = toArrowSchema(columns);
    this.#schema = new Schema(
      plain.fields.map(
        ({ name, type, nullable }, index) =>
          new Field(name, type, nullable, new Map([[sqlTypeKey, columns[index]?.sqlType ?? '']])),
      ),
    );
    this.#buffers = columns.map((column, index) =>
      columnBuffer(column.type, this.#schema.fields[index]?.type as DataType),
    );
    this.#descriptor = openSync(path, 'w', 0o600);
    this.#writer = new FileWriter(this.#descriptor);
    this.#writer.reset(undefined, this.#schema);
  }

  append(row: readonly { readonly value: unknown }[]): void {
    this.#seen++;
    if (this.#rows >= this.limit) return;
    for (const [index, buffer] of this.#buffers.entries()) buffer.append(row[index]?.value ?? null);
    this.#rows++;
    this.#pending++;
    if (this.#pending >= batchRows || (this.#pending % 1024 === 0 && this.#bytes() >= batchBytes)) this.#flush();
  }

  #bytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
  }

  #flush(): void {
    if (this.#pending === 0) return;
    const data = makeData({
      type: new Struct(this.#schema.fields),
      length: this.#pending,
      nullCount: 0,
      children: this.#buffers.map((buffer) => buffer.take()),
    });
    this.#writer.write(new RecordBatch(this.#schema, data));
    this.#pending = 0;
  }

  /** Ends the file. To be called once. */
  finish(): ArrowParts {
    this.#flush();
    this.#writer.finish();
    const bytes = fstatSync(this.#descriptor).size;
    closeSync(this.#descriptor);
    return { parts: [this.path], rows: this.#rows, bytes, totalRows: this.#seen };
  }

  /** Gives the file up, as it is. */
  abandon(): void {
    closeSync(this.#descriptor);
  }
}
