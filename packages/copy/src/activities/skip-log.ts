import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStore } from '../stores/file-store.js';
import type { SkippedRow } from './mapping.js';

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The log of rows that were left out: `copyactivity-logs/<activity>/<run>/<guid>.csv` under the path that the activity names. */
export class SkipLog {
  readonly #local: string;
  readonly path: string;
  #lines = '';
  #started = false;

  constructor(
    readonly store: FileStore,
    folder: string,
    activity: string,
    runId: string,
  ) {
    const name = `${randomUUID()}.csv`;
    this.path = [folder, 'copyactivity-logs', activity, runId, name].filter((part) => part !== '').join('/');
    this.#local = join(store.growingFolder, name);
  }

  add({ values, message }: SkippedRow): void {
    const item = values.map((value) => (/[",\r\n]/.test(value) ? quoted(value) : value)).join(',');
    const at = new Date().toISOString().replace('T', ' ').replace('Z', '');
    this.#lines += `${at},Warning,TabularRowSkip,${quoted(item)},${quoted(message)}\r\n`;
  }

  /** Lines go to the disk between batches, so that a log of millions of rows is no burden. */
  async flush(): Promise<void> {
    if (this.#lines === '') return;
    const header = this.#started ? '' : 'Timestamp,Level,OperationName,OperationItem,Message\r\n';
    this.#started = true;
    const text = header + this.#lines;
    this.#lines = '';
    await mkdir(this.store.growingFolder, { recursive: true });
    await appendFile(this.#local, text, { mode: 0o600 });
  }

  /** @returns the log's path, `undefined` when no row was left out. */
  async finish(): Promise<string | undefined> {
    await this.flush();
    if (!this.#started) return undefined;
    await this.store.put(this.#local, this.path);
    await this.abandon();
    return this.path;
  }

  /** Removes what has grown and was not put. Never fails. */
  async abandon(): Promise<void> {
    await rm(this.#local, { force: true }).catch(() => undefined);
    await rmdir(this.store.growingFolder).catch(() => undefined);
  }
}
