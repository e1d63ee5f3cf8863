import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of this package's Scala, for `compileScala`. */
export const scalaFolder = fileURLToPath(new URL('../scala/', import.meta.url));
/** Folder of this package's Python packages, for `PYTHONPATH`. */
export const pythonFolder = fileURLToPath(new URL('../python/', import.meta.url));

/** All Scala files under the folders, sorted. A folder that does not exist counts as empty. */
export async function findScala(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      return entries.filter((name) => name.endsWith('.scala')).map((name) => join(folder, name));
    }),
  );
  return found.flat().sort();
}
