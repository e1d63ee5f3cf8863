import { CrossviewError, type Json, type SqlParameter } from '@crossview/contracts';
import { bindPlaceholders, type Lookup, typedValue } from './parameters.js';

export interface BoundBatch {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
}

/** Types that travel as text and are cast back by the server, so that nothing is lost on the way. */
const casts: Readonly<Record<string, string>> = {
  bigint: 'decimal(38,0)',
  decimal: 'decimal(38,18)',
  date: 'date',
  timestamp: 'datetime2(6)',
};

/**
 * Turns each `{name}` into a parameter `@crossview_name`; values never become part of the text.
 * @throws CrossviewError `PARAMETER_UNKNOWN`, `PARAMETER_TYPE`
 */
export async function bindTsql(text: string, lookup: Lookup): Promise<BoundBatch> {
  const parameters = new Map<string, SqlParameter>();
  const bound = await bindPlaceholders(text, lookup, (name, value) => {
    const written = `crossview_${name}`;
    const { parameter, expression } = asParameter(name, written, value);
    parameters.set(written, parameter);
    return expression;
  });
  return { text: bound, parameters: [...parameters.values()] };
}

function asParameter(name: string, written: string, value: Json): { parameter: SqlParameter; expression: string } {
  if (value === null || typeof value !== 'object')
    return { parameter: { name: written, value }, expression: `@${written}` };
  const typed = typedValue(value);
  if (typed?.type === 'bigint' && BigInt.asIntN(64, BigInt(typed.value)) === BigInt(typed.value))
    return { parameter: { name: written, value: BigInt(typed.value) }, expression: `@${written}` };
  const cast = typed && casts[typed.type];
  if (!typed || !cast)
    throw new CrossviewError('PARAMETER_TYPE', `{${name}}: its value cannot stand in a SQL statement`, {
      hint: 'A parameter is a number, a text, a truth value, a date, a decimal or None.',
      facts: { name },
    });
  return { parameter: { name: written, value: typed.value }, expression: `CAST(@${written} AS ${cast})` };
}
