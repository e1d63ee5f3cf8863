import type { SweepCommandOptions } from '../session/sweep-command.js';
import { collect, type Register } from './command.js';

export const register: Register = (program) =>
  void program
    .command('sweep')
    .description('find, and with --remove take away, what sessions that ended badly left in staging and in pools')
    .option('--remove', 'remove it; without this nothing is changed')
    .option('--older-than <time>', 'leave what is younger: 90m, 24h, 7d', '24h')
    .option('--server <name>', 'of the profile; may be repeated (default: all of them)', collect, [])
    .option('--database <name>', 'may be repeated (default: those of the profile; locally all)', collect, [])
    .option(
      '--place <address>',
      'a further staging place, abfss://container@account.dfs.core.windows.net/directory',
      collect,
      [],
    )
    .option('--json', 'for programs')
    .action(async (options: SweepCommandOptions) => {
      const { runSweep } = await import('../session/sweep-command.js');
      process.exitCode = await runSweep(options);
    });
