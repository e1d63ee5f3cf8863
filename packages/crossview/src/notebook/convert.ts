import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { formats, type NotebookDocument, type NotebookFormat, notebookLanguage } from '@crossview/kernel/notebooks';
import { openNotebook } from './open-notebook.js';

const byEnding: Readonly<Record<string, NotebookFormat>> = {
  '.ipynb': formats.ipynb,
  '.json': formats.synapse,
  '.py': formats.fabric,
  '.scala': formats.fabric,
  '.sql': formats.fabric,
  '.r': formats.fabric,
};

/** How Fabric names the file, by the language of the notebook. */
const fabricEndings: Readonly<Record<string, string>> = { spark: 'scala', sql: 'sql', tsql: 'sql', sparkr: 'r' };

function withoutOutputs(document: NotebookDocument): NotebookDocument {
  const cells = document.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  );
  return { ...document, cells };
}

/**
 * Writes a notebook in the format that the target's name says.
 * @returns the file that was written.
 * @throws CrossviewError `NOTEBOOK_NOT_FOUND`, `NOTEBOOK_INVALID`, `FORMAT_UNKNOWN`.
 */
export function convertNotebook(notebook: string, target: string, { outputs }: { outputs: boolean }): string {
  const { document: read } = openNotebook(notebook);
  const document = outputs ? read : withoutOutputs(read);
  let path = resolve(target);
  if (/\.Notebook$/.test(path))
    path = join(path, `notebook-content.${fabricEndings[notebookLanguage(document) ?? ''] ?? 'py'}`);
  const format = byEnding[extname(path).toLowerCase()];
  if (format === undefined)
    throw new CrossviewError('FORMAT_UNKNOWN', `${target}: no notebook format has this ending`, {
      hint: 'Jupyter: .ipynb; Synapse: .json; Fabric: .py, .scala, .sql, or a folder NAME.Notebook.',
      facts: { target },
    });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, format.write(document, path));
  return path;
}
