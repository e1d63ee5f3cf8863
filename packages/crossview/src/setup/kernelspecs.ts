import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../places.js';
import { readJsonFile } from '../system/json-file.js';

interface Kernel {
  /** The name that notebooks saved by Synapse Studio and Fabric carry. */
  readonly name: string;
  readonly displayName: string;
  /** As `%%name` says it. */
  readonly defaultLanguage: string;
  /** Jupyter's word for it; the highlighting of front ends hangs on it until `kernel_info_reply` comes. */
  readonly language: string;
}

export const kernels: readonly Kernel[] = [
  { name: 'synapse_pyspark', displayName: 'Synapse PySpark', defaultLanguage: 'pyspark', language: 'python' },
  { name: 'synapse_spark', displayName: 'Synapse Spark (Scala)', defaultLanguage: 'scala', language: 'scala' },
  { name: 'synapse_sparksql', displayName: 'Synapse Spark SQL', defaultLanguage: 'sql', language: 'sql' },
];

/** Settings that a kernel must see as they were at set-up, whoever starts it. */
const carried = ['CROSSVIEW_HOME', 'CROSSVIEW_PYTHON', 'CROSSVIEW_JARS', 'JAVA_HOME'] as const;

export function kernelspec(
  kernel: Kernel,
  env: NodeJS.ProcessEnv = process.env,
): { readonly argv: readonly string[]; readonly [key: string]: unknown } {
  return {
    argv: [
      process.execPath,
      packageFile('bin/crossview.mjs'),
      'kernel',
      '--language',
      kernel.defaultLanguage,
      '--connection-file',
      '{connection_file}',
    ],
    display_name: kernel.displayName,
    language: kernel.language,
    interrupt_mode: 'message',
    env: Object.fromEntries(carried.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
    metadata: { debugger: false, crossview: true },
  };
}

/** Writes the kernelspecs under a Jupyter data directory (one that has `kernels/` in it) and gives their folders. */
export function writeKernelspecs(jupyterData: string): readonly string[] {
  return kernels.map((kernel) => {
    const folder = join(jupyterData, 'kernels', kernel.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(kernelspec(kernel), undefined, 1)}\n`);
    return folder;
  });
}

/** Our kernelspecs under a Jupyter data directory, each with whether it starts this very installation. */
export function findKernelspecs(jupyterData: string): readonly { name: string; folder: string; current: boolean }[] {
  const folder = join(jupyterData, 'kernels');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const kernel = kernels.find((candidate) => candidate.name === name);
    if (!kernel) return [];
    const spec = readJsonFile<{ argv: string[] }>(join(folder, name, 'kernel.json'));
    const wanted = kernelspec(kernel);
    const current = JSON.stringify(spec?.argv) === JSON.stringify(wanted.argv);
    return [{ name, folder: join(folder, name), current }];
  });
}

export function removeKernelspecs(jupyterData: string): readonly string[] {
  return findKernelspecs(jupyterData).map(({ folder }) => {
    rmSync(folder, { recursive: true, force: true });
    return folder;
  });
}

/** Where Jupyter looks for this user's kernelspecs (jupyter_core's `jupyter_data_dir`). */
export function userJupyterData(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter');
}
