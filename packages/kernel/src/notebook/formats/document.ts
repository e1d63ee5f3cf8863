import { CrossviewError, type Json } from '@crossview/contracts';

export type JsonObject = { readonly [key: string]: Json };

/** A cell as nbformat 4 has it, with its text in one piece. Keys that are not named here are kept as they are. */
export interface NotebookCell {
  readonly cell_type: string;
  readonly source: string;
  readonly metadata: JsonObject;
  readonly [key: string]: Json;
}

/** A notebook in the shape of nbformat 4, whatever file it came from. */
export interface NotebookDocument {
  readonly cells: readonly NotebookCell[];
  readonly metadata: JsonObject;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** A way to write notebooks down. All of them keep everything: what a format has no place for goes under a key of ours. */
export interface NotebookFormat {
  readonly name: 'ipynb' | 'synapse' | 'fabric';
  /** @throws CrossviewError `NOTEBOOK_INVALID` saying what and where. */
  read(text: string, fileName: string): NotebookDocument;
  write(document: NotebookDocument, fileName: string): string;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(fileName: string, reason: string, cause?: unknown): CrossviewError {
  return new CrossviewError('NOTEBOOK_INVALID', `${fileName} is not a notebook: ${reason}`, {
    hint: 'Notebooks are .ipynb files, the notebook/*.json of a Synapse workspace, and notebook-content.py/.scala/.sql of Fabric.',
    facts: { file: fileName },
    cause,
  });
}

export function parseJson(text: string, fileName: string): Json {
  try {
    // Some editors write a mark of the byte order in front.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  } catch (cause) {
    throw invalid(fileName, `no JSON (${(cause as Error).message})`, cause);
  }
}

/** Text of a cell: one string, or a list of lines that keep their ends. */
export function joinSource(source: Json | undefined): string {
  return Array.isArray(source) ? source.map(String).join('') : String(source ?? '');
}

export function splitSource(source: string): string[] {
  return source === '' ? [] : source.split(/(?<=\n)/);
}

/** @throws CrossviewError `NOTEBOOK_INVALID` */
export function readCells(cells: Json | undefined, fileName: string): NotebookCell[] {
  if (!Array.isArray(cells)) throw invalid(fileName, 'it has no list of cells');
  return cells.map((cell, at) => {
    if (!isObject(cell) || typeof cell.cell_type !== 'string')
      throw invalid(fileName, `cell ${at + 1} has no cell_type`);
    // Keys stay in the order of the file, so that a notebook that comes back is the same to the byte.
    return {
      ...cell,
      source: joinSource(cell.source),
      metadata: isObject(cell.metadata) ? cell.metadata : {},
    } as NotebookCell;
  });
}

/** The same value, whatever the order of its keys. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
