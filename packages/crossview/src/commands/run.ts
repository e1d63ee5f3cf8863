import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

interface RunOptions {
  output?: string;
  kernel?: string;
  timeout?: string;
  allowErrors?: boolean;
  quiet?: boolean;
}

export const register: Register = (program) =>
  void program
    .command('run')
    .argument('<notebook>', 'the .ipynb file')
    .description('run a notebook from first to last cell, and show what each cell gave')
    .option('-o, --output <file>', 'where the executed notebook goes (default: NOTEBOOK.executed.ipynb beside it)')
    .option('-k, --kernel <name>', "the kernel, instead of the notebook's own")
    .option('--timeout <seconds>', 'end a cell that takes longer')
    .option('--allow-errors', 'go on after a cell that failed')
    .option('-q, --quiet', 'say only what failed')
    .action(async (notebook: string, options: RunOptions) => {
      const { runNotebook } = await import('../notebook/run-notebook.js');
      process.exitCode = await runNotebook(notebook, options, terminalProgress());
    });
