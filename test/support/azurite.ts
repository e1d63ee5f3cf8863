import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { StorageAccount, StorageDirectory } from '@crossview/contracts';
import { CrossviewError } from '@crossview/contracts';

export interface Azurite {
  readonly account: StorageAccount;
  readonly key: string;
  readonly port: number;
  readonly accounts: StorageDirectory;
  readonly process: ChildProcess;
}

const running = new Map<string, Promise<Azurite>>();

async function start(name: string, location: string | undefined): Promise<Azurite> {
  const key = randomBytes(64).toString('base64');
  const child = fork(
    fileURLToPath(new URL('./azurite-child.mjs', import.meta.url)),
    [
      ...(location === undefined ? ['--inMemoryPersistence'] : ['--location', location]),
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      '0',
      '--disableTelemetry',
      '--skipApiVersionCheck',
    ],
    {
      env: { ...process.env, AZURITE_ACCOUNTS: `${name}:${key}` },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      execArgv: [],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  child.unref();
  child.channel?.unref();
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /successfully listen(?:s|ing) on \S*?:(\d+)/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}: ${text}`)));
  });
  (child.stdout as unknown as { unref(): void }).unref();
  const account: StorageAccount = {
    name,
    blobEndpoint: `http://127.0.0.1:${port}/${name}`,
    credential: { kind: 'key', key },
    emulator: true,
  };
  const accounts: StorageDirectory = {
    async account(wanted) {
      if (wanted === name) return account;
      throw new CrossviewError('STORAGE_ACCOUNT_UNKNOWN', `Storage account "${wanted}" is not known.`);
    },
  };
  return { account, key, port, accounts, process: child };
}

/** One Azurite for all tests of a process, in memory, ended with the process. */
export function azurite(name = 'devstoreaccount1', location?: string): Promise<Azurite> {
  const id = `${name} ${location}`;
  const found = running.get(id) ?? start(name, location);
  running.set(id, found);
  return found;
}
