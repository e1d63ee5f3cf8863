import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import type { LakeEntry, Locate, Located } from './store.js';

/** What `fs.ls` gives for each file. */
export interface FileInfo {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly isDir: boolean;
  readonly isFile: boolean;
  /** Milliseconds since 1970. */
  readonly modifyTime: number;
}

function notFound(address: string): CrossviewError {
  return new CrossviewError('FILE_NOT_FOUND', `There is no ${address}`, { facts: { path: address } });
}

function info(entry: LakeEntry, { nameOf }: Located): FileInfo {
  return {
    path: nameOf(entry.path),
    name: entry.path.split('/').at(-1) ?? '',
    size: entry.bytes,
    isDir: entry.isDirectory,
    isFile: !entry.isDirectory,
    modifyTime: entry.modified,
  };
}

/** The operations of `mssparkutils.fs` over every kind of path. */
export class LakeFiles {
  /** @param temporary a directory of the session for files on their way. */
  constructor(
    readonly locate: Locate,
    readonly temporary: string,
  ) {}

  async list(address: string): Promise<readonly FileInfo[]> {
    const at = await this.locate(address);
    const found = await at.store.stat(at.path);
    if (found === undefined) throw notFound(address);
    const entries = found.isDirectory ? await at.store.list(at.path) : [found];
    return entries.map((entry) => info(entry, at));
  }

  async stat(address: string): Promise<FileInfo | undefined> {
    const at = await this.locate(address);
    const found = await at.store.stat(at.path);
    return found && info(found, at);
  }

  async makeDirectory(address: string): Promise<void> {
    const at = await this.locate(address);
    await at.store.makeDirectory(at.path);
  }

  /** @throws CrossviewError `FILE_NOT_FOUND`, `DIRECTORY_NOT_EMPTY` for a directory with something in it without `recurse`. */
  async remove(address: string, recurse: boolean): Promise<void> {
    const at = await this.locate(address);
    const found = await at.store.stat(at.path);
    if (found === undefined) throw notFound(address);
    if (found.isDirectory && !recurse && (await at.store.list(at.path)).length > 0)
      throw new CrossviewError('DIRECTORY_NOT_EMPTY', `${address} is a directory with something in it`, {
        hint: 'Give recurse=True to remove it with all that is in it.',
        facts: { path: address },
      });
    await at.store.remove(at.path);
  }

  /** A file of this machine with the contents; `temporary` says that the caller is to remove it. */
  async fetch(address: string): Promise<{ readonly file: string; readonly temporary: boolean }> {
    const at = await this.locate(address);
    const found = await at.store.stat(at.path);
    if (found === undefined || found.isDirectory) throw notFound(address);
    if (at.store.localPath) return { file: at.store.localPath(at.path), temporary: false };
    const file = join(await this.#directory(), 'file');
    await at.store.download(at.path, file);
    return { file, temporary: true };
  }

  async store(file: string, address: string): Promise<void> {
    const at = await this.locate(address);
    await at.store.upload(file, at.path);
  }

  async head(address: string, maxBytes: number): Promise<string> {
    const { file, temporary } = await this.fetch(address);
    try {
      const opened = await open(file, 'r');
      try {
        const { bytesRead, buffer } = await opened.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
        // A character that was cut in two at the end is left out.
        return new TextDecoder('utf-8').decode(buffer.subarray(0, bytesRead), { stream: true });
      } finally {
        await opened.close();
      }
    } finally {
      if (temporary) await rm(join(file, '..'), { recursive: true, force: true });
    }
  }

  /** @throws CrossviewError `FILE_EXISTS` unless `overwrite`. */
  async put(address: string, content: string, overwrite: boolean): Promise<void> {
    const at = await this.locate(address);
    if (!overwrite && (await at.store.stat(at.path)) !== undefined)
      throw new CrossviewError('FILE_EXISTS', `${address} is there already`, {
        hint: 'Give overwrite=True to replace it.',
        facts: { path: address },
      });
    await this.#write(at, content);
  }

  async append(address: string, content: string, create: boolean): Promise<void> {
    const at = await this.locate(address);
    const found = await at.store.stat(at.path);
    if (found === undefined && !create)
      throw new CrossviewError('FILE_NOT_FOUND', `There is no ${address}`, {
        hint: 'Give createFileIfNotExists=True to make it.',
        facts: { path: address },
      });
    const before = found === undefined ? '' : await this.#read(address);
    await this.#write(at, before + content);
  }

  /** As in Hadoop, a source goes into a target that is a directory. */
  async copy(from: string, to: string, recurse: boolean): Promise<void> {
    const source = await this.locate(from);
    const found = await source.store.stat(source.path);
    if (found === undefined) throw notFound(from);
    const target = await this.#target(found, to);
    if (!found.isDirectory) return this.#copyFile(source, target);
    if (!recurse)
      throw new CrossviewError('IS_DIRECTORY', `${from} is a directory`, {
        hint: 'Give recurse=True to copy it with all that is in it.',
        facts: { path: from },
      });
    await this.#copyAll(source, target);
  }

  async move(from: string, to: string, options: { createPath: boolean; overwrite: boolean }): Promise<void> {
    const source = await this.locate(from);
    const found = await source.store.stat(source.path);
    if (found === undefined) throw notFound(from);
    const target = await this.#target(found, to);
    if ((await target.store.stat(target.path)) !== undefined) {
      if (!options.overwrite)
        throw new CrossviewError('FILE_EXISTS', `${target.nameOf(target.path)} is there already`, {
          hint: 'Give overwrite=True to replace it.',
          facts: { path: to },
        });
      await target.store.remove(target.path);
    }
    const above = target.path.split('/').slice(0, -1).join('/');
    if (above !== '' && target.store.localPath) {
      if ((await target.store.stat(above)) === undefined && !options.createPath)
        throw new CrossviewError('FILE_NOT_FOUND', `There is no directory ${target.nameOf(above)}`, {
          hint: 'Give createPath=True to make it.',
        });
      await target.store.makeDirectory(above);
    }
    if (source.store.localPath && target.store.localPath) {
      const [here, there] = [source.store.localPath(source.path), target.store.localPath(target.path)];
      try {
        return await rename(here, there);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      }
    }
    await this.copy(from, to, true);
    await source.store.remove(source.path);
  }

  async #target(source: LakeEntry, to: string): Promise<Located> {
    const target = await this.locate(to);
    const there = await target.store.stat(target.path);
    // A container has no empty directories, so a name that ends with a slash says that it is one.
    if (!there?.isDirectory && !(to.endsWith('/') && !source.isDirectory)) return target;
    const name = source.path.split('/').at(-1) ?? '';
    return { ...target, path: target.path === '' ? name : `${target.path}/${name}` };
  }

  async #copyAll(source: Located, target: Located): Promise<void> {
    await target.store.makeDirectory(target.path);
    for (const entry of await source.store.list(source.path)) {
      const name = entry.path.split('/').at(-1) ?? '';
      const from = { ...source, path: entry.path };
      const to = { ...target, path: target.path === '' ? name : `${target.path}/${name}` };
      await (entry.isDirectory ? this.#copyAll(from, to) : this.#copyFile(from, to));
    }
  }

  async #copyFile(source: Located, target: Located): Promise<void> {
    if (source.store.localPath) return target.store.upload(source.store.localPath(source.path), target.path);
    const directory = await this.#directory();
    try {
      const file = join(directory, 'file');
      await source.store.download(source.path, file);
      await target.store.upload(file, target.path);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #read(address: string): Promise<string> {
    const { file, temporary } = await this.fetch(address);
    try {
      return await readFile(file, 'utf8');
    } finally {
      if (temporary) await rm(join(file, '..'), { recursive: true, force: true });
    }
  }

  async #write(at: Located, content: string): Promise<void> {
    const directory = await this.#directory();
    try {
      const file = join(directory, 'file');
      await writeFile(file, content);
      await at.store.upload(file, at.path);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  #directory(): Promise<string> {
    return mkdtemp(join(this.temporary, 'lake-'));
  }
}
