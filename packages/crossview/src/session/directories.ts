import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionDirectories } from '@crossview/contracts';
import { type Places, privateDirectory } from '../places.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';
import { identityOf, isAlive, type ProcessIdentity } from '../system/process-identity.js';

/** Written into a session's root: whose it is, and what else must go with it. */
interface Owner extends ProcessIdentity {
  readonly arrow: string;
}

const ownerName = 'owner.json';
/** A root that has no owner file yet is left alone for this long: its session may be just starting. */
const youngMs = 60_000;

function sharedMemory(): string | undefined {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return undefined;
  }
}

/** Makes the directories of a session, for this user only, after removing what dead sessions left. */
export function makeSessionDirectories(places: Places): SessionDirectories {
  removeDeadSessions(places);
  const id = randomBytes(6).toString('hex');
  const root = privateDirectory(join(privateDirectory(places.sessions), id));
  // mkdtemp refuses a name that somebody else made first, and gives mode 0700.
  const memory = sharedMemory();
  const arrow =
    memory === undefined ? privateDirectory(join(root, 'arrow')) : mkdtempSync(join(memory, `crossview-${id}-`));
  writeJsonFile(join(root, ownerName), { ...identityOf(process.pid), arrow } satisfies Owner);
  return { id, root, arrow };
}

/** May be called twice. */
export function removeSessionDirectories({ root, arrow }: SessionDirectories): void {
  // The owner file goes with the root, so the root goes last: it says where the rest is.
  rmSync(arrow, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
}

function isOurArrow(path: string): boolean {
  return path.startsWith('/dev/shm/crossview-') && !path.includes('..');
}

/** Removes the directories of sessions whose process is gone; gives their number. */
export function removeDeadSessions(places: Places): number {
  if (!existsSync(places.sessions)) return 0;
  let removed = 0;
  for (const id of readdirSync(places.sessions)) {
    const root = join(places.sessions, id);
    const owner = readJsonFile<Owner>(join(root, ownerName));
    if (owner === undefined ? Date.now() - ageOf(root) < youngMs : isAlive(owner)) continue;
    if (owner && isOurArrow(owner.arrow)) rmSync(owner.arrow, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

function ageOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The sessions that run now. */
export function liveSessions(places: Places): readonly { id: string; pid: number }[] {
  if (!existsSync(places.sessions)) return [];
  return readdirSync(places.sessions).flatMap((id) => {
    const owner = readJsonFile<Owner>(join(places.sessions, id, ownerName));
    return owner && isAlive(owner) ? [{ id, pid: owner.pid }] : [];
  });
}
