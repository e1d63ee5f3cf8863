import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

const made: string[] = [];
process.once('exit', () => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A fresh directory with mode 0700 that is removed when the test process ends. */
export function temporaryDirectory(label: string): string {
  const directory = mkdtempSync(join(tmpdir(), `crossview-test-${label}-`));
  made.push(directory);
  return directory;
}
