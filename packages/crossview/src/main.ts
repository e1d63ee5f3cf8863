import { createRequire } from 'node:module';
import { tellError } from './system/tell-error.js';

/** The commands that people type. `kernel` and `services` are started by machines and load none of these. */
const commands = [
  'setup',
  'install',
  'run',
  'convert',
  'lake',
  'copy',
  'lab',
  'pool',
  'sweep',
  'doctor',
  'reset',
] as const;

async function runCommand(argv: readonly string[]): Promise<void> {
  const { Command } = await import('commander');
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Command('crossview')
    .description('Run Synapse and Fabric notebooks anywhere Jupyter runs')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('("crossview --help" lists the commands)');
  for (const name of commands) {
    const { register } = (await import(`./commands/${name}.js`)) as typeof import('./commands/setup.js');
    register(program);
  }
  await program.parseAsync([...argv], { from: 'user' });
}

/** The command line. Sets the exit code; an error is told in words, with what to do. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    if (argv[0] === 'kernel') await (await import('./commands/kernel.js')).runKernel(argv.slice(1));
    else if (argv[0] === 'services') await (await import('./commands/services.js')).runServices();
    else await runCommand(argv);
  } catch (error) {
    console.error(tellError(error));
    process.exitCode = 1;
  }
}
