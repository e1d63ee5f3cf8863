import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Reads a JSON file that this program wrote; `undefined` when it is missing or was cut short. */
export function readJsonFile<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Writes a JSON file for this user only, in one step: a reader sees the old one or the new one. */
export function writeJsonFile(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
