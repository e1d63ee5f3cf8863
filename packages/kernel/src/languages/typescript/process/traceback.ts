import { SourceMap } from 'node:module';
import { inspect } from 'node:util';
import { type CellError, CrossviewError } from '@crossview/contracts';
import { functionHead } from '../compile/cell.js';

interface KnownCell {
  readonly map: SourceMap;
  readonly lines: readonly string[];
}

const place = /\(?((?:file:\/\/)?[^\s()]+):(\d+):(\d+)\)?$/;
const ownFolder = new URL('./', import.meta.url).href;

/** Errors of cells in the words and lines of the TypeScript that the user wrote. */
export class Traceback {
  readonly #cells = new Map<string, KnownCell>();

  know(fileName: string, sourceMap: string): void {
    const payload = JSON.parse(sourceMap) as ConstructorParameters<typeof SourceMap>[0];
    const [source = ''] = payload.sourcesContent ?? [];
    this.#cells.set(fileName, { map: new SourceMap(payload), lines: source.split(/\r?\n/) });
  }

  cellError(error: unknown): CellError {
    if (!(error instanceof Error)) {
      const value = typeof error === 'string' ? error : inspect(error);
      return { status: 'error', name: 'Error', value, traceback: [`thrown: ${value}`] };
    }
    const value = error instanceof CrossviewError && error.hint ? `${error.message}\n${error.hint}` : error.message;
    return { status: 'error', name: error.name, value, traceback: this.#lines(error, value) };
  }

  #lines(error: Error, value: string): string[] {
    const lines = [value === '' ? error.name : `${error.name}: ${value}`];
    let shown = false;
    for (const frame of frames(error)) {
      const found = place.exec(frame);
      const [, file, line, column] = found ?? [];
      const cell = file === undefined ? undefined : this.#cells.get(file);
      if (cell) {
        const own = this.#original(cell, Number(line), Number(column));
        lines.push(
          `${frame.slice(0, found!.index)}${found![0].startsWith('(') ? '(' : ''}${title(file!)}:${own.line}:${own.column}${found![0].endsWith(')') ? ')' : ''}`,
        );
        if (!shown) lines.push(...codeFrame(cell.lines, own.line, own.column));
        shown = true;
      } else if (file !== undefined && !isOurs(frame, file)) lines.push(frame);
    }
    if (error instanceof AggregateError) for (const one of error.errors) lines.push(`  ${inspect(one)}`);
    if (error.cause !== undefined)
      lines.push(
        `caused by ${error.cause instanceof Error ? this.#lines(error.cause, error.cause.message).join('\n') : inspect(error.cause)}`,
      );
    return lines;
  }

  #original({ map }: KnownCell, line: number, column: number): { line: number; column: number } {
    const offset = line === 1 ? functionHead.length : 0;
    const entry = map.findEntry(line - 1, Math.max(0, column - 1 - offset));
    return 'originalLine' in entry
      ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
      : { line, column };
  }
}

/** Points at a column of a line, with the line in front of it. */
export function codeFrame(lines: readonly string[], line: number, column: number): string[] {
  const shown = [line - 1, line].filter((number) => number >= 1 && lines[number - 1] !== undefined);
  const width = String(line).length;
  return [
    ...shown.map((number) => `  ${String(number).padStart(width)} | ${lines[number - 1]}`),
    `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`,
  ];
}

function frames(error: Error): string[] {
  const stack = error.stack ?? '';
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

function isOurs(frame: string, file: string): boolean {
  return file.startsWith(ownFolder) || file.startsWith('node:') || frame.includes('(node:');
}

/** `cell-3.ts` is the file of the cell that ran third. */
export function title(fileName: string): string {
  return fileName;
}
