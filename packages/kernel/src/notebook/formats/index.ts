import { extname } from 'node:path';
import type { NotebookDocument, NotebookFormat } from './document.js';
import { fabric } from './fabric.js';
import { ipynb } from './ipynb.js';
import { synapse } from './synapse.js';

export {
  isObject,
  type JsonObject,
  type NotebookCell,
  type NotebookDocument,
  type NotebookFormat,
} from './document.js';
export { magicForCell, notebookKernel, notebookLanguage } from './languages.js';

export const formats = { ipynb, synapse, fabric } as const;

/** The format of a file by its name, and where a name fits two by its text; `undefined` for a plain script. */
export function detectFormat(fileName: string, text: string): NotebookFormat | undefined {
  const extension = extname(fileName).toLowerCase();
  if (extension === '.ipynb') return ipynb;
  if (extension === '.json') return /"nbformat"\s*:/.test(text) && !/"properties"\s*:/.test(text) ? ipynb : synapse;
  return /^\uFEFF?(#|\/\/|--) Fabric notebook source/.test(text) ? fabric : undefined;
}

/** @throws CrossviewError `NOTEBOOK_INVALID` */
export function readDocument(fileName: string, text: string): NotebookDocument | undefined {
  return detectFormat(fileName, text)?.read(text, fileName);
}
