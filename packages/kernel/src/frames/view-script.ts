import { readFileSync } from 'node:fs';
import type { ChartWish } from '@crossview/contracts';

/** The modules of `browser/`, each after those it needs. */
const modules = ['choice', 'groups', 'scale', 'svg', 'pie', 'plot', 'chart', 'frame-view'];

let code: string | undefined;

/** All modules as one: an output stands in a page of its own and has nowhere to import from. */
function program(): string {
  code ??= modules
    .map((name) => readFileSync(new URL(`../browser/${name}.js`, import.meta.url), 'utf8'))
    .join('\n')
    .replace(/^import .*$|^\/\/# .*$|^export \{.*$/gm, '')
    .replace(/^export /gm, '')
    .replace(/\n\s+/g, '\n');
  return code;
}

/**
 * A script element that adds the chart view to the frame of this id; `chart` shows it at once.
 * @param part says that the chart is of a part of the rows
 */
export function viewScript(id: string, chart?: ChartWish, part = ''): string {
  // A column's name must not end the script.
  const wish = chart === undefined ? 'undefined' : JSON.stringify(chart).replaceAll('<', '\\u003c');
  return `<script>(() => {\n${program()}\nshowFrame(${JSON.stringify(id)},${wish},${JSON.stringify(part)});\n})();</script>`;
}
