import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('reset')
    .description('remove the data of the local pool and the local storage')
    .option('--all', 'the Python environment, jars and settings too: as if Crossview had never been set up')
    .option('-y, --yes', 'do not ask')
    .action(async (options: { all?: boolean; yes?: boolean }) => {
      const { reset } = await import('../setup/reset.js');
      process.exitCode = await reset(options);
    });
