import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CrossviewError, type StorageContainer, type StoredFile } from '@crossview/contracts';

/** A folder of this machine as a container of a storage account, for the local pool (COPY, external tables). */
export function folderContainer(account: string, container: string, folder: string): StorageContainer {
  const place = (path: string): string => {
    const full = resolve(join(folder, path));
    if (full === resolve(folder) || full.startsWith(resolve(folder) + sep)) return full;
    throw new CrossviewError('LAKE_PATH', `${path} leads out of the lake's folder`, { facts: { path } });
  };
  async function* list(prefix: string): AsyncIterable<StoredFile> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const full = join(entry.parentPath, entry.name);
      const path = relative(folder, full).split(sep).join('/');
      if (!path.startsWith(prefix)) continue;
      const { size, mtime } = await stat(full);
      yield { path, bytes: size, lastModified: mtime };
    }
  }
  return {
    account,
    container,
    ensure: async () => void (await mkdir(folder, { recursive: true })),
    list: (prefix) => list(prefix.replace(/^\/+/, '')),
    download: (path, toFile) => copyFile(place(path), toFile),
    async upload(fromFile, path) {
      await mkdir(dirname(place(path)), { recursive: true });
      await copyFile(fromFile, place(path));
    },
    async removeDirectory(path) {
      let removed = 0;
      const inside = path.replace(/\/+$/, '');
      for await (const file of list(inside))
        if (file.path === inside || file.path.startsWith(`${inside}/`)) removed += 1;
      await rm(place(inside), { recursive: true, force: true });
      return removed;
    },
    // A folder asks nobody for a signature; statements that hold one are made all the same.
    signature: async () => `sr=c&sig=${randomUUID()}`,
  };
}
