import type { PoolCommandOptions } from '../services/stand-alone-pool.js';
import type { Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('pool')
    .description('run a dedicated SQL pool of your own for any SQL client, until Ctrl+C')
    .option('-d, --directory <directory>', 'where its databases live', '.crossview/pool')
    .option('-p, --port <number>', 'the port (default: a free one)', '0')
    .option('-u, --user <name>', 'its administrator', 'sqladmin')
    .option('--create-databases', 'let databases and schemas come into being on first use')
    .action(async (options: PoolCommandOptions) => {
      const { runPool } = await import('../services/stand-alone-pool.js');
      process.exitCode = await runPool(options);
    });
