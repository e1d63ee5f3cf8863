import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessResult {
  /** Exit code; 128 + number for an end by signal, as shells say it. */
  readonly code: number;
  /** The last lines of both streams together, for error messages. */
  readonly lastWords: string;
  readonly stdout: string;
}

export interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Each line of either stream, as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly timeoutMs?: number;
}

const running = new Set<ChildProcess>();

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

let watching = false;
/** A process that was asked to end takes its children along. */
function watchForEnd(): void {
  if (watching) return;
  watching = true;
  process.once('exit', endAll);
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)
    process.once(signal, () => {
      endAll();
      process.exit(code);
    });
}

/**
 * Runs a program to its end.
 * @throws the error of `spawn` when the program cannot be started at all (`ENOENT`).
 */
export function runProcess(
  command: string,
  argv: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  watchForEnd();
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    running.add(child);
    const last: string[] = [];
    const out: string[] = [];
    for (const name of ['stdout', 'stderr'] as const)
      createInterface({ input: child[name] }).on('line', (line) => {
        if (name === 'stdout') out.push(line);
        if (line.trim() !== '') last.push(line);
        if (last.length > 30) last.shift();
        options.onLine?.(line, name);
      });
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            last.push(`ended after ${Math.round(options.timeoutMs! / 1000)} s`);
            child.kill('SIGKILL');
          }, options.timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({
        code: code ?? (signal === 'SIGINT' ? 130 : 137),
        lastWords: last.join('\n'),
        stdout: out.join('\n'),
      });
    });
  });
}
