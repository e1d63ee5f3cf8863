import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../places.js';

/** `session`: what every session needs; the others join the same environment when they are first asked for. */
export type LockName = 'build' | 'session' | 'lake' | 'java' | 'lab' | 'test';

export function lockFilePath(name: LockName): string {
  return packageFile(`python/requirements/${name}.lock`);
}

/** First 12 hexadecimal digits of the SHA-256 over lock files, in the order given. */
export function lockHash(...names: readonly LockName[]): string {
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(lockFilePath(name)));
  return hash.digest('hex').slice(0, 12);
}

/** The packages a lock names, each with the version it has, or the versions for the Pythons it depends on, newest last. */
export function lockedPackages(name: LockName): ReadonlyMap<string, readonly string[]> {
  const packages = new Map<string, string[]>();
  for (const line of readFileSync(lockFilePath(name), 'utf8').split('\n')) {
    const found = /^([A-Za-z0-9_.-]+)==([^\s;\\]+)/.exec(line);
    if (found) packages.set(found[1]!, [...(packages.get(found[1]!) ?? []), found[2]!]);
  }
  return packages;
}
