import { join, resolve } from 'node:path';
import { knownLakehouses, type LakehouseBase, lakehouseFolder } from '../config/lakehouses.js';
import type { Profile } from '../config/load-config.js';
import type { Workspace } from '../config/workspace.js';

/** The account in addresses of OneLake: `abfss://WORKSPACE@onelake.dfs.fabric.microsoft.com/NAME.Lakehouse/Files/…`. */
export const oneLake = 'onelake';

const item = /^(?:([^/]+)\.Lakehouse|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))(?:\/+(.*))?$/is;

/** The folder of the lakehouse that a path in OneLake starts with; `undefined` for other items (`NAME.Warehouse`). */
export function inLakehouse(
  profile: Profile,
  base: LakehouseBase,
  path: string,
): { readonly folder: string; readonly item: string; readonly path: string } | undefined {
  const found = item.exec(path);
  if (!found || profile.kind !== 'local') return undefined;
  const [, name, id = '', rest = ''] = found;
  return { folder: lakehouseFolder(profile, base, name ?? id), item: path.split('/')[0]!, path: rest };
}

/** What the Scala side needs to decide the same way: the folders that the profile names, and where others are. */
export function lakehouseMapping(profile: Profile, { root, own }: LakehouseBase): string {
  const named = profile.kind === 'local' ? Object.entries(profile.lakehouses) : [];
  const folders = named.map(([name, folder]) => [name.toLowerCase(), resolve(root, folder)]);
  return JSON.stringify({ named: Object.fromEntries(folders), own });
}

/** Lakehouses are databases by their names: name → folder of the tables, of those whose name is one in SQL. */
export function lakehouseTables(profile: Profile, { root, lakehouse, lakehouses }: Workspace): string {
  if (profile.kind !== 'local') return '{}';
  const all = Object.entries(knownLakehouses(profile, { root, own: lakehouses }, lakehouse));
  const usable = all.filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && name.toLowerCase() !== 'default');
  return JSON.stringify(Object.fromEntries(usable.map(([name, folder]) => [name, join(folder, 'Tables')])));
}
