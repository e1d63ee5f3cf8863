import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from '../places.js';
import { liveSessions } from '../session/directories.js';

const keptForMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Removes from a directory of things that are made once for each version what no set-up asked for in a week: two
 * checkouts of Crossview that take turns must not make theirs anew each time.
 * @param current the name that is in use now; its time is renewed.
 */
export function removeUnused(places: Places, directory: string, current: string): void {
  const now = Date.now();
  utimesSync(join(directory, current), now / 1000, now / 1000);
  // A running session loads classes late and has its archive mapped: nothing is taken from under it.
  if (liveSessions(places).length > 0) return;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (name !== current && now - used > keptForMs) rmSync(path, { recursive: true, force: true });
  }
}
