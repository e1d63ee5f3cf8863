import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionDirectories } from '@crossview/contracts';

/** Gives a path of the session that nobody else uses; a file that is made there goes when `run` has ended. */
export async function withFile<T>(directories: SessionDirectories, run: (path: string) => Promise<T>): Promise<T> {
  const directory = join(directories.root, 'synapse');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, randomUUID());
  try {
    return await run(path);
  } finally {
    rmSync(path, { force: true });
  }
}
