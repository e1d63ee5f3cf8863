import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { nearest } from '../cell/nearest.js';

export interface Kernelspec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly interruptMode: 'signal' | 'message';
  readonly language: string;
}

/** Where Jupyter looks for kernelspecs (`jupyter --paths`), first found first. */
function folders(python: string): readonly string[] {
  const named = (process.env.JUPYTER_PATH ?? '').split(delimiter).filter((path) => path !== '');
  const home = homedir();
  const data = process.env.XDG_DATA_HOME ?? join(home, '.local', 'share');
  const own = process.platform === 'darwin' ? join(home, 'Library', 'Jupyter') : join(data, 'jupyter');
  const prefix = join(dirname(dirname(python)), 'share', 'jupyter');
  const roots = [
    ...named,
    process.env.JUPYTER_DATA_DIR ?? own,
    prefix,
    '/usr/local/share/jupyter',
    '/usr/share/jupyter',
  ];
  return roots.map((root) => join(root, 'kernels'));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

/** Names of the kernels that are installed. */
export async function kernelspecNames(python: string): Promise<readonly string[]> {
  return [...new Set((await Promise.all(folders(python).map(namesIn))).flat())].sort();
}

/** @throws CrossviewError `KERNEL_UNKNOWN` with the nearest name that is installed. */
export async function findKernelspec(name: string, python: string): Promise<Kernelspec> {
  const all = folders(python);
  for (const folder of all) {
    const place = join(folder, name);
    const text = await readFile(join(place, 'kernel.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const spec = JSON.parse(text) as {
      argv: string[];
      env?: Record<string, string>;
      interrupt_mode?: string;
      language?: string;
    };
    return {
      name,
      argv: spec.argv.map((word, at) =>
        // A kernelspec of a Python environment says `python` and means its own.
        at === 0 && /^python[\d.]*$/.test(word) && folder.startsWith(dirname(dirname(python)))
          ? python
          : word.replaceAll('{resource_dir}', place),
      ),
      environment: spec.env ?? {},
      interruptMode: spec.interrupt_mode === 'message' ? 'message' : 'signal',
      language: spec.language ?? name,
    };
  }
  const known = await kernelspecNames(python);
  throw new CrossviewError('KERNEL_UNKNOWN', `No Jupyter kernel called ${name} is installed`, {
    hint:
      known.length === 0
        ? 'None is installed where Jupyter looks (JUPYTER_PATH, the user’s data directory).'
        : `Did you mean ${nearest(name, known)}? There are ${known.join(', ')}.`,
    facts: { kernel: name },
  });
}
