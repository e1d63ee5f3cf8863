import { fstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 40;

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const identity = ({ dev, ino }: Stats): string => `${dev} ${ino}`;

/** The files that this process has open, whatever path leads to them; `undefined` where the system does not tell. */
function heldFiles(): ReadonlySet<string> | undefined {
  const descriptors = namesIn('/dev/fd');
  if (descriptors.length === 0) return undefined;
  const held = new Set<string>();
  for (const descriptor of descriptors)
    try {
      held.add(identity(fstatSync(Number(descriptor))));
    } catch {
      // Closed since the list was made.
    }
  return held;
}

/**
 * The files that DuckDB, which is in this process, writes into a directory, each as soon as it is closed and so complete; where the
 * system does not tell what is open, all of them at the end.
 * @param written settles when no more is written; its failure is thrown
 */
export async function* filesAsTheyEnd(directory: string, written: Promise<unknown>): AsyncGenerator<string, undefined> {
  const given = new Set<string>();
  let over = false;
  const end = () => {
    over = true;
  };
  const ended = written.then(end, end);
  for (;;) {
    const last = over;
    if (last) await written;
    // A file is open from the moment it is there, so the names are taken first.
    const names = namesIn(directory).filter((name) => !given.has(name));
    const held = last || names.length === 0 ? new Set<string>() : heldFiles();
    if (held !== undefined)
      for (const name of names) {
        const file = join(directory, name);
        if (held.has(identity(statSync(file)))) continue;
        given.add(name);
        yield file;
      }
    if (last) return;
    await Promise.race([ended, delay(lookEveryMs)]);
  }
}

/** Runs the task for each file, a few at a time. The first failure stops the rest, and is thrown when nothing runs any more. */
export async function eachFile(
  files: AsyncGenerator<string, undefined>,
  parallel: number,
  task: (file: string) => Promise<void>,
): Promise<void> {
  let failed = false;
  const worker = async (): Promise<void> => {
    for (;;) {
      const { value } = await files.next();
      if (value === undefined || failed) return;
      try {
        await task(value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: parallel }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
