import { CrossviewError, type Json } from '@crossview/contracts';
import { bindPlaceholders, type Lookup, typedValue } from './parameters.js';

/** Words of `crossview_kernel.values` for what JSON cannot say, as types of DuckDB. */
const types: Readonly<Record<string, string>> = {
  bigint: 'HUGEINT',
  decimal: 'DECIMAL(38, 18)',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/**
 * `{name}` as a named parameter of DuckDB: the value never stands in the text.
 * @throws CrossviewError `PARAMETER_UNKNOWN`, `PARAMETER_TYPE`
 */
export async function duckdbParameters(
  text: string,
  lookup: Lookup,
): Promise<{ readonly text: string; readonly values: Readonly<Record<string, Json>> }> {
  const values: Record<string, Json> = {};
  const bound = await bindPlaceholders(text, lookup, (name, value) => {
    const typed = typedValue(value);
    const type = typed && types[typed.type];
    if (typeof value === 'object' && value !== null && type === undefined)
      throw new CrossviewError('PARAMETER_TYPE', `{${name}}: its value cannot stand in a SQL statement`, {
        hint: 'A parameter is a number, a text, a truth value, a date, a decimal or None.',
        facts: { name },
      });
    values[name] = typed ? typed.value : value;
    return type === undefined ? `$${name}` : `CAST($${name} AS ${type})`;
  });
  return { text: bound, values };
}
