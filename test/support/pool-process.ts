import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.js';

export interface PoolProcess {
  readonly port: number;
  readonly certificateAuthority: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to the line that it is up. */
  readonly startedIn: number;
  /** Seconds of processor time so far. Linux only. */
  cpu(): number;
  /** Resident megabytes. Linux only. */
  memory(): number;
  /** SIGKILL, and waits until it is gone. May be called twice. */
  kill(): Promise<void>;
}

/** @param storage account, key and endpoint of an emulator, when the pool is to reach one */
export async function startPoolProcess(directory: string, storage: readonly string[] = []): Promise<PoolProcess> {
  const began = performance.now();
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'test/support/pool-child.ts'), directory, ...storage],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (bytes: Buffer) => {
      text += bytes;
      if (text.includes('\n')) resolve(text);
    });
    child.once('close', (code) => reject(new Error(`the pool ended with ${code} before it was up`)));
  });
  const { port, ca } = JSON.parse(line) as { port: number; ca: string };
  const pid = child.pid!;
  return {
    port,
    certificateAuthority: ca,
    pid,
    startedIn: performance.now() - began,
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
