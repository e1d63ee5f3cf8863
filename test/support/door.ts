import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, temporaryDirectory } from './paths.js';

/** The command as a user runs it. */
export const door = join(root, 'packages', 'crossview', 'bin', 'crossview.mjs');

export interface DoorResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data directory of its own; the compiled Scala of the test run is taken along, because compiling takes seconds. */
export function freshHome(label: string): string {
  const home = temporaryDirectory(label);
  const classes = join(process.env.CROSSVIEW_HOME ?? '', 'classes');
  if (process.env.CROSSVIEW_HOME && existsSync(classes)) {
    mkdirSync(home, { recursive: true });
    cpSync(classes, join(home, basename(classes)), { recursive: true });
  }
  return home;
}

/** Runs the command to its end. Colours are off and nothing is asked. */
export function runDoor(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { timeout?: number } = {},
): DoorResult {
  const run = spawnSync(process.execPath, [door, ...argv], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeout ?? 170_000,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** Runs the command to its end while this process goes on: its servers can write what they have to say. */
export async function runDoorBeside(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { cwd?: string; timeout?: number } = {},
): Promise<DoorResult> {
  const child = startDoor(argv, env, options.cwd);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 170_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, ...text };
}

/** Starts the command; it is ended with the test process at the latest. */
export function startDoor(argv: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): ChildProcess {
  const child = spawn(process.execPath, [door, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  return child;
}
