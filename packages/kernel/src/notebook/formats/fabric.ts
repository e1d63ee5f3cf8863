import type { Json } from '@crossview/contracts';
import {
  invalid,
  isObject,
  type JsonObject,
  type NotebookCell,
  type NotebookDocument,
  type NotebookFormat,
  sameJson,
} from './document.js';
import { neverRun } from './ipynb.js';

/** How a comment starts, by the file's language. */
const comments: Readonly<Record<string, string>> = { py: '#', scala: '//', sql: '--', r: '#' };
const stars = '*'.repeat(20);
/** Where notebook and cell keep, in their META, what the format has no place for. */
const ours = 'crossview';

const kinds = ['METADATA', 'MARKDOWN', 'CELL', 'PARAMETERS CELL', 'RAW'] as const;
type Kind = (typeof kinds)[number];

interface Block {
  readonly kind: Kind;
  readonly text: string;
}

function extension(fileName: string): string {
  return /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? 'py';
}

/** Cuts the file at its lines of stars. One empty line follows such a line, and one stands before the next. */
function cutBlocks(text: string, comment: string): Block[] {
  const marker = new RegExp(`^${comment} (${kinds.join('|')}) \\*{10,}[^\\S\\n]*$`, 'gm');
  const found = [...text.matchAll(marker)];
  return found.map((match, at) => {
    const start = match.index + match[0].length + 1;
    const last = at + 1 >= found.length;
    let inner = text.slice(start, found[at + 1]?.index ?? text.length).replace(/^\n/, '');
    // The last block of a file ends with its last line.
    inner = inner.endsWith('\n\n') || !last ? inner.replace(/\n{0,2}$/, '') : inner.replace(/\n$/, '');
    return { kind: match[1] as Kind, text: inner };
  });
}

function readMeta(text: string, comment: string, fileName: string): JsonObject {
  const prefix = `${comment} META`;
  const lines = text.split('\n').filter((line) => line.startsWith(prefix));
  try {
    const value = JSON.parse(lines.map((line) => line.slice(prefix.length)).join('\n') || '{}') as Json;
    return isObject(value) ? value : {};
  } catch (cause) {
    throw invalid(fileName, `a METADATA block has no JSON (${(cause as Error).message})`, cause);
  }
}

function writeMeta(value: JsonObject, comment: string): string {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return `${comment} METADATA ${stars}\n\n${lines.map((line) => `${comment} META ${line}`).join('\n')}\n\n`;
}

function isMagicText(line: string, comment: string): boolean {
  return line.startsWith(`${comment} MAGIC`);
}

/** A line that the file would read as something else, or that is no text of the file's language. */
function needsMagic(line: string, comment: string): boolean {
  const marker = new RegExp(`^${comment} (${kinds.join('|')}) \\*{10,}\\s*$`);
  return /^\s*[%!]/.test(line) || isMagicText(line, comment) || marker.test(line);
}

function writeCode(source: string, comment: string): string {
  const lines = source.split('\n');
  const whole = /^\s*%%/.test(source);
  return lines.map((line) => (whole || needsMagic(line, comment) ? `${comment} MAGIC ${line}` : line)).join('\n');
}

function readCode(text: string, comment: string): string {
  const prefix = `${comment} MAGIC`;
  return text
    .split('\n')
    .map((line) => (isMagicText(line, comment) ? line.slice(prefix.length).replace(/^ /, '') : line))
    .join('\n');
}

function readMarkdown(text: string, comment: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith(comment) ? line.slice(comment.length).replace(/^ /, '') : line))
    .join('\n');
}

function makeCell(block: Block, meta: JsonObject, comment: string): NotebookCell {
  const { [ours]: extra, ...microsoft } = meta;
  const metadata: JsonObject = {
    ...(Object.keys(microsoft).length > 0 ? { microsoft } : {}),
    ...(block.kind === 'PARAMETERS CELL' ? { tags: ['parameters'] } : {}),
  };
  const cell: NotebookCell =
    block.kind === 'MARKDOWN'
      ? { cell_type: 'markdown', metadata, source: readMarkdown(block.text, comment) }
      : { cell_type: 'code', metadata, source: readCode(block.text, comment), ...neverRun() };
  if (!isObject(extra)) return cell;
  // Everything besides the text stands there as it was.
  const kept = extra.cell;
  return isObject(kept) ? ({ ...kept, source: cell.source } as NotebookCell) : cell;
}

function cellText(cell: NotebookCell, comment: string): string {
  const tags = cell.metadata.tags;
  const isParameters = Array.isArray(tags) && tags.includes('parameters');
  const kind: Kind =
    cell.cell_type === 'markdown' ? 'MARKDOWN' : cell.cell_type === 'code' && isParameters ? 'PARAMETERS CELL' : 'CELL';
  const body =
    kind === 'MARKDOWN'
      ? cell.source
          .split('\n')
          .map((line) => `${comment} ${line}`)
          .join('\n')
      : writeCode(cell.source, comment);
  const microsoft = isObject(cell.metadata.microsoft) ? cell.metadata.microsoft : {};
  const plain = makeCell({ kind, text: body }, microsoft, comment);
  const others = { ...cell, source: '' };
  // Empty lines at the end of a cell are only told from those of the file when something follows.
  const same = sameJson(plain as Json, cell as Json) && !cell.source.endsWith('\n');
  const meta = same ? microsoft : { ...microsoft, [ours]: { cell: others as Json } };
  return `${comment} ${kind} ${stars}\n\n${body}\n\n${Object.keys(meta).length > 0 ? writeMeta(meta, comment) : ''}`;
}

function withoutOurs(meta: JsonObject): JsonObject {
  const { [ours]: _ours, ...others } = meta;
  return others;
}

/** Fabric's notebook-content.py, .scala and .sql: a source file whose comments hold everything that is no code. */
export const fabric: NotebookFormat = {
  name: 'fabric',
  read(given, fileName) {
    const comment = comments[extension(fileName)] ?? '#';
    const header = /^\uFEFF?(#|\/\/|--) Fabric notebook source[^\S\r\n]*(\r?)\n/.exec(given);
    if (!header) throw invalid(fileName, `its first line is not "${comment} Fabric notebook source"`);
    // A checkout on Windows changes every line end; a file that kept its own has them only inside of cells.
    const text = header[2] === '\r' ? given.replaceAll('\r\n', '\n') : given;
    const sign = header[1] ?? comment;
    const blocks = cutBlocks(text, sign);
    const [first, ...rest] = blocks;
    const top = first?.kind === 'METADATA' ? readMeta(first.text, sign, fileName) : {};
    const bodies = first?.kind === 'METADATA' ? rest : blocks;
    const cells: NotebookCell[] = [];
    for (const [at, block] of bodies.entries()) {
      if (block.kind === 'METADATA') continue;
      const next = bodies[at + 1];
      const meta = next?.kind === 'METADATA' ? readMeta(next.text, sign, fileName) : {};
      cells.push(makeCell(block, meta, sign));
    }
    const extra = isObject(top[ours]) ? top[ours] : {};
    const { metadata, nbformat = 4, nbformat_minor = 5 } = extra;
    return {
      cells,
      metadata: isObject(metadata) ? metadata : withoutOurs(top),
      nbformat: Number(nbformat),
      nbformat_minor: Number(nbformat_minor),
    };
  },
  write(document, fileName) {
    const comment = comments[extension(fileName)] ?? '#';
    const { metadata, nbformat, nbformat_minor } = document;
    const own = Object.fromEntries(
      ['kernel_info', 'dependencies', 'parameters'].flatMap((key) => (key in metadata ? [[key, metadata[key]!]] : [])),
    );
    const usual = nbformat === 4 && nbformat_minor === 5;
    const top: JsonObject =
      usual && !(ours in metadata)
        ? sameJson(own, metadata)
          ? metadata
          : { ...own, [ours]: { metadata } }
        : { ...own, [ours]: { metadata, nbformat, nbformat_minor } };
    const text = `${comment} Fabric notebook source\n\n${writeMeta(top, comment)}${document.cells.map((cell) => cellText(cell, comment)).join('')}`;
    return text.replace(/\n\n$/, '\n');
  },
};

export type { NotebookDocument };
