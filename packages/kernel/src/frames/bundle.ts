import type { ArrowParts, Json, MimeBundle } from '@crossview/contracts';
import { readHead } from './arrow-rows.js';
import { valueAt } from './cell-value.js';
import { dataResource } from './data-resource.js';
import { htmlTable } from './html-table.js';
import { textTable } from './text-table.js';

export interface RenderOptions {
  readonly title?: string | undefined;
  readonly maxRows?: number | undefined;
}

export interface RenderedFrame {
  readonly data: MimeBundle;
  readonly metadata: Json;
}

/** A frame's first rows as plain values. */
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly Json[])[];
  readonly totalRows: number | undefined;
}

const defaultRows = 1000;
/** A wide frame shows fewer rows, so that a notebook stays a file that can be opened. */
const mostCells = 25_000;
const textRows = 20;

/** The one renderer for frames of all languages: text always, a capped HTML table, and the rows as data. */
export async function bundle(data: ArrowParts, options: RenderOptions = {}): Promise<RenderedFrame> {
  const limit = Math.max(0, options.maxRows ?? defaultRows);
  const head = await readHead(data, limit);
  const columns = head.schema.fields.map(({ name, type }) => ({
    name,
    type: String(type),
    numeric: /^(Int|Uint|Float|Decimal)/.test(String(type)),
  }));
  const most = Math.max(1, Math.min(limit, Math.floor(mostCells / Math.max(1, columns.length))));
  const rows: Json[][] = [];
  for (const batch of head.batches)
    for (let row = 0; row < batch.numRows && rows.length < most; row += 1)
      rows.push(columns.map((_, column) => valueAt(batch.getChildAt(column)!, row)));
  const { totalRows } = head;
  const shown: Rows = { columns, rows, totalRows };
  return {
    data: {
      'text/plain': textTable(shown, textRows, options.title),
      'text/html': htmlTable(shown, options.title),
      'application/vnd.dataresource+json': dataResource(shown, head.schema),
    },
    metadata: {},
  };
}
