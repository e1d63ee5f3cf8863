import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Postgresql {
  readonly port: number;
  /** Address for JDBC, with user and database. */
  readonly url: string;
  /** @returns what psql prints */
  run(text: string): string;
  close(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** PostgreSQL's own settings as Debian installs it, on a directory and a port of its own. @param psql path of psql */
export async function startPostgresql(psql: string): Promise<Postgresql> {
  const versions = '/usr/lib/postgresql';
  const version = existsSync(versions) ? readdirSync(versions).sort().at(-1) : undefined;
  if (!version) throw new Error(`there is no PostgreSQL server in ${versions}`);
  const bin = join(versions, version, 'bin');
  const directory = mkdtempSync(join(tmpdir(), 'crossview-postgresql-'));
  // It does not run as root: then Debian's own user has it.
  const other = process.getuid?.() === 0;
  const [uid, gid] = other
    ? ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })))
    : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  chownSync(directory, uid!, gid!);
  const as = { uid: uid!, gid: gid!, cwd: directory };
  const data = join(directory, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...as,
    stdio: 'ignore',
  });
  const port = await freePort();
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory], {
    ...as,
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const run = (text: string) =>
    execFileSync(psql, ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-qAt', '-c', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  for (let attempt = 0; ; attempt++) {
    try {
      run('SELECT 1');
      break;
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    port,
    url: `jdbc:postgresql://127.0.0.1:${port}/postgres?user=postgres`,
    run,
    close: async () => {
      server.kill('SIGINT');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
