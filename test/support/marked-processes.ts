import { readdirSync, readFileSync } from 'node:fs';

export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

/** Processes of this host whose environment has the entry `name=value`; children inherit it, however far away they are. Linux only. */
export function markedProcesses(name: string, value: string): MarkedProcess[] {
  const wanted = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      try {
        if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(wanted)) return [];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
        // A process that has ended but was not waited for has an empty command line and holds nothing.
        return command === '' ? [] : [{ pid: Number(entry), command }];
      } catch {
        return [];
      }
    });
}
