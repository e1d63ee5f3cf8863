import type { StorageContainer } from '@crossview/contracts';
import type { LakeEntry, LakeStore } from './store.js';

/** A container of a storage account as a lake. It has no directories of its own: one is there when something is in it. */
export function containerStore(container: StorageContainer): LakeStore {
  let ensured: Promise<void> | undefined;
  const ensure = (): Promise<void> => {
    ensured ??= container.ensure().catch((error: unknown) => {
      ensured = undefined;
      throw error;
    });
    return ensured;
  };
  async function* under(prefix: string) {
    await ensure();
    yield* container.list(prefix);
  }
  return {
    async stat(path) {
      if (path === '') return { path, isDirectory: true, bytes: 0, modified: 0 };
      for await (const file of under(path)) {
        const modified = file.lastModified.getTime();
        if (file.path === path) return { path, isDirectory: false, bytes: file.bytes, modified };
        if (file.path.startsWith(`${path}/`)) return { path, isDirectory: true, bytes: 0, modified };
      }
      return undefined;
    },
    async list(path) {
      const prefix = path === '' ? '' : `${path}/`;
      const found = new Map<string, LakeEntry>();
      for await (const file of under(prefix)) {
        const [name = '', ...deeper] = file.path.slice(prefix.length).split('/');
        const isDirectory = deeper.length > 0;
        const modified = Math.max(file.lastModified.getTime(), found.get(name)?.modified ?? 0);
        found.set(name, { path: prefix + name, isDirectory, bytes: isDirectory ? 0 : file.bytes, modified });
      }
      return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    download: (path, toFile) => container.download(path, toFile),
    async upload(fromFile, path) {
      await ensure();
      await container.upload(fromFile, path);
    },
    makeDirectory: ensure,
    async remove(path) {
      const found = await this.stat(path);
      if (found !== undefined) await container.removeDirectory(path);
      return found !== undefined;
    },
  };
}
