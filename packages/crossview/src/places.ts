import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';

/** Where Crossview keeps what belongs to this user. All paths are absolute; nothing is created by asking. */
export interface Places {
  readonly data: string;
  /** Python environments, one directory each. */
  readonly environments: string;
  readonly jars: string;
  readonly classes: string;
  /** Java class archives: Spark starts in about half the time with one. */
  readonly archives: string;
  /** A Jupyter data directory for kernelspecs when the Python in use is not ours to write into. */
  readonly jupyter: string;
  /** What set-up found and made: the file that makes every later start fast. */
  readonly state: string;
  readonly services: string;
  /** Managed tables, one directory for each workspace. */
  readonly warehouses: string;
  /** Lakehouses that no profile maps to a folder, by workspace. */
  readonly lakehouses: string;
  /** Packages of workspaces (`requirements.txt`), one directory each. */
  readonly packages: string;
  readonly sessions: string;
}

/** `CROSSVIEW_HOME`, else the user's data directory as the platform says (`XDG_DATA_HOME` on Linux). */
export function places(env: NodeJS.ProcessEnv = process.env): Places {
  const data = env.CROSSVIEW_HOME ? resolve(env.CROSSVIEW_HOME) : envPaths('crossview', { suffix: '' }).data;
  return {
    data,
    environments: join(data, 'environments'),
    jars: join(data, 'jars'),
    classes: join(data, 'classes'),
    archives: join(data, 'archives'),
    jupyter: join(data, 'jupyter'),
    state: join(data, 'environment.json'),
    services: join(data, 'services'),
    warehouses: join(data, 'warehouses'),
    lakehouses: join(data, 'lakehouses'),
    packages: join(data, 'packages'),
    sessions: join(data, 'sessions'),
  };
}

/** Makes a directory that only this user can enter. */
export function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') chmodSync(path, 0o700);
  return path;
}

/** A file that comes with this package, `python/requirements/session.lock`. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The folder of another of Crossview's packages, wherever npm put it. */
export function packageFolder(name: string): string {
  return fileURLToPath(new URL('../', import.meta.resolve(`@crossview/${name}`)));
}
