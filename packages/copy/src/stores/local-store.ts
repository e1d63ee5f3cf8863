import { access, constants, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type FileStore, sinkFailed } from './file-store.js';

/** @param root folder of the linked service; a relative one starts at the working directory. */
export async function localStore(root: string, workingDirectory: string): Promise<FileStore> {
  const folder = isAbsolute(root) ? root : resolve(workingDirectory, root);
  const title = `folder ${folder}`;
  const growingFolder = join(folder, '.crossview-growing');
  const pathOf = (path: string) => join(folder, path);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw sinkFailed(title, folder, cause);
  }
  return {
    title,
    growingFolder,
    async put(localFile, path) {
      const target = pathOf(path);
      try {
        await mkdir(dirname(target), { recursive: true });
        await rename(localFile, target).catch(async (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EXDEV') throw error;
          const beside = `${target}.crossview-growing`;
          await copyFile(localFile, beside);
          await rename(beside, target);
          await rm(localFile, { force: true });
        });
      } catch (cause) {
        throw sinkFailed(title, path, cause);
      }
    },
    remove: (path) => rm(pathOf(path), { force: true }),
  };
}
