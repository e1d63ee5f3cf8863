import { spawn } from 'node:child_process';
import { CrossviewError } from '@crossview/contracts';
import { ensureEnvironment } from '../environment/ensure.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { jupyterEnvironment } from './run-notebook.js';

/**
 * Starts JupyterLab in the environment and waits for its end.
 * @param argv JupyterLab's own arguments.
 * @throws CrossviewError `LAB_MISSING` when CROSSVIEW_PYTHON names a Python without JupyterLab.
 */
export async function runLab(argv: readonly string[], progress: Progress): Promise<number> {
  const state = await ensureEnvironment(progress, { with: ['lab'] });
  if (state.prefix === null) {
    const asked = await runProcess(state.python, ['-c', 'import jupyterlab'], { timeoutMs: 60_000 });
    if (asked.code !== 0)
      throw new CrossviewError('LAB_MISSING', `CROSSVIEW_PYTHON is ${state.python}, which lacks JupyterLab`, {
        hint: 'Install jupyterlab there, or unset CROSSVIEW_PYTHON.',
      });
  }
  const child = spawn(state.python, ['-m', 'jupyterlab', ...argv], {
    stdio: 'inherit',
    env: jupyterEnvironment(state.jupyterData),
  });
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.once('exit', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 143));
  });
}
