import type { ArrowParts, ChartWish, Json, MimeBundle } from '@crossview/contracts';
import type { RecordBatch } from 'apache-arrow';
import { readHead } from './arrow-rows.js';
import { toText, valueAt } from './cell-value.js';
import { checkChart } from './chart-wish.js';
import { dataResource } from './data-resource.js';
import { htmlFrame } from './html-frame.js';
import { textTable } from './text-table.js';

export interface RenderOptions {
  readonly title?: string | undefined;
  readonly maxRows?: number | undefined;
  /** Shows the chart first, as it says; the table stays one click away. */
  readonly chart?: ChartWish | undefined;
}

export interface RenderedFrame {
  readonly data: MimeBundle;
  readonly metadata: Json;
}

/** A frame's first rows as plain values. */
export interface Rows {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    /** What it can be on a chart. */
    readonly kind: 'number' | 'date' | 'text';
  }[];
  readonly rows: readonly (readonly Json[])[];
  readonly totalRows: number | undefined;
}

const defaultRows = 1000;
/** A wide frame shows fewer rows, so that a notebook stays a file that can be opened. */
const mostCells = 25_000;
/** So do rows of long texts; the first row is always shown. */
const mostCharacters = 4_000_000;
const textRows = 20;

/** The one renderer for frames of all languages: text always, a capped HTML table, and the rows as data. */
export async function bundle(data: ArrowParts, options: RenderOptions = {}): Promise<RenderedFrame> {
  const limit = Math.max(0, options.maxRows ?? defaultRows);
  const head = await readHead(data, limit);
  const columns = head.schema.fields.map(({ name, type }) => ({
    name,
    type: String(type),
    kind: kindOf(String(type)),
  }));
  if (options.chart)
    checkChart(
      options.chart,
      columns.map(({ name }) => name),
    );
  const most = Math.max(1, Math.min(limit, Math.floor(mostCells / Math.max(1, columns.length))));
  const rows = plainRows(head.batches, most);
  const { totalRows } = head;
  const shown: Rows = { columns, rows, totalRows };
  return {
    data: {
      'text/plain': textTable(shown, textRows, options.title),
      'text/html': htmlFrame(shown, options.title, options.chart),
      'application/vnd.dataresource+json': dataResource(shown, head.schema),
    },
    metadata: {},
  };
}

function kindOf(type: string): Rows['columns'][number]['kind'] {
  if (/^(Int|Uint|Float|Decimal)/.test(type)) return 'number';
  return /^(Date|Timestamp)/.test(type) ? 'date' : 'text';
}

function plainRows(batches: readonly RecordBatch[], most: number): Json[][] {
  const rows: Json[][] = [];
  let characters = 0;
  for (const batch of batches) {
    const columns = batch.schema.fields.map((_, at) => batch.getChildAt(at)!);
    for (let row = 0; row < batch.numRows && rows.length < most; row += 1) {
      const values = columns.map((column) => valueAt(column, row));
      characters += values.reduce<number>((sum, value) => sum + toText(value).length, 0);
      if (rows.length > 0 && characters > mostCharacters) return rows;
      rows.push(values);
    }
  }
  return rows;
}
