import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const kept = 16;

/** Directories for the first rows of SQL results. They are read at once, so only the latest are kept. */
export class ResultDirectories {
  readonly #made: string[] = [];
  #count = 0;

  constructor(private readonly arrow: string) {}

  async next(): Promise<string> {
    const directory = join(this.arrow, `sql-result-${++this.#count}`);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    this.#made.push(directory);
    for (const old of this.#made.splice(0, Math.max(0, this.#made.length - kept)))
      await rm(old, { recursive: true, force: true });
    return directory;
  }
}
