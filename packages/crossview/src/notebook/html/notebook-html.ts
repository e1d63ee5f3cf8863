import type { Json } from '@crossview/contracts';
import { isObject, type NotebookCell, type NotebookDocument } from '@crossview/kernel/notebooks';
import { escapeHtml } from './escape.js';
import { markdownHtml } from './markdown.js';

const style = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; margin: 0; white-space: pre-wrap; }
.code { background: #f5f5f5; border: 1px solid #ddd; border-radius: 4px; padding: .5rem .75rem; margin-top: 1rem; }
.count { color: #777; font: 12px ui-monospace, monospace; }
.output { padding: .5rem .75rem; overflow-x: auto; } .stderr { background: #fff3f0; } .error { background: #fdecea; color: #8a1c13; }
table { border-collapse: collapse; } td, th { border: 1px solid #ddd; padding: .15rem .5rem; text-align: left; } img, svg { max-width: 100%; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } .code { background: #222; border-color: #444; } .stderr, .error { background: #3a1f1c; color: #f3b5ae; } td, th { border-color: #444; } }
`;

const joined = (value: Json | undefined): string => (Array.isArray(value) ? value.join('') : String(value ?? ''));
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals start with one
const plain = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
const images = ['image/png', 'image/jpeg', 'image/gif'] as const;

/** One form of an output, the richest that a page without a program behind it can show. */
function dataHtml(data: { readonly [mime: string]: Json }): string {
  if (data['text/html'] !== undefined) return joined(data['text/html']);
  if (data['image/svg+xml'] !== undefined) return joined(data['image/svg+xml']);
  for (const mime of images)
    if (data[mime] !== undefined)
      return `<img alt="" src="data:${mime};base64,${joined(data[mime]).replace(/\s/g, '')}">`;
  if (data['text/markdown'] !== undefined) return markdownHtml(joined(data['text/markdown']));
  return `<pre>${escapeHtml(plain(joined(data['text/plain'])))}</pre>`;
}

function outputHtml(output: Json): string {
  if (!isObject(output)) return '';
  if (output.output_type === 'stream')
    return `<div class="output ${escapeHtml(String(output.name))}"><pre>${escapeHtml(plain(joined(output.text)))}</pre></div>`;
  if (output.output_type === 'error') {
    const lines = Array.isArray(output.traceback) ? output.traceback.map(String) : [];
    const text = lines.length > 0 ? lines.join('\n') : `${output.ename}: ${output.evalue}`;
    return `<div class="output error"><pre>${escapeHtml(plain(text))}</pre></div>`;
  }
  return isObject(output.data) ? `<div class="output">${dataHtml(output.data)}</div>` : '';
}

function cellHtml(cell: NotebookCell): string {
  if (cell.cell_type === 'markdown') return `<section class="markdown">${markdownHtml(cell.source)}</section>`;
  if (cell.cell_type !== 'code') return `<section><pre>${escapeHtml(cell.source)}</pre></section>`;
  if (cell.source.trim() === '') return '';
  const outputs = Array.isArray(cell.outputs) ? cell.outputs.map(outputHtml).join('\n') : '';
  const count = typeof cell.execution_count === 'number' ? `<span class="count">[${cell.execution_count}]</span>` : '';
  return `<section><div class="code">${count}<pre>${escapeHtml(cell.source)}</pre></div>\n${outputs}</section>`;
}

/** An executed notebook as one HTML file that needs no other. */
export function notebookHtml(document: NotebookDocument, title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${document.cells.map(cellHtml).filter(Boolean).join('\n')}
</body>
</html>
`;
}
