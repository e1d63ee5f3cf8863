import { randomUUID } from 'node:crypto';
import type { ChartWish } from '@crossview/contracts';
import type { Rows } from './bundle.js';
import { htmlTable } from './html-table.js';
import { rowCount } from './row-count.js';
import { viewScript } from './view-script.js';

/** Fewer rows say more as a table. */
const fewestDrawn = 2;

/** A chart of some of the rows says so: a sum over them is no sum over the frame. */
function partOf({ rows, totalRows }: Rows): string {
  if (totalRows === rows.length) return '';
  return `Drawn from ${rowCount(rows.length, totalRows)}; for all of them, aggregate in SQL or Spark first.`;
}

/**
 * A frame's table and, where scripts run, its chart view. Where they do not run (a notebook that is not trusted, a page
 * that removes them) the table stands alone.
 */
export function htmlFrame(rows: Rows, title?: string, chart?: ChartWish): string {
  const table = htmlTable(rows, title);
  if (rows.rows.length < fewestDrawn && chart === undefined) return table;
  const id = `crossview-frame-${randomUUID().slice(0, 8)}`;
  // JupyterLab would take keys typed into a list for its own shortcuts.
  return `<div id="${id}" data-lm-suppress-shortcuts="true">\n${table}\n${viewScript(id, chart, partOf(rows))}\n</div>`;
}
