import {
  invalid,
  isObject,
  type NotebookDocument,
  type NotebookFormat,
  parseJson,
  readCells,
  splitSource,
} from './document.js';

/** Jupyter's own files, version 4. */
export const ipynb: NotebookFormat = {
  name: 'ipynb',
  read(text, fileName) {
    const value = parseJson(text, fileName);
    if (!isObject(value)) throw invalid(fileName, 'its JSON is no object');
    const { cells, metadata, nbformat = 4, nbformat_minor = 5 } = value;
    if (typeof nbformat === 'number' && nbformat < 4)
      throw invalid(fileName, `it is of version ${nbformat}; open and save it in JupyterLab to bring it to version 4`);
    return {
      cells: readCells(cells, fileName),
      metadata: isObject(metadata) ? metadata : {},
      nbformat: Number(nbformat),
      nbformat_minor: Number(nbformat_minor),
    };
  },
  write: ({ cells, metadata, nbformat, nbformat_minor }) =>
    `${JSON.stringify(
      {
        cells: cells.map((cell) => ({ ...cell, source: splitSource(cell.source) })),
        metadata,
        nbformat,
        nbformat_minor,
      },
      null,
      1,
    )}\n`,
};

/** An empty output list and no number: what nbformat asks of a code cell that never ran. */
export function neverRun(): { readonly execution_count: null; readonly outputs: [] } {
  return { execution_count: null, outputs: [] };
}

export type { NotebookDocument };
