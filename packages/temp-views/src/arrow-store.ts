import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArrowParts, ViewField } from '@crossview/contracts';
import { fieldsOf, sparkRefusal } from './arrow-fields.js';
import { inspectArrowFile } from './arrow-file.js';
import { viewDataInvalid, viewMemoryFull, viewsClosed } from './view-errors.js';

/** The files of one version of a view. They never change; a new version has files of its own. */
export interface StoredVersion {
  readonly directory: string;
  readonly data: ArrowParts;
  /** Bytes of each file by its inode: a table that is published again unchanged shares the files of its view. */
  readonly files: ReadonlyMap<number, number>;
  readonly fields: readonly ViewField[] | undefined;
  /** Why Spark cannot have this version, naming the column; `undefined` when it can. */
  readonly refusal: string | undefined;
  /** Set once Spark reads these files: its plans may come back to them at any time. */
  pinned: boolean;
}

export interface StoreOptions {
  /** The directory for Arrow files; it exists. */
  readonly root: string;
  readonly limitBytes: number;
  /** How long the files of a version stay after it was replaced, for readers that have its paths and not opened them yet. */
  readonly graceMilliseconds: number;
}

/** Arrow files of a session: where they are, how many bytes they have, and when they go. */
export class ArrowStore {
  readonly #versions = new Set<StoredVersion>();
  readonly #retired = new Map<StoredVersion, NodeJS.Timeout | undefined>();
  readonly #allocated = new Set<string>();
  #closed = false;

  constructor(private readonly options: StoreOptions) {}

  /** Bytes of all versions that have files, replaced ones too; shared files count once. */
  get bytes(): number {
    return this.#bytesOf(this.#versions);
  }

  get limitBytes(): number {
    return this.options.limitBytes;
  }

  async allocate(): Promise<string> {
    if (this.#closed) throw viewsClosed();
    const directory = join(this.options.root, `view-${randomBytes(8).toString('hex')}`);
    // The root may have been deleted under us; what is published from now on must work all the same.
    await mkdir(directory, { mode: 0o700, recursive: true });
    this.#allocated.add(directory);
    return directory;
  }

  /**
   * Takes over the files that were written into an allocated directory: counts their rows and bytes itself, and closes
   * them to other users of the host.
   * @throws CrossviewError `VIEW_DATA_INVALID`, `VIEW_MEMORY_FULL`; the directory is removed then.
   */
  async keep(name: string, data: ArrowParts): Promise<StoredVersion> {
    const directory = this.#directoryOf(name, data.parts);
    try {
      const version = await this.#inspect(name, directory, data);
      await this.#makeRoom(name, version);
      if (this.#closed) throw viewsClosed();
      this.#allocated.delete(directory);
      this.#versions.add(version);
      return version;
    } catch (error) {
      await this.discard(directory);
      throw error;
    }
  }

  /** Whether the files of a version are still there: somebody may have deleted the directory. */
  async has({ parts }: ArrowParts): Promise<boolean> {
    const found = await Promise.all(parts.map((part) => lstat(part).catch(() => undefined)));
    return found.every((file) => file !== undefined);
  }

  /** A version that is not bound to a name any more: its files go after a while. */
  retire(version: StoredVersion): void {
    if (!this.#versions.has(version) || this.#retired.has(version)) return;
    // Files that Spark has seen stay while there is room, for frames of the old version may still be computed.
    if (version.pinned) {
      this.#retired.set(version, undefined);
      return;
    }
    const timer = setTimeout(() => void this.#remove(version), this.options.graceMilliseconds);
    timer.unref();
    this.#retired.set(version, timer);
  }

  /** Removes an allocated directory that nothing was kept of. Never rejects; unknown directories are left alone. */
  async discard(directory: string): Promise<void> {
    if (!this.#allocated.delete(directory)) return;
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }

  /** Like `discard`, for the directory of these parts. */
  async discardPartsOf({ parts }: ArrowParts): Promise<void> {
    if (parts[0] !== undefined) await this.discard(dirname(parts[0]));
  }

  /** Removes all files. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const directories = [...this.#allocated, ...[...this.#versions].map((version) => version.directory)];
    for (const timer of this.#retired.values()) clearTimeout(timer);
    this.#allocated.clear();
    this.#versions.clear();
    this.#retired.clear();
    await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }).catch(() => {})));
  }

  #directoryOf(name: string, parts: readonly string[]): string {
    const directory = parts[0] === undefined ? undefined : dirname(parts[0]);
    if (directory === undefined) throw viewDataInvalid(name, 'it has no part');
    if (!this.#allocated.has(directory))
      throw viewDataInvalid(name, 'its files are not in a directory that the session allocated');
    if (parts.some((part) => dirname(part) !== directory))
      throw viewDataInvalid(name, 'its files are in more than one directory');
    return directory;
  }

  async #inspect(name: string, directory: string, { parts, totalRows }: ArrowParts): Promise<StoredVersion> {
    const facts = [];
    const files = new Map<number, number>();
    for (const part of parts) {
      const found = await lstat(part).catch(() => undefined);
      if (!found?.isFile() || (await realpath(part)) !== join(await realpath(directory), part.slice(directory.length)))
        throw viewDataInvalid(name, `${part} is no file`);
      await chmod(part, 0o600);
      files.set(found.ino, found.size);
      facts.push(await inspectArrowFile(part));
    }
    const rows = facts.reduce((sum, one) => sum + one.rows, 0);
    const bytes = facts.reduce((sum, one) => sum + one.bytes, 0);
    const schema = facts[0]?.schema;
    return {
      directory,
      data: {
        parts: [...parts],
        rows,
        bytes,
        totalRows: totalRows === undefined ? undefined : Math.max(totalRows, rows),
      },
      files,
      fields: schema && fieldsOf(schema),
      refusal: schema ? sparkRefusal(schema) : 'its schema has a type that the session does not know',
      pinned: false,
    };
  }

  /** Replaced versions go before their time when room is needed, oldest first; bound ones never. */
  async #makeRoom(name: string, newcomer: StoredVersion): Promise<void> {
    const together = () => this.#bytesOf([...this.#versions, newcomer]);
    for (const version of [...this.#retired.keys()]) {
      if (together() <= this.options.limitBytes) return;
      await this.#remove(version);
    }
    const held = this.bytes;
    if (together() > this.options.limitBytes)
      throw viewMemoryFull(name, newcomer.data.bytes, held, this.options.limitBytes);
  }

  #bytesOf(versions: Iterable<StoredVersion>): number {
    const files = new Map<number, number>();
    for (const version of versions) for (const [inode, bytes] of version.files) files.set(inode, bytes);
    return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  async #remove(version: StoredVersion): Promise<void> {
    clearTimeout(this.#retired.get(version));
    this.#retired.delete(version);
    if (!this.#versions.delete(version)) return;
    await rm(version.directory, { recursive: true, force: true }).catch(() => {});
  }
}
