import { rm } from 'node:fs/promises';
import type { StorageContainer } from '@crossview/contracts';
import type { FileStore } from './file-store.js';

/** A container of Blob storage or Data Lake Storage, or of the emulator. */
export function storageStore(container: StorageContainer, growingFolder: string): FileStore {
  return {
    title: `container ${container.container} of account ${container.account}`,
    growingFolder,
    async put(localFile, path, signal) {
      await container.upload(localFile, path, signal ? { signal } : {});
      await rm(localFile, { force: true });
    },
    async remove(path) {
      await container.removeDirectory(path);
    },
  };
}
