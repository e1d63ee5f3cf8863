import { terminalProgress } from '../system/progress.js';
import type { Register } from './command.js';

interface CopyCommandOptions {
  parameter?: string[];
  pipeline?: string;
  output?: string;
  quiet?: boolean;
}

export const register: Register = (program) =>
  void program
    .command('copy')
    .argument('<pipeline>', 'the JSON file of a pipeline, in its repository or with all its documents')
    .description('run the Copy and Lookup activities of a pipeline that reads from Spark')
    .option('-p, --parameter <name=value>', 'a parameter of the pipeline; may be repeated', (pair: string, before) => [
      ...((before as string[] | undefined) ?? []),
      pair,
    ])
    .option('--pipeline <name>', 'which one, when the file holds several')
    .option('-o, --output <file>', 'where the run goes as JSON (default: standard output)')
    .option('-q, --quiet', 'say only what failed')
    .action(async (file: string, options: CopyCommandOptions) => {
      const { runCopy } = await import('../copy/run-copy.js');
      const live = process.stderr.isTTY === true;
      process.exitCode = await runCopy(file, { ...options, live }, terminalProgress());
    });
