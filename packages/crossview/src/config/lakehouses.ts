import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { LocalProfile } from './schema.js';

/** What a notebook says of its default lakehouse: in Fabric a name, an id, or both. */
export interface LakehouseWish {
  readonly name?: string | undefined;
  readonly id?: string | undefined;
}

export interface Lakehouse {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

type Mapped = Pick<LocalProfile, 'lakehouse' | 'lakehouses'>;

/** Where lakehouses are: `root` of relative folders, and `own` for those that the profile does not name. */
export interface LakehouseBase {
  readonly root: string;
  readonly own: string;
}

/**
 * The folder of a lakehouse by name or id: where the profile says, else one of Crossview's own for this workspace, as
 * databases of the local pool come into being by being used.
 */
export function lakehouseFolder({ lakehouses }: Mapped, { root, own }: LakehouseBase, name: string): string {
  const key = Object.keys(lakehouses).find((it) => it.toLowerCase() === name.toLowerCase());
  return key === undefined ? join(own, name.replace(/[^\w-]/g, '_')) : resolve(root, lakehouses[key]!);
}

/** The default lakehouse: the one that is wished for where the profile has it, else the profile's, else one of our own. */
export function findLakehouse(profile: Mapped, base: LakehouseBase, wish: LakehouseWish): Lakehouse | undefined {
  const wished = [wish.name, wish.id].flatMap((it) => it || []);
  const known = Object.keys(profile.lakehouses);
  for (const asked of wished) {
    const name = known.find((it) => it.toLowerCase() === asked.toLowerCase());
    if (name !== undefined) return { name, folder: lakehouseFolder(profile, base, name) };
  }
  if (profile.lakehouse !== undefined) {
    const folder = resolve(base.root, profile.lakehouse);
    const name = known.find((it) => resolve(base.root, profile.lakehouses[it]!) === folder);
    return { name: name ?? wished[0] ?? basename(folder), folder };
  }
  const name = wished[0];
  return name === undefined ? undefined : { name, folder: lakehouseFolder(profile, base, name) };
}

/** All lakehouses that are there by name: those of the profile, those of our own that were used before, and the default one. */
export function knownLakehouses(
  { lakehouses }: Mapped,
  { root, own }: LakehouseBase,
  lakehouse: Lakehouse | undefined,
): Readonly<Record<string, string>> {
  const used = existsSync(own) ? readdirSync(own).map((name) => [name, join(own, name)]) : [];
  return {
    ...Object.fromEntries(used),
    ...(lakehouse ? { [lakehouse.name]: lakehouse.folder } : {}),
    ...Object.fromEntries(Object.entries(lakehouses).map(([name, folder]) => [name, resolve(root, folder)])),
  };
}
