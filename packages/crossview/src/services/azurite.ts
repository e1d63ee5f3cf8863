import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CrossviewError } from '@crossview/contracts';
import { privateDirectory } from '../places.js';
import { identityOf, isAlive, type ProcessIdentity } from '../system/process-identity.js';

export interface Azurite {
  readonly port: number;
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it, within five seconds. May be called twice. */
  close(): Promise<void>;
}

const startLimit = 30_000;

/**
 * Starts Azurite's blob service on a free loopback port; its data live in `directory`.
 * @throws CrossviewError `AZURITE_FAILED` with what it said last.
 */
export async function startAzurite(options: {
  directory: string;
  account: string;
  key: string;
  log: (line: string) => void;
  /** Called before the first answer, so that even a start that is cut short leaves a trace. */
  onSpawn?: (identity: ProcessIdentity) => void;
}): Promise<Azurite> {
  privateDirectory(options.directory);
  const child = fork(
    fileURLToPath(new URL('./azurite-process.js', import.meta.url)),
    [
      '--location',
      options.directory,
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      '0',
      '--disableTelemetry',
      '--silent',
      '--skipApiVersionCheck',
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, AZURITE_ACCOUNTS: `${options.account}:${options.key}` },
    },
  );
  const identity = identityOf(child.pid ?? 0);
  options.onSpawn?.(identity);
  const last: string[] = [];
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new CrossviewError('AZURITE_FAILED', `Azurite did not start: ${reason}`, { hint: last.join('\n') }));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`no answer within ${startLimit / 1000} s`);
    }, startLimit);
    const listen = (line: string): void => {
      options.log(`azurite: ${line}`);
      last.push(line);
      if (last.length > 10) last.shift();
      const found = /listens on http:\/\/[^:]+:(\d+)/.exec(line);
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    };
    createInterface({ input: child.stdout! }).on('line', listen);
    createInterface({ input: child.stderr! }).on('line', listen);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`it ended with code ${code}`);
    });
  });
  return {
    port,
    identity,
    ended,
    async close() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * Waits for an Azurite that lost its parent: two must never write the same files. It ends by itself within seconds;
 * one that does not is ended by force.
 */
export async function waitForOrphan(orphan: ProcessIdentity): Promise<void> {
  const until = Date.now() + 6_000;
  while (isAlive(orphan)) {
    if (Date.now() > until) process.kill(orphan.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
