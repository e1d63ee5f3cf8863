import { randomBytes } from 'node:crypto';
import {
  magicForCell,
  type NotebookCell,
  type NotebookDocument,
  notebookKernel,
  notebookLanguage,
} from '@crossview/kernel/notebooks';

/** Our kernels, with the language of their cells without a magic. */
const ours: Readonly<Record<string, string>> = {
  synapse_pyspark: 'pyspark',
  synapse_spark: 'spark',
  synapse_sparksql: 'sql',
};

export interface Prepared {
  readonly kernel: string;
  /** Of cells without a magic, as the notebook means it; `undefined` for a foreign kernel. */
  readonly language: string | undefined;
}

/** The kernel for a notebook: its own when that is one of ours or a foreign one, ours for Python in place of what we do not have. */
export function chooseKernel(document: NotebookDocument, wanted?: string): Prepared {
  const asked = wanted ?? notebookKernel(document);
  if (ours[asked] !== undefined) return { kernel: asked, language: ours[asked] };
  const language = notebookLanguage(document);
  if (wanted !== undefined || (asked !== '' && language === undefined)) return { kernel: asked, language: undefined };
  return { kernel: 'synapse_pyspark', language: language ?? 'pyspark' };
}

/** The notebook as Jupyter's programs run it: each cell says its language, has an id, and no output of an earlier run. */
export function prepareDocument(document: NotebookDocument, { kernel, language }: Prepared): NotebookDocument {
  const kernels = ours[kernel];
  const cells = document.cells.map((cell): NotebookCell => {
    const { id, ...rest } = cell;
    const named = { id: typeof id === 'string' ? id : randomBytes(4).toString('hex'), ...rest } as NotebookCell;
    if (cell.cell_type !== 'code') {
      const { outputs: _outputs, execution_count: _count, ...text } = named;
      return text as NotebookCell;
    }
    const magic =
      kernels === undefined || language === undefined
        ? undefined
        : (magicForCell(cell, language) ??
          (language !== kernels && !/^\s*%%/.test(cell.source) ? language : undefined));
    const source = magic === undefined ? cell.source : `%%${magic}\n${cell.source}`;
    return { ...named, source, execution_count: null, outputs: [] };
  });
  const spec = { name: kernel, display_name: kernel, language: 'python' };
  return { cells, metadata: { ...document.metadata, kernelspec: spec }, nbformat: 4, nbformat_minor: 5 };
}
