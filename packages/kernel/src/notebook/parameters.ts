import { CrossviewError, type Json } from '@crossview/contracts';
import { pythonAssignments } from './python-assignments.js';

type Values = { readonly [name: string]: Json };

function scalaLiteral(name: string, value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isInteger(value) ? (Math.abs(value) < 2 ** 31 ? String(value) : `${value}L`) : String(value);
  // A JSON text is a Scala text but for its escape of a dollar, which only matters in an interpolated one.
  if (typeof value === 'string') return JSON.stringify(value);
  throw new CrossviewError('RUN_PARAMETER', `%run: ${name} is no number, text or truth value`, { facts: { name } });
}

/** Lines that set parameters, and the language they are in. */
export function assignments(language: string, values: Values): { readonly language: string; readonly code: string } {
  if (language !== 'spark') return { language: 'pyspark', code: pythonAssignments(values) };
  const lines = Object.entries(values).map(([name, value]) => {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
      throw new CrossviewError('RUN_PARAMETER', `%run: ${name} is no name of a variable`, { facts: { name } });
    return `var ${name} = ${scalaLiteral(name, value)}`;
  });
  return { language, code: lines.join('\n') };
}

/** The names that a parameters cell sets, in Python, Scala or SQL. */
export function parameterNames(source: string): string[] {
  const names = [...source.matchAll(/^\s*(?:(?:va[lr]|set)\s+)?([\p{L}_][\p{L}\p{N}_.]*)\s*(?::[^=\n]+)?=(?!=)/gimu)];
  return [...new Set(names.map((match) => match[1]!))];
}
