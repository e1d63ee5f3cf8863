import type { Rows } from './bundle.js';
import { toText } from './cell-value.js';
import { rowCount } from './row-count.js';

const longest = 500;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
}

/** A time or a name stays on one line. JupyterLab lets every cell wrap, so each cell that could has to say it. */
const keptOnOneLine = 40;

function cell(value: Rows['rows'][number][number] | undefined, numeric: boolean | undefined): string {
  const text = toText(value ?? null);
  const shown = escapeHtml(text.length > longest ? `${text.slice(0, longest)}…` : text);
  const whole = text.length <= keptOnOneLine && /[\s-]/.test(text) ? ';white-space:nowrap' : '';
  return `<td style="text-align:${side(numeric)}${whole}">${shown}</td>`;
}

const side = (numeric: boolean | undefined) => (numeric ? 'right' : 'left');

/** A table in a box that scrolls. Styles are in the elements: notebooks are shown where no style sheet of ours is. */
export function htmlTable({ columns, rows, totalRows }: Rows, title?: string): string {
  const head = columns.map(
    ({ name, type, numeric }) =>
      `<th style="text-align:${side(numeric)}" title="${escapeHtml(type)}">${escapeHtml(name)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((value, at) => cell(value, columns[at]?.numeric)).join('')}</tr>`);
  return [
    ...(title === undefined ? [] : [`<div><b>${escapeHtml(title)}</b></div>`]),
    '<div style="max-height:24em;overflow:auto"><table>',
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>',
    `<div style="opacity:0.7">${rowCount(rows.length, totalRows)}</div>`,
  ].join('\n');
}
