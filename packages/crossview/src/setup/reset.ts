import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CrossviewError } from '@crossview/contracts';
import { places as defaultPlaces, type Places } from '../places.js';
import { readSupervisorState } from '../services/state.js';
import { liveSessions, removeDeadSessions } from '../session/directories.js';
import { withLock } from '../system/file-lock.js';
import { isAlive } from '../system/process-identity.js';

/** What `reset` removes without `--all`: the data, and nothing that took time to download. */
function dataFolders(places: Places): string[] {
  return [places.services, places.warehouses, places.lakehouses];
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      bytes += statSync(join(entry.parentPath, entry.name)).size;
    } catch {}
  }
  return bytes;
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Remove them? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Ends the services when no session holds them; they leave by themselves, this only hurries them. */
async function endServices(places: Places): Promise<void> {
  const state = readSupervisorState(places);
  if (state === undefined || !isAlive(state)) return;
  process.kill(state.pid, 'SIGTERM');
  const until = Date.now() + 20_000;
  while (isAlive(state)) {
    if (Date.now() > until)
      throw new CrossviewError('SERVICES_STUCK', `the local services (process ${state.pid}) do not end`, {
        hint: 'End that process, then run this again.',
        facts: { pid: state.pid },
      });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Removes data, or with `all` everything Crossview keeps for this user.
 * @throws CrossviewError `SESSIONS_RUNNING` naming their processes.
 * @returns the exit code; 1 when it was not confirmed.
 */
export async function reset(
  options: { all?: boolean; yes?: boolean },
  places: Places = defaultPlaces(),
): Promise<number> {
  const sessions = liveSessions(places);
  if (sessions.length > 0)
    throw new CrossviewError('SESSIONS_RUNNING', `${sessions.length} sessions use this data`, {
      hint: `Shut their kernels down first (processes ${sessions.map(({ pid }) => pid).join(', ')}).`,
      facts: { sessions: sessions.length },
    });
  const folders = (options.all ? [places.data] : dataFolders(places)).filter((folder) => existsSync(folder));
  if (folders.length === 0) {
    console.log('There is nothing to remove.');
    return 0;
  }
  for (const folder of folders) console.log(`${folder} (${(bytesIn(folder) / 1e6).toFixed(1)} MB)`);
  if (!options.yes && !(await confirmed())) {
    console.log('Nothing was removed. "--yes" removes without asking.');
    return 1;
  }
  await withLock(places.data, 'setup', async () => {
    await endServices(places);
    removeDeadSessions(places);
    if (!options.all) for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  if (options.all) rmSync(places.data, { recursive: true, force: true });
  console.log('Removed.');
  return 0;
}
