import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Places } from '../places.js';
import type { Profile } from './load-config.js';

/** The folder that notebooks share, and where what they keep is. All paths are absolute. */
export interface Workspace {
  /** The configuration file's directory, else the one of the Git repository, else the notebook's own. */
  readonly root: string;
  /** Where relative paths of notebooks start: the default lakehouse, else the notebook's directory. */
  readonly home: string;
  /** The default lakehouse, when the profile names one. */
  readonly lakehouse: string | undefined;
  /** Where managed tables are. */
  readonly warehouse: string;
  /** What is known of them. */
  readonly catalog: string;
}

/** Names the lakehouse of the profile that is the default one: what a notebook of Fabric says it is. */
export const lakehouseVariable = 'CROSSVIEW_DEFAULT_LAKEHOUSE';

function findRoot(profile: Profile, directory: string): string {
  if (profile.file !== undefined) return dirname(profile.file);
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return resolve(directory);
  }
}

/** Nothing is created by asking. @param directory the notebook's. */
export function findWorkspace(profile: Profile, directory: string, places: Places): Workspace {
  const root = findRoot(profile, directory);
  const local = profile.kind === 'local' ? profile : undefined;
  const named = local?.lakehouses[process.env[lakehouseVariable] ?? ''] ?? local?.lakehouse;
  const lakehouse = named === undefined ? undefined : resolve(root, named);
  const name = basename(root)
    .replace(/[^\w-]/g, '_')
    .slice(0, 40);
  const own = join(
    places.warehouses,
    `${name || 'root'}-${createHash('sha256').update(root).digest('hex').slice(0, 10)}`,
  );
  const chosen = local?.warehouse === undefined ? undefined : resolve(root, local.warehouse);
  const warehouse = chosen ?? (lakehouse === undefined ? own : join(lakehouse, 'Tables'));
  return {
    root,
    home: lakehouse ?? resolve(directory),
    lakehouse,
    warehouse,
    catalog: join(warehouse, '_catalog'),
  };
}
