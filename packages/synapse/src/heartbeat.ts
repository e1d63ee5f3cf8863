import { writeFileSync } from 'node:fs';
import type { Synapse } from './context.js';
import { containerOf, type StagingBase, sparkLocation } from './staging.js';
import { withFile } from './with-file.js';

/** Readers skip names that begin so. */
export const heartbeatName = '_crossview_heartbeat';

/** A sweep of another session takes a directory for abandoned when nothing in it is younger than its limit. */
export const heartbeatMs = 5 * 60_000;

/** Touches the staging directories in use, so that neither a long load nor a frame that is kept for days is swept. */
export class Heartbeat {
  readonly #places = new Map<string, StagingBase>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly synapse: Pick<Synapse, 'directories' | 'storage' | 'sessionId' | 'log'>,
    private readonly everyMs = heartbeatMs,
  ) {}

  start(place: StagingBase): void {
    this.#places.set(sparkLocation(place), place);
    this.#timer ??= setInterval(() => void this.#beat(), this.everyMs).unref();
  }

  stop(place: StagingBase): void {
    this.#places.delete(sparkLocation(place));
    if (this.#places.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #beat(): Promise<void> {
    const { directories, storage, sessionId, log } = this.synapse;
    await withFile(directories, async (path) => {
      writeFileSync(path, sessionId, { mode: 0o600 });
      for (const [location, place] of [...this.#places]) {
        await containerOf(storage, place)
          .upload(path, `${place.directory}/${heartbeatName}`)
          .catch((thrown: unknown) => log(`no heartbeat in ${location}: ${String(thrown)}`));
        // The directory may have been removed meanwhile; then the heartbeat must not bring it back.
        if (!this.#places.has(location))
          await containerOf(storage, place)
            .removeDirectory(place.directory)
            .catch(() => 0);
      }
    });
  }
}
