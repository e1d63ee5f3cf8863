import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageAccount } from '@crossview/contracts';
import { root } from './paths.js';
import { administrator } from './pool.js';

export interface PoolProcess {
  readonly port: number;
  readonly certificateAuthority: string;
  readonly pid: number;
  /** Seconds of processor time so far. Linux only. */
  cpu(): number;
  /** Resident megabytes. Linux only. */
  memory(): number;
  /** SIGKILL, and waits until it is gone. May be called twice. */
  kill(): Promise<void>;
}

/** A pool in a process of its own. @param account the storage it reaches, by any name */
export async function startPoolProcess(directory: string, account?: StorageAccount): Promise<PoolProcess> {
  const options = { directory, administrator, account };
  const child: ChildProcess = fork(join(root, 'test/support/pool-child.mjs'), [], {
    env: { ...process.env, POOL_OPTIONS: JSON.stringify(options) },
    execArgv: [],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { port, certificateAuthority } = await new Promise<{ port: number; certificateAuthority: string }>(
    (resolve, reject) => {
      child.once('message', resolve as (message: unknown) => void);
      child.once('close', (code) => reject(new Error(`the pool ended with ${code} before it was up`)));
    },
  );
  const pid = child.pid!;
  return {
    port,
    certificateAuthority,
    pid,
    cpu: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
