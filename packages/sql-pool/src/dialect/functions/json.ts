import { familyOf, int, max, nvarchar } from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
import { castTo } from '../translate/cast.js';
import { translateValue } from '../translate/expression.js';
import { host, quoteText } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import type { ScalarCall, ScalarFunction } from './function.js';
import { textOf } from './function.js';

/** A value as JSON text: numbers and JSON as they are, all else quoted. `expression` tells JSON_QUERY from other text. */
export function jsonText(value: Typed, expression: Expression | undefined): string {
  if (value.constant === null) return 'CAST(NULL AS VARCHAR)';
  const family = value.type && familyOf(value.type);
  if (family === 'bit') return `CASE ${value.sql} WHEN true THEN 'true' WHEN false THEN 'false' END`;
  if (family === 'integer' || family === 'decimal') return `CAST(${value.sql} AS VARCHAR)`;
  if (family === 'float') return castTo(value, { name: 'varchar', length: max }, { style: 2 }).sql;
  if (isJson(expression)) return textOf(value).sql;
  if (family === 'date') return `'"' || CAST(${value.sql} AS VARCHAR) || '"'`;
  if (family === 'moment' || family === 'time')
    return `'"' || ${castTo(value, { name: 'varchar', length: max }, { style: 126 }).sql} || '"'`;
  if (family === 'binary') return `'"' || base64(${value.sql}) || '"'`;
  return `'"' || ${host('escape_json', textOf(value).sql)} || '"'`;
}

/** JSON_QUERY, JSON_MODIFY and FOR JSON give JSON, not text. */
export function isJson(expression: Expression | undefined): boolean {
  if (expression?.kind === 'call')
    return ['JSON_QUERY', 'JSON_MODIFY', 'JSON_OBJECT', 'JSON_ARRAY'].includes(expression.name.at(-1)!.toUpperCase());
  return (
    expression?.kind === 'subquery' &&
    expression.query.forJson !== undefined &&
    !expression.query.forJson.withoutArrayWrapper
  );
}

const jsonArray: ScalarFunction = ({ arguments: list, scope, translation }: ScalarCall) => {
  const items = list.map((item) => jsonText(translateValue(item, scope, translation), item));
  return { sql: `'[' || concat_ws(',', ${items.join(', ') || "''"}) || ']'`, type: nvarchar(9999) };
};

/** JSON functions by upper-case name. */
export const json: Readonly<Record<string, ScalarFunction>> = {
  ISJSON: ({ value }) => ({ sql: `CAST(${host('is_json', textOf(value(0)).sql)} AS INTEGER)`, type: int }),
  JSON_VALUE: ({ value }) => ({
    sql: host('json_value', textOf(value(0)).sql, textOf(value(1)).sql),
    type: nvarchar(4000),
  }),
  JSON_QUERY: ({ arguments: list, value }) => ({
    sql: host('json_query', textOf(value(0)).sql, list.length > 1 ? textOf(value(1)).sql : quoteText('$')),
    type: nvarchar(9999),
  }),
  JSON_MODIFY: ({ arguments: list, value }) => ({
    sql: host('json_modify', textOf(value(0)).sql, textOf(value(1)).sql, jsonText(value(2), list[2])),
    type: nvarchar(9999),
  }),
  JSON_ARRAY: jsonArray,
};
