import { readFileSync } from 'node:fs';

export interface NotebookCell {
  readonly cell_type: 'code' | 'markdown';
  readonly id: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly name?: string;
    readonly text?: string | readonly string[];
    readonly data?: Readonly<Record<string, string | readonly string[]>>;
  }[];
}

export interface Notebook {
  readonly cells: readonly NotebookCell[];
}

export const readNotebook = (path: string): Notebook => JSON.parse(readFileSync(path, 'utf8')) as Notebook;

const joined = (text: string | readonly string[] | undefined): string =>
  text === undefined ? '' : typeof text === 'string' ? text : text.join('');

/** @throws Error when there is no cell of this id. */
export function cellOf(notebook: Notebook, id: string): NotebookCell {
  const cell = notebook.cells.find((each) => each.id === id);
  if (!cell) throw new Error(`the notebook has no cell ${id}`);
  return cell;
}

export const sourceOf = (notebook: Notebook, id: string): string => joined(cellOf(notebook, id).source);

/** Streams and the plain form of results and displays, one after the other. */
export function outputTextOf(notebook: Notebook, id: string): string {
  return (cellOf(notebook, id).outputs ?? [])
    .map((output) => joined(output.text) + joined(output.data?.['text/plain']))
    .join('\n');
}
