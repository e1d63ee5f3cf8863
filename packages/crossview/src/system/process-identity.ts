import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the platform's own words; empty where the platform does not tell. */
  readonly startTime: string;
}

function startTime(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // Field 22 of proc(5) stat; the name in parentheses may hold spaces and parentheses itself.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    }
    if (process.platform === 'darwin')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {}
  return '';
}

/** Linux keeps the entry of a process that ended until its parent asks; it no longer runs. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return ['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTime(pid) };
}

export function isAlive({ pid, startTime: known }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (isZombie(pid)) return false;
  const now = startTime(pid);
  return known === '' || now === '' || now === known;
}
