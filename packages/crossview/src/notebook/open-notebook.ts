import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { detectFormat, type NotebookDocument, type NotebookFormat } from '@crossview/kernel/notebooks';

export interface OpenNotebook {
  /** Absolute; inside of the folder when Fabric's was named. */
  readonly path: string;
  /** `undefined` for a script, which is a notebook of one cell. */
  readonly format: NotebookFormat | undefined;
  readonly document: NotebookDocument;
}

const scriptKernels: Readonly<Record<string, string>> = {
  '.py': 'synapse_pyspark',
  '.scala': 'synapse_spark',
  '.sql': 'synapse_sparksql',
  '.r': 'synapse_sparkr',
};

/** Fabric's folder `NAME.Notebook` stands for the file in it. */
function fileOf(path: string): string {
  if (!existsSync(path))
    throw new CrossviewError('NOTEBOOK_NOT_FOUND', `there is no notebook ${path}`, { facts: { path } });
  if (!statSync(path).isDirectory()) return path;
  const inside = readdirSync(path).find((name) => /^notebook-content\.(py|scala|sql|r|ipynb)$/.test(name));
  if (inside !== undefined) return join(path, inside);
  throw new CrossviewError('NOTEBOOK_NOT_FOUND', `${path} is a folder without a notebook-content file`, {
    hint: 'Name the notebook file, or a NAME.Notebook folder of Fabric.',
    facts: { path },
  });
}

/** @throws CrossviewError `NOTEBOOK_NOT_FOUND`, `NOTEBOOK_INVALID` */
export function openNotebook(name: string): OpenNotebook {
  const path = fileOf(resolve(name));
  const text = readFileSync(path, 'utf8');
  const format = detectFormat(path, text);
  if (format) return { path, format, document: format.read(text, path) };
  const kernel = scriptKernels[extname(path).toLowerCase()];
  if (kernel === undefined)
    throw new CrossviewError(
      'NOTEBOOK_INVALID',
      `${path} is not a notebook: ${extname(path) || 'a file without ending'}`,
      {
        hint: 'Notebooks are .ipynb files, the notebook/*.json of a Synapse workspace, and notebook-content.py/.scala/.sql of Fabric; scripts end with .py, .scala or .sql.',
        facts: { path },
      },
    );
  const cell = { cell_type: 'code', source: text, metadata: {}, execution_count: null, outputs: [], id: 'script' };
  const metadata = { kernelspec: { name: kernel, display_name: kernel } };
  return { path, format: undefined, document: { cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 } };
}
