import { CrossviewError, type Json } from '@crossview/contracts';
import { assignments, type NotebookCell, type NotebookDocument, parameterNames } from '@crossview/kernel/notebooks';

/**
 * Reads `name=value`. A value that is a JSON number, truth value or null is one; everything else is text.
 * @throws CrossviewError `RUN_PARAMETER`
 */
export function readParameters(given: readonly string[]): { readonly [name: string]: Json } {
  const values: { [name: string]: Json } = {};
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1)
      throw new CrossviewError('RUN_PARAMETER', `-p ${text}: a parameter is name=value`, { facts: { given: text } });
    values[text.slice(0, at).trim()] = readValue(text.slice(at + 1));
  }
  return values;
}

function readValue(text: string): Json {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (text === 'null') return null;
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  // A text in quotes may look like a number.
  if (/^"(?:[^"\\]|\\.)*"$/s.test(text)) return JSON.parse(text) as Json;
  return text;
}

const isParameters = ({ cell_type, metadata: { tags } }: NotebookCell): boolean =>
  cell_type === 'code' && Array.isArray(tags) && tags.includes('parameters');

/**
 * Puts a cell with the values behind the parameters cell, or first where there is none.
 * @param language of cells without a magic.
 * @throws CrossviewError `PARAMETER_UNKNOWN` naming those that the parameters cell sets.
 */
export function injectParameters(
  document: NotebookDocument,
  values: { readonly [name: string]: Json },
  language: string,
): NotebookDocument {
  const names = Object.keys(values);
  if (names.length === 0) return document;
  const at = document.cells.findIndex(isParameters);
  const known = at < 0 ? names : parameterNames(document.cells[at]!.source);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new CrossviewError('PARAMETER_UNKNOWN', `the notebook has no parameter ${unknown.join(', ')}`, {
      hint: `Its parameters cell sets: ${known.join(', ') || 'nothing'}.`,
      facts: { parameters: unknown.join(',') },
    });
  const { language: written, code } = assignments(language, values);
  const injected: NotebookCell = {
    cell_type: 'code',
    source: written === language ? code : `%%${written}\n${code}`,
    metadata: { tags: ['injected-parameters'] },
    execution_count: null,
    outputs: [],
  };
  return { ...document, cells: [...document.cells.slice(0, at + 1), injected, ...document.cells.slice(at + 1)] };
}
