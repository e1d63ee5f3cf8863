import { isObject, type NotebookCell, type NotebookDocument } from './document.js';

/** The language of cells without a magic, by the name of the notebook's kernel in Synapse, Fabric and here. */
const byKernel: Readonly<Record<string, string>> = {
  synapse_pyspark: 'pyspark',
  synapse_spark: 'spark',
  synapse_sparksql: 'sql',
  synapse_sparkr: 'sparkr',
  synapse_csharp: 'csharp',
  sqldatawarehouse: 'tsql',
  // sparkmagic's, in HDInsight and before.
  pysparkkernel: 'pyspark',
  pyspark3kernel: 'pyspark',
  sparkkernel: 'spark',
  sparkrkernel: 'sparkr',
  // Azure Data Studio's.
  SQL: 'tsql',
  jupyter: 'pyspark',
};

/** Magics by the names that a cell's own language has in Fabric and in Synapse. */
const byCellLanguage: Readonly<Record<string, string>> = {
  python: 'pyspark',
  pyspark: 'pyspark',
  sparksql: 'sql',
  sql: 'sql',
  scala: 'spark',
  spark: 'spark',
  r: 'sparkr',
  sparkr: 'sparkr',
  csharp: 'csharp',
  html: 'html',
};

/** The name of the kernel that the notebook asks for; empty when it says none. */
export function notebookKernel({ metadata }: NotebookDocument): string {
  for (const key of ['kernel_info', 'kernelspec']) {
    const spec = metadata[key];
    if (isObject(spec) && typeof spec.name === 'string') return spec.name;
  }
  return '';
}

/** `undefined` when the notebook's kernel is none of ours, Synapse's or Fabric's. */
export function notebookLanguage(document: NotebookDocument): string | undefined {
  const kernel = notebookKernel(document);
  if (kernel !== '') return byKernel[kernel];
  // Older exports of Synapse say the language and no kernel.
  const { language_info: info } = document.metadata;
  return isObject(info) && typeof info.name === 'string' ? byCellLanguage[info.name.toLowerCase()] : undefined;
}

/** The magic that says a cell's language where its text does not: notebooks may keep it in the metadata only. */
export function magicForCell(cell: NotebookCell, language: string): string | undefined {
  if (/^\s*%%/.test(cell.source)) return undefined;
  const { microsoft } = cell.metadata;
  const said = isObject(microsoft) && typeof microsoft.language === 'string' ? microsoft.language.toLowerCase() : '';
  const group = isObject(microsoft) ? String(microsoft.language_group ?? '') : '';
  const wanted = group === 'sqldatawarehouse' && said === 'sql' ? 'tsql' : byCellLanguage[said];
  return wanted === undefined || wanted === language ? undefined : wanted;
}
