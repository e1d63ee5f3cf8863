import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import { type FileStore, sinkFailed } from '../stores/file-store.js';
import type { Sink, SinkResult } from './sink.js';

/** A file that grows by batches. */
export interface GrowingFile {
  append(batch: RecordBatch): Promise<void>;
  /** @returns the file's bytes. */
  finish(): Promise<number>;
  /** May be called twice, also after `finish`. */
  close(): Promise<void>;
}

export interface FileSinkOptions {
  readonly store: FileStore;
  readonly folder: string;
  /** Name of the one file, or of the n-th of several. */
  readonly nameOf: (index: number) => string;
  readonly maxRowsPerFile: number | undefined;
  readonly create: (path: string) => Promise<GrowingFile>;
  /**
   * Puts each file as soon as it is full, while the next one grows: where nobody looks before `finish`, and the folder is removed
   * when the copy fails.
   */
  readonly early?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Writes one file, or several of a number of rows each. Nothing is put into its place before the last row is written, unless `early`. */
export class FileSink implements Sink {
  readonly #folder: string;
  readonly #done: { local: string; path: string; bytes: number; rows: number }[] = [];
  readonly #put: string[] = [];
  /** Files that are on their way, by path. */
  readonly #early = new Map<string, Promise<void>>();
  #growing: { file: GrowingFile; local: string; path: string; rows: number } | undefined;
  #abandoned = false;

  constructor(readonly options: FileSinkOptions) {
    this.#folder = join(options.store.growingFolder, randomUUID());
  }

  async append(batch: RecordBatch): Promise<void> {
    const most = this.options.maxRowsPerFile ?? Number.POSITIVE_INFINITY;
    for (let from = 0; from < batch.numRows; ) {
      const growing = await this.#open();
      const take = Math.min(batch.numRows - from, most - growing.rows);
      const whole = from === 0 && take === batch.numRows;
      await this.#guard(growing.path, () => growing.file.append(whole ? batch : batch.slice(from, from + take)));
      growing.rows += take;
      from += take;
      if (growing.rows >= most) await this.#end();
    }
  }

  async finish(): Promise<SinkResult> {
    if (this.#growing || this.#done.length === 0) {
      await this.#open();
      await this.#end();
    }
    const { store, signal } = this.options;
    try {
      for (const { local, path } of this.#done) {
        signal?.throwIfAborted();
        this.#put.push(path);
        await (this.#early.get(path) ?? store.put(local, path, signal));
      }
    } catch (error) {
      await this.#undo();
      throw sinkFailed(store.title, this.#put.at(-1) ?? this.options.folder, error);
    }
    await this.#sweep();
    return {
      rows: this.#done.reduce((total, { rows }) => total + rows, 0),
      bytes: this.#done.reduce((total, { bytes }) => total + bytes, 0),
      files: this.#done.length,
    };
  }

  /** Paths of the files that were put. */
  get paths(): readonly string[] {
    return this.#put;
  }

  async abandon(): Promise<void> {
    if (this.#abandoned) return;
    this.#abandoned = true;
    await this.#growing?.file.close().catch(() => undefined);
    await Promise.allSettled(this.#early.values());
    await this.#sweep();
  }

  async #open(): Promise<{ file: GrowingFile; local: string; path: string; rows: number }> {
    if (this.#growing) return this.#growing;
    const name = this.options.nameOf(this.#done.length);
    const path = this.options.folder === '' ? name : `${this.options.folder}/${name}`;
    const local = join(this.#folder, `${this.#done.length}-${basename(name)}`);
    const file = await this.#guard(path, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      return this.options.create(local);
    });
    this.#growing = { file, local, path, rows: 0 };
    return this.#growing;
  }

  async #end(): Promise<void> {
    const growing = this.#growing!;
    const bytes = await this.#guard(growing.path, () => growing.file.finish());
    this.#done.push({ local: growing.local, path: growing.path, bytes, rows: growing.rows });
    this.#growing = undefined;
    if (this.options.early) await this.#putEarly(growing.local, growing.path);
  }

  /** One file at a time: the copy waits when it fills files faster than they go. */
  async #putEarly(local: string, path: string): Promise<void> {
    const { store, signal } = this.options;
    const [before] = [...this.#early].slice(-1);
    if (before) await this.#guard(before[0], () => before[1]);
    const putting = store.put(local, path, signal);
    putting.catch(() => undefined);
    this.#early.set(path, putting);
  }

  async #guard<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw sinkFailed(this.options.store.title, path, error);
    }
  }

  async #undo(): Promise<void> {
    for (const path of this.#put) await this.options.store.remove(path).catch(() => undefined);
    await this.abandon();
  }

  async #sweep(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined);
    // Empty once the last sink of this place is done; another's files keep it.
    await rmdir(this.options.store.growingFolder).catch(() => undefined);
  }
}
