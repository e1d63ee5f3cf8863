import { readFileSync } from 'node:fs';
import { detectFormat, isObject, type NotebookDocument } from '@crossview/kernel/notebooks';
import type { LakehouseWish } from '../config/lakehouses.js';
import { lakehouseVariable } from '../config/workspace.js';

/** The lakehouse that a notebook of Fabric names as its own: under `dependencies`, in older ones under `trident`. */
export function lakehouseOf({ metadata }: Pick<NotebookDocument, 'metadata'>): LakehouseWish | undefined {
  for (const place of [metadata.dependencies, metadata.trident]) {
    const found = isObject(place) && isObject(place.lakehouse) ? place.lakehouse : {};
    const { default_lakehouse_name: name, default_lakehouse: id } = found;
    if (typeof name !== 'string' && typeof id !== 'string') continue;
    return { ...(typeof name === 'string' ? { name } : {}), ...(typeof id === 'string' ? { id } : {}) };
  }
  return undefined;
}

/**
 * The lakehouse of the notebook that this kernel serves: what `CROSSVIEW_DEFAULT_LAKEHOUSE` says, else the notebook's own
 * word, where a Jupyter server says which file it is.
 */
export function notebookLakehouse(env: NodeJS.ProcessEnv = process.env): LakehouseWish {
  const named = env[lakehouseVariable];
  if (named) return { name: named, ...(env[lakehouseIdVariable] ? { id: env[lakehouseIdVariable] } : {}) };
  const path = env.JPY_SESSION_NAME ?? '';
  if (!path.endsWith('.ipynb')) return {};
  try {
    const text = readFileSync(path, 'utf8');
    // Most notebooks name none, and a large one takes a moment to read.
    if (!/"default_lakehouse/.test(text)) return {};
    const document = detectFormat(path, text)?.read(text, path);
    return (document && lakehouseOf(document)) ?? {};
  } catch {
    return {};
  }
}

/** Its id, for profiles that name lakehouses by that. */
export const lakehouseIdVariable = 'CROSSVIEW_DEFAULT_LAKEHOUSE_ID';

/** Says to kernels that are started from here which lakehouse is the default one. */
export function tellLakehouse({ name, id }: LakehouseWish, env: NodeJS.ProcessEnv = process.env): void {
  const first = name ?? id;
  if (first !== undefined) env[lakehouseVariable] = first;
  if (id !== undefined) env[lakehouseIdVariable] = id;
}
