import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { ensureEnvironment } from '../environment/ensure.js';
import { packageFile } from '../places.js';
import type { Progress } from '../system/progress.js';

export interface RunNotebookOptions {
  readonly output?: string;
  readonly kernel?: string;
  /** Seconds. */
  readonly timeout?: string;
  readonly allowErrors?: boolean;
  readonly quiet?: boolean;
}

/** Where the executed notebook goes unless the user says otherwise. */
export function executedPath(notebook: string): string {
  return join(dirname(notebook), `${basename(notebook, '.ipynb')}.executed.ipynb`);
}

/** The environment for programs of Jupyter: our kernelspecs are found before any other. */
export function jupyterEnvironment(jupyterData: string): NodeJS.ProcessEnv {
  const path = [jupyterData, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  return { ...process.env, JUPYTER_PATH: path, PYDEVD_DISABLE_FILE_VALIDATION: '1', PYTHONUNBUFFERED: '1' };
}

/**
 * Runs a notebook and shows on standard output what each cell gave.
 * @returns the exit code: 0 when every cell passed, 1 when one failed, 130 after Ctrl+C.
 * @throws CrossviewError `NOTEBOOK_NOT_FOUND`, and what set-up throws.
 */
export async function runNotebook(notebook: string, options: RunNotebookOptions, progress: Progress): Promise<number> {
  const path = resolve(notebook);
  if (!existsSync(path))
    throw new CrossviewError('NOTEBOOK_NOT_FOUND', `there is no notebook ${path}`, { facts: { path } });
  const state = await ensureEnvironment(progress);
  const output = resolve(options.output ?? executedPath(path));
  const argv = ['-m', 'crossview_run', path, '--output', output];
  if (options.kernel) argv.push('--kernel', options.kernel);
  if (options.timeout) argv.push('--timeout', options.timeout);
  if (options.allowErrors) argv.push('--allow-errors');
  if (options.quiet) argv.push('--quiet');
  const env = jupyterEnvironment(state.jupyterData);
  const pythonPath = [packageFile('python'), process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  const child = spawn(state.python, argv, {
    // Standard input stays open as long as we live: the runner ends its kernel when it closes.
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, PYTHONPATH: pythonPath },
  });
  // The runner hears Ctrl+C too, and ends the kernel properly; we wait for it.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  try {
    return await new Promise<number>((done, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  }
}
