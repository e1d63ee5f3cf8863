import { basename } from 'node:path';
import { findToolchain } from '../environment/toolchain.js';
import { type Places, privateDirectory } from '../places.js';
import type { Progress } from '../system/progress.js';
import { removeUnused } from './unused.js';

/** Made once for each Java and class path; a session without it starts all the same, only later. Call it under the set-up lock. */
export async function ensureClassArchive(places: Places, progress: Progress): Promise<void> {
  const { findClassArchive, makeClassArchive } = await import('@crossview/spark-session');
  const toolchain = findToolchain(places);
  const folder = privateDirectory(places.archives);
  const found = await findClassArchive(toolchain, folder);
  if (found !== undefined) return removeUnused(places, folder, basename(found));
  progress.step('Preparing a faster start of Spark');
  try {
    removeUnused(places, folder, basename(await makeClassArchive(toolchain, folder)));
  } catch (error) {
    progress.note(`left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
}
