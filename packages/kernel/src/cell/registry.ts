import { existsSync } from 'node:fs';
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

const languagesFolder = new URL('../languages/', import.meta.url);

/**
 * The module of the default language. The file of that name is the only one that is loaded when there is one: a front end
 * that waits for its first answer need not wait for the other languages.
 * @throws CrossviewError `LANGUAGE_UNKNOWN`
 */
export async function defaultLanguageModule(name: string, others: readonly LanguageModule[]): Promise<LanguageModule> {
  const given = others.find((it) => it.name === name || it.aliases.includes(name));
  if (given) return given;
  const file = new URL(`${name}.js`, languagesFolder);
  if (/^\w+$/.test(name) && existsSync(file)) {
    const { default: module } = (await import(file.href)) as { default?: LanguageModule };
    if (module?.name === name || module?.aliases.includes(name)) return module;
  }
  const { findLanguage } = await import('./languages.js');
  return findLanguage([...(await loadLanguages()), ...others], name);
}

export const loadMagics = () => loadFolder<Magic>(new URL('../magics/', import.meta.url));
export const loadLanguages = () => loadFolder<LanguageModule>(languagesFolder);

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
