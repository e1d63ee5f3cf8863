import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const deepest = 3;
const most = 1000;

/** Files under a directory that a cell may name, in the words of a cell: relative, with `/`. Hidden ones and libraries are left out. */
export async function listFiles(directory: string, wanted: (name: string) => boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string, prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || found.length >= most) continue;
      if (entry.isFile() && wanted(entry.name)) found.push(prefix + entry.name);
      if (entry.isDirectory() && depth < deepest)
        await visit(join(folder, entry.name), `${prefix}${entry.name}/`, depth + 1);
    }
  };
  await visit(directory, '', 1);
  return found.sort();
}
