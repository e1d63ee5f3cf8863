import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { CrossviewError, type Json } from '@crossview/contracts';
import { isObject } from './lenient-json.js';

export interface Notebook {
  /** Absolute. */
  readonly path: string;
  /** The language of its cells without a magic; `undefined` for that of the notebook which runs it. */
  readonly language: string | undefined;
  readonly cells: readonly { readonly source: string; readonly isParameters: boolean }[];
}

const byKernel: Readonly<Record<string, string>> = {
  synapse_pyspark: 'pyspark',
  synapse_spark: 'spark',
  synapse_sparksql: 'sql',
};
const byExtension: Readonly<Record<string, string>> = {
  '.py': 'pyspark',
  '.scala': 'spark',
  '.sql': 'sql',
  '.ts': 'typescript',
};

/** Synapse's absolute names are absolute in the workspace: here, from the notebook's own directory. */
function candidates(directory: string, name: string): readonly string[] {
  const inside = resolve(directory, name.replace(/^\/+/, ''));
  const all = name.startsWith('/') ? [inside, name] : [inside];
  return extname(name) === '' ? all.flatMap((path) => [`${path}.ipynb`, path]) : all;
}

async function read(directory: string, name: string): Promise<{ path: string; text: string }> {
  for (const path of candidates(directory, name)) {
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch {}
  }
  throw new CrossviewError('FILE_NOT_FOUND', `There is no ${name}`, {
    hint: `Looked for ${candidates(directory, name).join(', ')}.`,
    facts: { name },
  });
}

/** @throws CrossviewError `FILE_NOT_FOUND` */
export async function readTextFile(directory: string, name: string): Promise<string> {
  return (await read(directory, name)).text;
}

const joined = (source: Json | undefined): string => (Array.isArray(source) ? source.join('') : String(source ?? ''));

/**
 * A notebook, or a script as a notebook of one cell.
 * @throws CrossviewError `FILE_NOT_FOUND`, `NOTEBOOK_INVALID`
 */
export async function readNotebook(directory: string, name: string): Promise<Notebook> {
  const { path, text } = await read(directory, name);
  if (extname(path) !== '.ipynb')
    return { path, language: byExtension[extname(path)], cells: [{ source: text, isParameters: false }] };
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (cause) {
    throw new CrossviewError('NOTEBOOK_INVALID', `${name} is no notebook: ${(cause as Error).message}`, { cause });
  }
  const { cells, metadata } = isObject(document) ? document : {};
  if (!Array.isArray(cells)) throw new CrossviewError('NOTEBOOK_INVALID', `${name} is no notebook: it has no cells`);
  const spec = isObject(metadata) && isObject(metadata.kernelspec) ? String(metadata.kernelspec.name) : '';
  return {
    path,
    language: byKernel[spec],
    cells: cells.filter(isObject).flatMap((cell) => {
      const source = joined(cell.source);
      if (cell.cell_type !== 'code' || source.trim() === '') return [];
      const tags = isObject(cell.metadata) ? cell.metadata.tags : undefined;
      return [{ source, isParameters: Array.isArray(tags) && tags.includes('parameters') }];
    }),
  };
}
