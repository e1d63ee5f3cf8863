import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { type Places, privateDirectory } from '../places.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { findBasePython } from './base-python.js';
import { type LockName, lockHash } from './lock-file.js';
import { installLock } from './pip.js';

/** Written into an environment when it is complete; a directory without it is a leftover. */
interface Marker {
  readonly locks: Partial<Record<LockName, string>>;
}

const markerName = 'crossview-complete.json';

export interface PythonEnvironment {
  readonly prefix: string;
  readonly python: string;
}

function pythonIn(prefix: string): string {
  return process.platform === 'win32' ? join(prefix, 'Scripts', 'python.exe') : join(prefix, 'bin', 'python');
}

function listEnvironments(places: Places): string[] {
  return existsSync(places.environments) ? readdirSync(places.environments) : [];
}

/** The complete environment for the lock files of this version, if there is one. Fast: reads one small file. */
export function findPythonEnvironment(places: Places): PythonEnvironment | undefined {
  const hash = lockHash('build', 'session');
  for (const name of listEnvironments(places)) {
    const prefix = join(places.environments, name);
    if (name.startsWith(`${hash}-`) && existsSync(join(prefix, markerName)) && existsSync(pythonIn(prefix)))
      return { prefix, python: pythonIn(prefix) };
  }
  return undefined;
}

/** Whether a lock file was installed into this environment, at its present contents. */
export function hasLock(environment: PythonEnvironment, name: LockName): boolean {
  return readJsonFile<Marker>(join(environment.prefix, markerName))?.locks[name] === lockHash(name);
}

/** Adds a lock file's packages to a complete environment, once. */
export async function addLock(environment: PythonEnvironment, name: LockName, progress: Progress): Promise<void> {
  if (hasLock(environment, name)) return;
  await installLock(environment.python, name, progress);
  const path = join(environment.prefix, markerName);
  const locks = readJsonFile<Marker>(path)?.locks ?? {};
  writeJsonFile(path, { locks: { ...locks, [name]: lockHash(name) } } satisfies Marker);
}

/**
 * Makes the environment unless it is there. Each attempt works in a directory of its own and marks it complete at the
 * end, so an attempt that was stopped, even by force, never spoils the next one. Call it under the set-up lock.
 * @throws CrossviewError `PYTHON_NOT_FOUND`, `VENV_FAILED`, `PIP_FAILED`.
 */
export async function ensurePythonEnvironment(places: Places, progress: Progress): Promise<PythonEnvironment> {
  const found = findPythonEnvironment(places);
  if (found) return found;
  removeIncomplete(places);
  const base = await findBasePython();
  progress.step(`Making a Python environment (Python ${base.version})`);
  privateDirectory(places.environments);
  const prefix = join(places.environments, `${lockHash('build', 'session')}-${randomBytes(2).toString('hex')}`);
  const made = await runProcess(base.executable, ['-m', 'venv', prefix]);
  if (made.code !== 0)
    throw new CrossviewError('VENV_FAILED', `${base.executable} could not make an environment`, {
      hint: `It said:\n${made.lastWords}\nOn Debian and Ubuntu install python3-venv.`,
      facts: { python: base.executable },
    });
  const python = pythonIn(prefix);
  await installLock(python, 'build', progress);
  progress.step('Installing Spark and the Python kernel (pyspark alone is about 450 MB)');
  await installLock(python, 'session', progress);
  writeJsonFile(join(prefix, markerName), {
    locks: { build: lockHash('build'), session: lockHash('session') },
  } satisfies Marker);
  return { prefix, python };
}

/** Removes what interrupted attempts left. */
function removeIncomplete(places: Places): void {
  for (const name of listEnvironments(places)) {
    const prefix = join(places.environments, name);
    if (!existsSync(join(prefix, markerName))) rmSync(prefix, { recursive: true, force: true });
  }
}
