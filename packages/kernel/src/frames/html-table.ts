import type { Rows } from './bundle.js';
import { toText } from './cell-value.js';
import { escapeHtml } from './escape-html.js';
import { rowCount } from './row-count.js';

const longest = 500;
/** A time or a name stays on one line. JupyterLab lets every cell wrap, so each cell that could has to say it. */
const keptOnOneLine = 40;

function cell(value: Rows['rows'][number][number] | undefined, kind: Kind | undefined): string {
  const text = toText(value ?? null);
  const missing = value === null ? ' data-null' : '';
  const shown = escapeHtml(text.length > longest ? `${text.slice(0, longest)}…` : text);
  const whole = text.length <= keptOnOneLine && /[\s-]/.test(text) ? ';white-space:nowrap' : '';
  return `<td${missing} style="text-align:${side(kind)}${whole}">${shown}</td>`;
}

type Kind = Rows['columns'][number]['kind'];

const side = (kind: Kind | undefined) => (kind === 'number' ? 'right' : 'left');

/** A table in a box that scrolls. Styles are in the elements: notebooks are shown where no style sheet of ours is. */
export function htmlTable({ columns, rows, totalRows }: Rows, title?: string): string {
  const head = columns.map(
    ({ name, type, kind }) =>
      `<th data-kind="${kind}" style="text-align:${side(kind)}" title="${escapeHtml(type)}">${escapeHtml(name)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((value, at) => cell(value, columns[at]?.kind)).join('')}</tr>`);
  return [
    ...(title === undefined ? [] : [`<div><b>${escapeHtml(title)}</b></div>`]),
    '<div style="max-height:24em;overflow:auto"><table>',
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>',
    `<div style="opacity:0.7">${rowCount(rows.length, totalRows)}</div>`,
  ].join('\n');
}
