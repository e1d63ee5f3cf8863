import { inspect } from 'node:util';
import type { ChartWish, Json, MimeBundle } from '@crossview/contracts';
import { type RecordBatch, Table, Vector } from 'apache-arrow';
import { summarize } from '../../../frames/summary.js';
import { isBatch, type Outputs } from './outputs.js';

/** The convention of Deno's kernel: an object may say itself how it is shown. */
const displaySymbol = Symbol.for('Jupyter.display');

/** The value of a cell; `undefined` is nothing to show. */
export function showValue(outputs: Outputs, value: unknown): void {
  if (value !== undefined) show(outputs, value, true);
}

export function show(outputs: Outputs, value: unknown, result: boolean, options: DisplayOptions = {}): void {
  const table = isBatch(value) ? new Table([value as RecordBatch]) : value;
  const { summary = false, ...shown } = options;
  if (table instanceof Table) outputs.table(summary ? summarize(table) : table, result, shown);
  else outputs.display(bundle(value), result);
}

function bundle(value: unknown): MimeBundle {
  const own = (value as { [displaySymbol]?: unknown } | null | undefined)?.[displaySymbol];
  if (typeof own === 'function') {
    const said = own.call(value) as { readonly [mime: string]: Json };
    return { 'text/plain': inspect(value), ...said };
  }
  if (value instanceof Vector) return { 'text/plain': String(value) };
  return { 'text/plain': typeof value === 'string' ? value : inspect(value, { depth: 4 }) };
}

/** How a table is shown. */
export interface DisplayOptions {
  /** Statistics of the columns in place of the rows. */
  readonly summary?: boolean;
  readonly title?: string;
  /** The chart that is shown first, with columns by name. */
  readonly chart?: ChartWish;
}

/** The `display` of TypeScript cells. */
export interface Display {
  (value: unknown, options?: DisplayOptions): void;
  html(text: string): void;
  markdown(text: string): void;
  json(value: Json): void;
  svg(text: string): void;
  /** Data of any MIME type, `text/plain` for front ends that know no other. */
  mime(data: { readonly [mimeType: string]: Json }): void;
}

export function createDisplay(outputs: Outputs): Display {
  const mime = (data: { readonly [mimeType: string]: Json }, plain: string) =>
    outputs.display({ 'text/plain': plain, ...data });
  return Object.assign((value: unknown, options?: DisplayOptions) => show(outputs, value, false, options), {
    html: (text: string) => mime({ 'text/html': text }, text),
    markdown: (text: string) => mime({ 'text/markdown': text }, text),
    svg: (text: string) => mime({ 'image/svg+xml': text }, text),
    json: (value: Json) => mime({ 'application/json': value }, inspect(value, { depth: 4 })),
    mime: (data: { readonly [mimeType: string]: Json }) => mime(data, Object.keys(data).join(', ')),
  });
}
