import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fresh directory with mode 0700 that is removed when the test process ends. */
export function temporaryDirectory(label: string): string {
  const directory = mkdtempSync(join(tmpdir(), `crossview-test-${label}-`));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
