import { places as defaultPlaces, type Places } from '../places.js';
import type { LockName } from '../setup/lock-file.js';
import { hasLock } from '../setup/python-environment.js';
import { readJsonFile } from '../system/json-file.js';
import type { Progress } from '../system/progress.js';
import { type EnvironmentState, staleReason } from './state.js';

/** The environment, set up first when it is missing or out of date. */
export async function ensureEnvironment(
  progress: Progress,
  options: { places?: Places; with?: readonly LockName[] } = {},
): Promise<EnvironmentState> {
  const places = options.places ?? defaultPlaces();
  const state = readJsonFile<EnvironmentState>(places.state);
  if (state !== undefined && staleReason(places, state) === undefined) {
    const { prefix, python } = state;
    const complete =
      prefix === null || ['lake' as const, ...(options.with ?? [])].every((name) => hasLock({ prefix, python }, name));
    if (complete) return state;
  }
  const { setup } = await import('../setup/setup.js');
  return setup(progress, { ...options, places });
}
