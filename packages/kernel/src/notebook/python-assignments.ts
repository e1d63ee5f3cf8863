import { CrossviewError, type Json } from '@crossview/contracts';

function literal(name: string, value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  // A JSON text is a Python text: its escapes are a subset.
  if (typeof value === 'string') return JSON.stringify(value);
  throw new CrossviewError('RUN_PARAMETER', `%run: ${name} is no number, text or truth value`, { facts: { name } });
}

/** @throws CrossviewError `RUN_PARAMETER` */
export function pythonAssignments(values: { readonly [name: string]: Json }): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
        throw new CrossviewError('RUN_PARAMETER', `%run: ${name} is no name of a variable`, { facts: { name } });
      return `${name} = ${literal(name, value)}`;
    })
    .join('\n');
}
