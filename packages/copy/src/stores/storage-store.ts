import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageContainer } from '@crossview/contracts';
import type { FileStore } from './file-store.js';

/**
 * A container of Blob storage or Data Lake Storage, or of the emulator.
 * @param scratchDirectory a folder of the session; files grow in a folder inside of it.
 */
export function storageStore(container: StorageContainer, scratchDirectory: string): FileStore {
  return {
    title: `container ${container.container} of account ${container.account}`,
    growingFolder: join(scratchDirectory, 'copy-growing'),
    async put(localFile, path, signal) {
      await container.upload(localFile, path, signal ? { signal } : {});
      await rm(localFile, { force: true });
    },
    async remove(path) {
      await container.removeDirectory(path);
    },
  };
}
