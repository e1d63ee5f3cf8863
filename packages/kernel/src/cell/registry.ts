import { readdir } from 'node:fs/promises';
import { CrossviewError, type LanguageModule, type Magic } from '@crossview/contracts';

/** The default exports of the files in a folder; a file without one is a part of its neighbour. */
export async function loadFolder<Item>(folder: URL): Promise<Item[]> {
  const names = (await readdir(folder)).filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts')).sort();
  const modules = await Promise.all(
    names.map((name) => import(new URL(name, folder).href) as Promise<{ default?: Item }>),
  );
  return modules.flatMap((module) => module.default ?? []);
}

export const loadMagics = () => loadFolder<Magic>(new URL('../magics/', import.meta.url));
export const loadLanguages = () => loadFolder<LanguageModule>(new URL('../languages/', import.meta.url));

/**
 * Finds things by name or alias.
 * @throws CrossviewError `NAME_TAKEN` when two have the same.
 */
export function byName<Item extends { readonly name: string; readonly aliases?: readonly string[] }>(
  items: readonly Item[],
): ReadonlyMap<string, Item> {
  const map = new Map<string, Item>();
  for (const item of items)
    for (const name of [item.name, ...(item.aliases ?? [])]) {
      const other = map.get(name);
      if (other && other !== item)
        throw new CrossviewError('NAME_TAKEN', `${item.name} and ${other.name} both want to be called ${name}`);
      map.set(name, item);
    }
  return map;
}
