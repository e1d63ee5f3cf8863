import { CrossviewError } from '@crossview/contracts';
import lockfile from 'proper-lockfile';
import { privateDirectory } from '../places.js';

/**
 * Runs `work` while no other process of this user does the same in `directory`.
 * A holder that was killed stops refreshing its mark, and the lock falls to the next one after ten seconds.
 * @throws CrossviewError `LOCK_TIMEOUT` when another holds it for longer than `waitMs`.
 */
export async function withLock<T>(
  directory: string,
  what: string,
  work: () => Promise<T>,
  options: { waitMs?: number; onWait?: () => void } = {},
): Promise<T> {
  privateDirectory(directory);
  const lockfilePath = `${directory}/${what}.lock`;
  const until = Date.now() + (options.waitMs ?? 60_000);
  let told = false;
  const acquire = async (): Promise<() => Promise<void>> => {
    for (;;) {
      try {
        return await lockfile.lock(directory, { lockfilePath, stale: 10_000, update: 2_000, realpath: false });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
        if (Date.now() > until)
          throw new CrossviewError('LOCK_TIMEOUT', `another process has been busy with ${what} for too long`, {
            hint: `End it, or remove ${lockfilePath} when there is none.`,
            facts: { lock: lockfilePath },
            cause: error,
          });
        if (!told) options.onWait?.();
        told = true;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };
  const release = await acquire();
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}
