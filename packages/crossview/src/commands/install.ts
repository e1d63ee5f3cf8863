import { join, resolve } from 'node:path';
import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('install')
    .description('put the kernelspecs where every Jupyter of this user finds them (JupyterLab, VS Code, papermill)')
    .option('--prefix <directory>', 'into the Jupyter of this Python installation instead')
    .option('--remove', 'take them out again')
    .action(async ({ prefix, remove }: { prefix?: string; remove?: boolean }) => {
      const { removeKernelspecs, userJupyterData, writeKernelspecs } = await import('../setup/kernelspecs.js');
      const data = prefix ? join(resolve(prefix), 'share', 'jupyter') : userJupyterData();
      if (remove) {
        const removed = removeKernelspecs(data);
        console.log(
          removed.length === 0 ? `no kernelspec of Crossview under ${data}` : `removed ${removed.join(', ')}`,
        );
        return;
      }
      const { ensureEnvironment } = await import('../environment/ensure.js');
      await ensureEnvironment(terminalProgress());
      for (const folder of writeKernelspecs(data)) console.log(folder);
    });
