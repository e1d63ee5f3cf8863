import type { Rows } from './bundle.js';
import { toText } from './cell-value.js';
import { rowCount } from './row-count.js';

const widest = 40;

function cut(text: string): string {
  const line = text.replaceAll('\n', '\\n');
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}

/** Columns side by side, numbers to the right, and how many rows of how many these are. */
export function textTable({ columns, rows, totalRows }: Rows, most: number, title?: string): string {
  const shown = rows.slice(0, most).map((row) => row.map((value) => cut(toText(value))));
  const widths = columns.map(({ name }, at) => Math.max(cut(name).length, ...shown.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        columns[at]?.kind === 'number' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    ...(title === undefined ? [] : [title]),
    line(columns.map(({ name }) => cut(name))),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...shown.map(line),
    rowCount(shown.length, totalRows),
  ].join('\n');
}
