import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('lab')
    .description('open JupyterLab with the kernels; brings JupyterLab when it is first asked for')
    .argument('[arguments...]', "JupyterLab's own, after --")
    .allowUnknownOption()
    .action(async (argv: string[]) => {
      const { runLab } = await import('../notebook/run-lab.js');
      process.exitCode = await runLab(argv, terminalProgress());
    });
