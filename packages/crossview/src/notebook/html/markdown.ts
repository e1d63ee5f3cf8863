import { escapeHtml } from './escape.js';

/** Only addresses that a reader can follow without running something. */
function link(text: string, address: string): string {
  return /^(https?:|mailto:|#|[\w./-]+$)/i.test(address) ? `<a href="${address}">${text}</a>` : text;
}

function inline(text: string): string {
  const codes: string[] = [];
  const held = escapeHtml(text).replace(/`([^`]+)`/g, (_all, code: string) => `\uE000${codes.push(code) - 1}\uE000`);
  return held
    .replace(/!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, (_all, alt: string, address: string) =>
      /^(https?:|data:image\/)/i.test(address) ? `<img alt="${alt}" src="${address}">` : alt,
    )
    .replace(/\[([^\]]+)\]\(([^)\s]+)[^)]*\)/g, (_all, shown: string, address: string) => link(shown, address))
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, '<strong>$2</strong>')
    .replace(/(?<![\w*])\*(?=\S)(.+?)\*(?!\w)/g, '<em>$1</em>')
    .replaceAll(/\uE000(\d+)\uE000/g, (_all, at: string) => `<code>${codes[Number(at)]}</code>`);
}

function tableRow(line: string, tag: string): string {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|');
  return `<tr>${cells.map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`).join('')}</tr>`;
}

/** Markdown as notebooks use it: headings, paragraphs, lists, quotes, tables, code. Raw HTML is shown as text. */
export function markdownHtml(source: string): string {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const out: string[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) out.push(`<p>${inline(paragraph.join('\n'))}</p>`);
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const fence = /^\s*(```|~~~)/.exec(line);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const item = /^\s*([-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (fence) {
      flush();
      const code: string[] = [];
      for (at += 1; at < lines.length && !lines[at]!.trim().startsWith(fence[1]!); at += 1) code.push(lines[at]!);
      out.push(`<pre>${escapeHtml(code.join('\n'))}</pre>`);
    } else if (heading) {
      flush();
      out.push(`<h${heading[1]!.length}>${inline(heading[2]!)}</h${heading[1]!.length}>`);
    } else if (/^\s*(\*{3,}|-{3,}|_{3,})\s*$/.test(line)) {
      flush();
      out.push('<hr>');
    } else if (item) {
      flush();
      const list = /\d/.test(item[1]!) ? 'ol' : 'ul';
      const items: string[] = [];
      for (; at < lines.length; at += 1) {
        const next = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(lines[at]!);
        if (next) items.push(next[1]!);
        else if (/^\s+\S/.test(lines[at]!) && items.length > 0) items[items.length - 1] += `\n${lines[at]!.trim()}`;
        else break;
      }
      at -= 1;
      out.push(`<${list}>${items.map((text) => `<li>${inline(text)}</li>`).join('')}</${list}>`);
    } else if (/^\s*>/.test(line)) {
      flush();
      out.push(`<blockquote>${inline(line.replace(/^\s*>\s?/, ''))}</blockquote>`);
    } else if (line.includes('|') && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(lines[at + 1] ?? '')) {
      flush();
      const rows = [tableRow(line, 'th')];
      for (at += 2; at < lines.length && lines[at]!.includes('|'); at += 1) rows.push(tableRow(lines[at]!, 'td'));
      at -= 1;
      out.push(`<table>${rows.join('')}</table>`);
    } else if (line.trim() === '') flush();
    else paragraph.push(line);
  }
  flush();
  return out.join('\n');
}
