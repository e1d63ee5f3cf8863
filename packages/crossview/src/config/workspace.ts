import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Places } from '../places.js';
import { findLakehouse, type Lakehouse, type LakehouseWish } from './lakehouses.js';
import type { Profile } from './load-config.js';

/** The folder that notebooks share, and where what they keep is. All paths are absolute. */
export interface Workspace {
  /** The configuration file's directory, else the one of the Git repository, else the notebook's own. */
  readonly root: string;
  /** Its name in Crossview's data directory: no other root has it. */
  readonly key: string;
  /** Where relative paths of notebooks start: the default lakehouse, else the notebook's directory. */
  readonly home: string;
  /** The default lakehouse, when the profile or the notebook names one. */
  readonly lakehouse: Lakehouse | undefined;
  /** Where paths without a scheme lead instead; never beside a default lakehouse. */
  readonly primaryStorage: string | undefined;
  /** Where lakehouses are that no profile names. */
  readonly lakehouses: string;
  /** Where managed tables are. */
  readonly warehouse: string;
  /** What is known of them. */
  readonly catalog: string;
}

/** The name of the lakehouse that is the default one: what a notebook of Fabric says it is. */
export const lakehouseVariable = 'CROSSVIEW_DEFAULT_LAKEHOUSE';

function findRoot(profile: Profile, directory: string): string {
  if (profile.file !== undefined) return dirname(profile.file);
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return resolve(directory);
  }
}

function keyOf(root: string): string {
  const name = basename(root)
    .replace(/[^\w-]/g, '_')
    .slice(0, 40);
  return `${name || 'root'}-${createHash('sha256').update(root).digest('hex').slice(0, 10)}`;
}

/**
 * Nothing is created by asking.
 * @param directory the notebook's.
 * @param wish the lakehouse that the notebook names; `CROSSVIEW_DEFAULT_LAKEHOUSE` unless given.
 */
export function findWorkspace(
  profile: Profile,
  directory: string,
  places: Places,
  wish: LakehouseWish = { name: process.env[lakehouseVariable] },
): Workspace {
  const root = findRoot(profile, directory);
  const key = keyOf(root);
  const local = profile.kind === 'local' ? profile : undefined;
  const lakehouses = join(places.lakehouses, key);
  const lakehouse = local && findLakehouse(local, { root, own: lakehouses }, wish);
  const chosen = local?.warehouse === undefined ? undefined : resolve(root, local.warehouse);
  const warehouse =
    chosen ?? (lakehouse === undefined ? join(places.warehouses, key) : join(lakehouse.folder, 'Tables'));
  return {
    root,
    key,
    home: lakehouse?.folder ?? resolve(directory),
    lakehouse,
    primaryStorage: lakehouse === undefined ? local?.primaryStorage?.replace(/\/$/, '') : undefined,
    lakehouses,
    warehouse,
    catalog: join(warehouse, '_catalog'),
  };
}
