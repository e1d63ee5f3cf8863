import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findToolchain } from '../environment/toolchain.js';
import { type Places, privateDirectory } from '../places.js';
import { liveSessions } from '../session/directories.js';
import type { Progress } from '../system/progress.js';

/** Made once for each Java and class path; a session without it starts all the same, only later. Call it under the set-up lock. */
export async function ensureClassArchive(places: Places, progress: Progress): Promise<void> {
  const { findClassArchive, makeClassArchive } = await import('@crossview/spark-session');
  const toolchain = findToolchain(places);
  const folder = privateDirectory(places.archives);
  if ((await findClassArchive(toolchain, folder)) !== undefined) return;
  progress.step('Preparing a faster start of Spark');
  try {
    const made = basename(await makeClassArchive(toolchain, folder));
    // A running session has its archive mapped.
    for (const name of liveSessions(places).length === 0 ? readdirSync(folder) : [])
      if (name !== made) rmSync(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    progress.note(`left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}
