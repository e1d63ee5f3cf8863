import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Cell, CellOutcome, LanguageContext, Magic } from '@crossview/contracts';
import { withLakehouseWords } from '../cell/lakehouse-paths.js';
import { interrupted } from '../cell/to-jupyter-error.js';
import { endsWithUs } from '../process-groups.js';
import { refuseArguments } from '../sql/frame-output.js';
import { readOptions, splitWords } from '../sql/options.js';

function failure(reason: string): CellOutcome {
  return { status: 'error', name: 'CalledProcessError', value: reason, traceback: [`CalledProcessError: ${reason}`] };
}

export const scriptOptions = [
  { flags: ['-s'], description: 'What follows are the arguments of the script, $1, $2, …' },
];

/**
 * Runs a script; what it says streams while it runs, and Stop ends it with all it started.
 * @throws CrossviewError `OPTION_UNKNOWN`, `MAGIC_ARGUMENTS`
 */
export async function runScript(
  program: string,
  cell: Cell,
  workingDirectory: string,
  temporary: string,
): Promise<CellOutcome> {
  const { values, rest } = readOptions(program, cell.argumentLine, scriptOptions);
  if (!values.has('s')) refuseArguments(program, rest);
  const child = spawn(program, ['-s', '--', ...splitWords(rest)], {
    cwd: workingDirectory,
    detached: true,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  endsWithUs(child);
  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {}
  };
  const kill = () => end('SIGKILL');
  const stop = () => {
    end('SIGINT');
    setTimeout(kill, 2000).unref();
  };
  process.once('exit', kill);
  cell.signal.addEventListener('abort', stop, { once: true });
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    child[name].on('data', (bytes: Buffer) => cell.output.stream(name, decoder.write(bytes)));
    child[name].on('end', () => cell.output.stream(name, decoder.end()));
  }
  child.stdin.on('error', () => {});
  child.stdin.end(cell.code);
  return new Promise((resolve) => {
    const finish = (outcome: CellOutcome) => {
      process.off('exit', kill);
      cell.signal.removeEventListener('abort', stop);
      resolve(cell.signal.aborted ? interrupted : outcome);
    };
    child.once('error', (error) => finish(failure(`${program} cannot be started: ${error.message}`)));
    child.once('close', (code, signal) =>
      finish(code === 0 ? { status: 'ok' } : failure(`${program} ended with ${signal ?? `code ${code}`}`)),
    );
  });
}

/** Paths of the default lakehouse lead to its folder. */
export const located = (cell: Cell, { lake }: LanguageContext): Cell => ({
  ...cell,
  code: withLakehouseWords(cell.code, lake?.lakehouse),
});

const bash: Magic = {
  name: 'bash',
  kind: 'cell',
  summary: 'Runs the cell as a Bash script, in the notebook’s directory.',
  usage: '%%bash\nls -l\n\n%%bash -s ARGUMENT ...\necho $1',
  options: scriptOptions,
  execute: (cell, { session }) =>
    runScript('bash', located(cell, session), session.workingDirectory, join(session.directories.root, 'tmp')),
};

export default bash;
