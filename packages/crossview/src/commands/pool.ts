import type { InitScriptOptions } from '../config/init-script.js';
import type { PoolCommandOptions } from '../services/stand-alone-pool.js';
import { collect, type Register } from './command.js';

export const register: Register = (program) => {
  const pool = program
    .command('pool')
    // Its own --user is not that of a command below it.
    .enablePositionalOptions()
    .description('run a dedicated SQL pool of your own for any SQL client, until Ctrl+C')
    .option('-d, --directory <directory>', 'where its databases live', '.crossview/pool')
    .option('-p, --port <number>', 'the port (default: a free one)', '0')
    .option('-u, --user <name>', 'its administrator', 'sqladmin')
    .option('--create-databases', 'let databases and schemas come into being on first use')
    .action(async (options: PoolCommandOptions) => {
      const { runPool } = await import('../services/stand-alone-pool.js');
      process.exitCode = await runPool(options);
    });
  pool
    .command('init-script')
    .description('print the T-SQL that sets a real pool up for synapsesql, so that no session needs CONTROL')
    .option('--user <name>', 'the user or group that runs notebooks; may be repeated', collect, [])
    .option('--login', 'these users have SQL logins; without it they are of Entra')
    .option('--schema <name>', 'where tables are written; may be repeated (default: dbo)', collect, [])
    .option('--account <name>', 'the staging account (default: the profile’s)')
    .option('--container <name>', 'the staging container (default: the profile’s)')
    .option('--credential <kind>', 'how the pool reaches the account: managed-identity or key', 'managed-identity')
    .option('--data-source <name>', 'the name of the external data source', 'crossview_staging')
    .option('--file-format <name>', 'the name of the file format', 'crossview_parquet')
    .option('--read-only', 'without the grants for writing')
    .action(async (options: InitScriptOptions) => {
      const { initScript } = await import('../config/init-script.js');
      console.log(initScript(options));
    });
};
