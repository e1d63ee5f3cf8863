import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const carrier = fileURLToPath(new URL('../../python/crossview_kernel/carried.py', import.meta.url));
const packages = ['crossview_session', 'crossview_views'];

let read: Promise<Readonly<Record<string, string>>> | undefined;

/** How rows reach a kernel: as files of this host, or as buffers of comm messages. */
export type ViewRoad = 'files' | 'comm';

/**
 * Code that gives an IPython kernel the object `views`, wherever it runs and whatever is installed there but pyarrow.
 * @param pythonPath folders, among which are those with the Python side of views and of the session
 */
export async function carriedViews(pythonPath: readonly string[], road: ViewRoad): Promise<string> {
  read ??= sourcesIn(pythonPath);
  const text = (value: unknown) => JSON.stringify(JSON.stringify(value));
  const [program, sources] = await Promise.all([readFile(carrier, 'utf8'), read]);
  // As JSON in a text of Python; in a namespace of its own, so that the user's stays empty.
  return `(lambda names: (exec(__import__("json").loads(${text(program)}), names), names["install"](get_ipython(), __import__("json").loads(${text(sources)}), ${JSON.stringify(road)})))({"__name__": "crossview_carried"})`;
}

/** Texts of the modules by name. */
async function sourcesIn(folders: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const sources: Record<string, string> = {};
  for (const name of packages)
    for (const folder of folders) {
      const files = await readdir(join(folder, name)).catch(() => []);
      for (const file of files.filter((one) => one.endsWith('.py')).sort()) {
        const module = file === '__init__.py' ? name : `${name}.${file.slice(0, -3)}`;
        sources[module] ??= await readFile(join(folder, name, file), 'utf8');
      }
    }
  return sources;
}
