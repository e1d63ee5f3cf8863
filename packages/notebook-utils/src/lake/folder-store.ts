import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import type { LakeEntry, LakeStore } from './store.js';

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A folder of this machine as a lake. */
export function folderStore(folder: string): LakeStore {
  const root = resolve(folder);
  const place = (path: string): string => {
    const full = resolve(join(root, path));
    if (full !== root && !full.startsWith(root === sep ? sep : root + sep))
      throw new CrossviewError('LAKE_PATH', `${path} leads out of the lake's folder`, { facts: { path } });
    return full;
  };
  const entry = async (path: string): Promise<LakeEntry | undefined> => {
    try {
      const found = await stat(place(path));
      const isDirectory = found.isDirectory();
      return { path, isDirectory, bytes: isDirectory ? 0 : found.size, modified: Math.round(found.mtimeMs) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  return {
    stat: entry,
    async list(path) {
      const names = await readdir(place(path)).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const found = await Promise.all(names.sort().map((name) => entry(path === '' ? name : `${path}/${name}`)));
      return found.filter((it) => it !== undefined);
    },
    download: (path, toFile) => copyFile(place(path), toFile),
    async upload(fromFile, path) {
      await mkdir(dirname(place(path)), { recursive: true });
      await copyFile(fromFile, place(path));
    },
    makeDirectory: async (path) => void (await mkdir(place(path), { recursive: true })),
    async remove(path) {
      if ((await entry(path)) === undefined) return false;
      await rm(place(path), { recursive: true });
      return true;
    },
    localPath: place,
  };
}
