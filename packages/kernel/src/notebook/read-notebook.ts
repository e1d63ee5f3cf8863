import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { findNotebookFile } from './find-notebook.js';
import { magicForCell, notebookLanguage, readDocument } from './formats/index.js';

export interface Notebook {
  /** Absolute. */
  readonly path: string;
  /** The language of its cells without a magic; `undefined` for that of the notebook which runs it. */
  readonly language: string | undefined;
  readonly cells: readonly { readonly source: string; readonly isParameters: boolean }[];
}

const byExtension: Readonly<Record<string, string>> = {
  '.py': 'pyspark',
  '.scala': 'spark',
  '.sql': 'sql',
  '.ts': 'typescript',
  '.r': 'sparkr',
};

/** @throws CrossviewError `FILE_NOT_FOUND` */
export async function readTextFile(directory: string, name: string): Promise<string> {
  const inside = resolve(directory, name.replace(/^\/+/, ''));
  for (const path of name.startsWith('/') ? [inside, name] : [inside]) {
    try {
      return await readFile(path, 'utf8');
    } catch {}
  }
  throw new CrossviewError('FILE_NOT_FOUND', `There is no ${name}`, {
    hint: `Looked for ${inside}.`,
    facts: { name },
  });
}

export interface Where {
  /** Folders to look in first, the nearest in front. */
  readonly folders: readonly string[];
  /** The workspace's folder. */
  readonly root: string;
}

/**
 * A notebook of any format, or a script as a notebook of one cell.
 * @throws CrossviewError `FILE_NOT_FOUND`, `NOTEBOOK_AMBIGUOUS`, `NOTEBOOK_INVALID`
 */
export async function readNotebook({ folders, root }: Where, name: string): Promise<Notebook> {
  const { path, text } = await findNotebookFile(folders, root, name);
  const document = readDocument(path, text);
  if (document === undefined)
    return { path, language: byExtension[extname(path).toLowerCase()], cells: [{ source: text, isParameters: false }] };
  const language = notebookLanguage(document);
  return {
    path,
    language,
    cells: document.cells.flatMap((cell) => {
      if (cell.cell_type !== 'code' || cell.source.trim() === '') return [];
      const { tags } = cell.metadata;
      const magic = magicForCell(cell, language ?? '');
      const source = magic === undefined || language === undefined ? cell.source : `%%${magic}\n${cell.source}`;
      return [{ source, isParameters: Array.isArray(tags) && tags.includes('parameters') }];
    }),
  };
}
