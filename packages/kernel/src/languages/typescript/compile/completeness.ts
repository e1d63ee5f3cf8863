import type { Completeness } from '@crossview/contracts';
import { compileCell } from './cell.js';

/** TypeScript's numbers for text that stops inside of a comment, a template or a regular expression. */
const unterminated = new Set([1010, 1160]);

/** Whether a console should run the text or go on with the next line. */
export function completeness(code: string): Completeness {
  const compiled = compileCell(code, 'cell.ts');
  if (!('problems' in compiled)) return { status: 'complete' };
  const end = code.trimEnd().length;
  const open = compiled.problems.some((problem) => unterminated.has(problem.code) || problem.offset >= end);
  if (!open) return { status: 'invalid' };
  const last = code.trimEnd().split('\n').at(-1) ?? '';
  const indent = /^\s*/.exec(last)![0] + (/[{([]$/.test(last) ? '  ' : '');
  return { status: 'incomplete', indent };
}
