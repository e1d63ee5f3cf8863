import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';

/** What a notebook's file may end with, in the order in which they are tried. */
const endings = ['.ipynb', '.json', '.py', '.scala', '.sql', '.r'];
/** Fabric keeps a notebook in a folder of its own. */
const fabricFiles = ['py', 'scala', 'sql', 'r', 'ipynb'].map((ending) =>
  join('{}.Notebook', `notebook-content.${ending}`),
);
const passedBy = new Set(['node_modules', '.git', '.ipynb_checkpoints', '.crossview', '__pycache__']);
/** Folders below the workspace's root that are searched for a notebook's name. */
const deepest = 4;

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

async function readIfFile(path: string): Promise<FoundFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, text: await readFile(path, 'utf8') } : undefined;
}

/** The files that a name may mean in one folder. */
function namesIn(folder: string, name: string): string[] {
  const plain = name.replace(/^\/+/, '');
  const full = resolve(folder, plain);
  if (endings.includes(extname(plain).toLowerCase()) || extname(plain) === '.ts') return [full];
  return [
    ...endings.map((ending) => `${full}${ending}`),
    ...fabricFiles.map((file) => resolve(folder, file.replace('{}', plain))),
    full,
  ];
}

async function searchFor(root: string, base: string, depth = 0): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(root, entry.name);
    if (entry.isDirectory() && entry.name === `${base}.Notebook`) {
      const files = await readdir(path);
      found.push(...files.filter((file) => file.startsWith('notebook-content.')).map((file) => join(path, file)));
    } else if (entry.isDirectory() && depth < deepest && !passedBy.has(entry.name)) {
      found.push(...(await searchFor(path, base, depth + 1)));
    } else if (entry.isFile() && endings.some((ending) => entry.name === `${base}${ending}`)) found.push(path);
  }
  return found.filter((path) => !path.endsWith('.executed.ipynb'));
}

/**
 * A notebook or script by path or by name: beside the notebook that asks, in its folder `builtin`, then from the
 * workspace's root (also a Synapse repository's `notebook/`), and last anywhere in the workspace by its name alone.
 * Folders of Synapse's are no folders in Git, so `/folder/Name` is also found as `notebook/Name.json`.
 * @param folders where to look first, the nearest in front.
 * @throws CrossviewError `FILE_NOT_FOUND` saying where it looked, `NOTEBOOK_AMBIGUOUS`.
 */
export async function findNotebookFile(folders: readonly string[], root: string, name: string): Promise<FoundFile> {
  const base = basename(name);
  const places = [...new Set([...folders, root])];
  const candidates = [
    ...places.flatMap((folder) => [...namesIn(folder, name), ...namesIn(join(folder, 'builtin'), name)]),
    ...(name.startsWith('/') ? [name, ...endings.map((ending) => `${name}${ending}`)] : []),
    ...namesIn(join(root, 'notebook'), base),
  ];
  for (const path of candidates) {
    const found = await readIfFile(path);
    if (found) return found;
  }
  const elsewhere = await searchFor(root, base.replace(/\.(ipynb|json|py|scala|sql|r)$/i, ''));
  const [only, second] = elsewhere;
  if (only !== undefined && second === undefined) return { path: only, text: await readFile(only, 'utf8') };
  if (only !== undefined)
    throw new CrossviewError('NOTEBOOK_AMBIGUOUS', `There are ${elsewhere.length} notebooks called ${base}`, {
      hint: `Write its path: ${elsewhere.map((path) => relative(root, path)).join(', ')}.`,
      facts: { name },
    });
  throw new CrossviewError('FILE_NOT_FOUND', `There is no notebook ${name}`, {
    hint: `Looked beside the notebook and in the workspace ${root}, for ${endings.map((ending) => base + ending).join(', ')} and ${base}.Notebook/.`,
    facts: { name },
  });
}
