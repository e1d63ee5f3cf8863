import type { CellError } from '@crossview/contracts';
import type { SyntaxProblem } from '../compile/cell.js';
import { codeFrame, title } from './traceback.js';

/** Text that is no TypeScript: the first problems with their lines, nothing was run. */
export function syntaxError(code: string, fileName: string, problems: readonly SyntaxProblem[]): CellError {
  const lines = code.split(/\r?\n/);
  const places = problems.slice(0, 3).map((problem) => ({ ...problem, ...placeOf(code, problem.offset) }));
  const first = places[0]!;
  const traceback = places.flatMap(({ message, line, column }) => [
    `SyntaxError: ${message}`,
    `    at ${title(fileName)}:${line}:${column}`,
    ...codeFrame(lines, line, column),
  ]);
  return {
    status: 'error',
    name: 'SyntaxError',
    value: `${first.message} (line ${first.line}, column ${first.column})`,
    traceback,
  };
}

function placeOf(code: string, offset: number): { line: number; column: number } {
  const before = code.slice(0, offset).split(/\r?\n/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
