import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import type { Places } from '../places.js';
import { findJars } from '../setup/jars.js';
import { lockHash } from '../setup/lock-file.js';
import { scalaHash } from '../setup/scala-classes.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';

/** Raised when the fields change their meaning; an older file is then as good as none. */
export const stateVersion = 2;

/** What set-up found and made. Paths are absolute. */
export interface EnvironmentState {
  readonly version: number;
  /** Hash of the lock files the environment was made from; `own` for a Python of the user's. */
  readonly lockHash: string;
  readonly python: string;
  readonly pythonVersion: string;
  /** The environment's root, `null` for a Python of the user's. */
  readonly prefix: string | null;
  readonly java: string;
  readonly javaMajor: number;
  readonly javaSource: string;
  readonly sparkHome: string;
  readonly sparkVersion: string;
  readonly jars: readonly string[];
  readonly classes: string;
  /** Of the Scala sources that the classes were compiled from. */
  readonly scalaHash: string;
  /** The Jupyter data directory that has our kernelspecs. */
  readonly jupyterData: string;
}

export function writeState(places: Places, state: EnvironmentState): void {
  writeJsonFile(places.state, state);
}

/** Why the recorded environment cannot be used as it is, in words; `undefined` when it can. */
export function staleReason(
  places: Places,
  state: EnvironmentState | undefined,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (state === undefined || state.version !== stateVersion) return 'Crossview is not set up yet';
  const own = env.CROSSVIEW_PYTHON;
  if (own ? state.python !== own : state.lockHash === 'own') return 'CROSSVIEW_PYTHON was changed since the set-up';
  if (!own && state.lockHash !== lockHash('build', 'session'))
    return 'the lock file of the Python packages was changed';
  if (!existsSync(state.python)) return `the Python of the set-up is gone (${state.python})`;
  if (env.JAVA_HOME && !state.java.startsWith(resolve(env.JAVA_HOME))) return 'JAVA_HOME was changed since the set-up';
  if (!existsSync(state.java)) return `the Java of the set-up is gone (${state.java})`;
  if (!existsSync(state.sparkHome)) return `Spark is gone (${state.sparkHome})`;
  const jars = findJars(places, env);
  if (jars === undefined) return 'the jars for Azure storage are not there';
  if (scalaHash() !== state.scalaHash || !existsSync(state.classes)) return "Crossview's Scala side was changed";
  return undefined;
}

/**
 * The environment that set-up made. Takes milliseconds; starts nothing.
 * @throws CrossviewError `SETUP_NEEDED` with the reason.
 */
export function readState(places: Places): EnvironmentState {
  const state = readJsonFile<EnvironmentState>(places.state);
  const reason = staleReason(places, state);
  if (reason !== undefined)
    throw new CrossviewError('SETUP_NEEDED', reason, { hint: 'Run "npx crossview setup".', facts: { reason } });
  return state!;
}
