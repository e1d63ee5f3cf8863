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

function cell(value: Rows['rows'][number][number] | undefined): string {
  const text = toText(value ?? null);
  return escapeHtml(text.length > longest ? `${text.slice(0, longest)}…` : text);
}

/** A table in a box that scrolls. Styles are in the elements: notebooks are shown where no style sheet of ours is. */
export function htmlTable({ columns, rows, totalRows }: Rows, title?: string): string {
  const side = (numeric: boolean | undefined) => ` style="text-align:${numeric ? 'right' : 'left'}"`;
  const head = columns.map(
    ({ name, type, numeric }) => `<th${side(numeric)} title="${escapeHtml(type)}">${escapeHtml(name)}</th>`,
  );
  const body = rows.map(
    (row) => `<tr>${row.map((value, at) => `<td${side(columns[at]?.numeric)}>${cell(value)}</td>`).join('')}</tr>`,
  );
  return [
    ...(title === undefined ? [] : [`<div><b>${escapeHtml(title)}</b></div>`]),
    '<div style="max-height:24em;overflow:auto"><table>',
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>',
    `<div style="opacity:0.7">${rowCount(rows.length, totalRows)}</div>`,
  ].join('\n');
}
