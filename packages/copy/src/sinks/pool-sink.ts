import { randomUUID } from 'node:crypto';
import {
  CrossviewError,
  type PoolLoader,
  type PoolLoadMethod,
  type PoolTarget,
  type StorageContainer,
} from '@crossview/contracts';
import { type Decimal, type RecordBatch, Type } from 'apache-arrow';
import type { InterimType } from '../columns/column.js';
import { ParquetFile } from '../parquet/parquet-file.js';
import type { OpenAccount } from '../stores/open-store.js';
import { storageStore } from '../stores/storage-store.js';
import { FileSink } from './file-sink.js';
import type { Sink, SinkInput, SinkResult } from './sink.js';

export interface PoolSinkOptions {
  readonly loader: PoolLoader;
  readonly pool: PoolTarget;
  readonly table: { readonly schema: string; readonly name: string };
  readonly method: PoolLoadMethod;
  readonly before: string | undefined;
  readonly createTable: boolean;
  readonly staging: OpenAccount & { readonly container: StorageContainer; readonly folder: string };
  readonly scratchDirectory: string;
}

/** Files of this many rows: some megabytes each, so that the pool’s nodes share the work and little is left to upload after the last row. */
const rowsPerFile = 250_000;

/** Stages Parquet in a directory of its own, has the pool load it, and removes it, whatever happens. */
export class PoolSink implements Sink {
  readonly #directory: string;
  readonly #files: FileSink;
  /** Longest text of each column in characters of T-SQL (UTF-16), longest binary in bytes. */
  readonly #longest: number[];
  #abandoned = false;

  constructor(
    readonly options: PoolSinkOptions,
    readonly input: SinkInput,
  ) {
    this.#directory = [options.staging.folder, `crossview-copy-${randomUUID()}`]
      .filter((part) => part !== '')
      .join('/');
    this.#longest = input.columns.map(() => 0);
    this.#files = new FileSink({
      store: storageStore(options.staging.container, options.scratchDirectory),
      folder: this.#directory,
      nameOf: (index) => `part-${String(index).padStart(5, '0')}.parquet`,
      maxRowsPerFile: rowsPerFile,
      create: (path) => ParquetFile.create(path, input.schema),
      signal: input.signal,
      early: true,
    });
  }

  async append(batch: RecordBatch): Promise<void> {
    this.#measure(batch);
    await this.#files.append(batch);
  }

  async finish(): Promise<SinkResult> {
    const { options, input } = this;
    const { loader, pool, table, method, before, createTable, staging } = options;
    try {
      const staged = await this.#files.finish();
      const files = [];
      for await (const file of staging.container.list(`${this.#directory}/`)) files.push(file);
      const bytes = files.reduce((total, file) => total + file.bytes, 0);
      if (files.length !== staged.files || bytes !== staged.bytes)
        throw new CrossviewError(
          'COPY_STAGING_INCOMPLETE',
          `${files.length} files of ${bytes} bytes are in staging, ${staged.files} of ${staged.bytes} were written`,
          { hint: 'Something else writes to or cleans the staging folder.', facts: { directory: this.#directory } },
        );
      const loaded = await loader.load({
        pool,
        table,
        columns: input.columns.map((column, index) => ({
          name: column.name,
          type: this.#sqlType(column.interim, index),
          nullable: true,
        })),
        staging: {
          account: staging.account,
          container: staging.container.container,
          directory: this.#directory,
          credential: staging.credential,
          files,
        },
        rows: staged.rows,
        method,
        before,
        createTable,
        ...(input.signal ? { signal: input.signal } : {}),
      });
      return {
        rows: loaded.rowsLoaded,
        rowsSkipped: loaded.rowsRejected,
        bytes: staged.bytes,
        output: { sqlDwPolyBase: method.kind === 'polybase' },
      };
    } finally {
      await this.abandon();
    }
  }

  async abandon(): Promise<void> {
    if (this.#abandoned) return;
    this.#abandoned = true;
    await this.#files.abandon();
    await this.options.staging.container.removeDirectory(this.#directory).catch(() => undefined);
  }

  /** Bytes of UTF-8 are never fewer than UTF-16 units, so a column that is short in bytes needs no second look. */
  #measure(batch: RecordBatch): void {
    for (const [index, data] of batch.data.children.entries()) {
      if (data.type.typeId !== Type.Utf8 && data.type.typeId !== Type.Binary) continue;
      const offsets = data.valueOffsets as unknown as Int32Array;
      let longest = this.#longest[index]!;
      for (let row = 0; row < data.length; row += 1) {
        const size = offsets[row + 1]! - offsets[row]!;
        if (size <= longest) continue;
        longest =
          data.type.typeId === Type.Utf8 && size > 4_000
            ? Math.max(longest, utf16Length(data.values as unknown as Uint8Array, offsets[row]!, offsets[row + 1]!))
            : size;
      }
      this.#longest[index] = longest;
    }
  }

  #sqlType(interim: InterimType, index: number): string {
    const { type } = this.input.schema.fields[index]!;
    const longest = this.#longest[index]!;
    const types: Readonly<Record<InterimType, () => string>> = {
      Boolean: () => 'bit',
      SByte: () => 'smallint',
      Int16: () => 'smallint',
      Int32: () => 'int',
      Int64: () => 'bigint',
      Single: () => 'real',
      Double: () => 'float',
      DateTime: () => 'datetime2(7)',
      // Parquet has no offset: the moment arrives in UTC.
      DateTimeOffset: () => 'datetime2(7)',
      String: () => (longest <= 4_000 ? 'nvarchar(4000)' : 'nvarchar(max)'),
      'Byte[]': () => (longest <= 8_000 ? 'varbinary(8000)' : 'varbinary(max)'),
      Decimal: () => `decimal(${(type as Decimal).precision},${(type as Decimal).scale})`,
    };
    return types[interim]();
  }
}

/** UTF-16 units of a text in UTF-8: one per character, two for those of four bytes. */
function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
