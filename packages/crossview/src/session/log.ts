import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redactor, SessionDirectories } from '@crossview/contracts';

/** Writes lines with their time into the session's log, `kernel.log`, with every known secret taken out. */
export function sessionLog({ root }: SessionDirectories, redactor: Redactor): (line: string) => void {
  const file = join(root, 'kernel.log');
  return (line) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${redactor.redact(line)}\n`, { mode: 0o600 });
    } catch {
      // A log that cannot be written must not end a session.
    }
  };
}
