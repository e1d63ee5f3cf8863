import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

interface RunOptions {
  output?: string;
  kernel?: string;
  timeout?: string;
  allowErrors?: boolean;
  quiet?: boolean;
  parameter?: string[];
  profile?: string;
  junit?: string;
  dryRun?: boolean;
}

export const register: Register = (program) =>
  void program
    .command('run')
    .argument(
      '<notebook>',
      "an .ipynb file, a Synapse workspace's notebook/*.json, or Fabric's notebook-content.py/.scala/.sql",
    )
    .description('run a notebook from first to last cell, and show what each cell gave')
    .option(
      '-p, --parameter <name=value>',
      'set a parameter; may be given several times',
      (value, all: string[] = []) => [...all, value],
    )
    .option('--profile <name>', 'the profile of crossview.json to run with')
    .option(
      '-o, --output <file>',
      'the executed notebook, .ipynb or .html (default: NOTEBOOK.executed.ipynb beside it)',
    )
    .option('-k, --kernel <name>', "the kernel, instead of the notebook's own")
    .option('--timeout <seconds>', 'end a cell that takes longer')
    .option('--allow-errors', 'go on after a cell that failed')
    .option('--junit <file>', 'write a JUnit XML report for CI')
    .option('--dry-run', 'run nothing: say what the notebook needs and what of it is missing here')
    .option('-q, --quiet', 'say only what failed')
    .action(async (notebook: string, options: RunOptions) => {
      const { runNotebook } = await import('../notebook/run-notebook.js');
      process.exitCode = await runNotebook(notebook, options, terminalProgress());
    });
