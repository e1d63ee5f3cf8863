import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('convert')
    .argument('<notebook>', 'a notebook of any format')
    .argument(
      '<target>',
      "the file to write: .ipynb, .json (Synapse), .py/.scala/.sql (Fabric), or Fabric's NAME.Notebook folder",
    )
    .description('write a notebook in another format; nothing of it is lost')
    .option('--no-outputs', 'leave outputs and execution counts out')
    .action(async (notebook: string, target: string, options: { outputs: boolean }) => {
      const { convertNotebook } = await import('../notebook/convert.js');
      console.log(convertNotebook(notebook, target, options));
    });
