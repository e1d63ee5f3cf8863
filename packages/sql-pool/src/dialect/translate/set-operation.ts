import { storageType } from '../../types/sql-type.js';
import { convertIfNeeded } from './expression.js';
import { keyText, needsKey } from './key.js';
import type { TranslatedQuery } from './query.js';
import { quoteName } from './quote.js';
import type { Translation } from './translation.js';
import type { OutputColumn, Typed } from './typed.js';

/** The DuckDB name of an output column; one without a name has its position. */
export function outputName(column: OutputColumn, index: number): string {
  return quoteName(column.name === '' ? `$column${index}` : column.name);
}

/** UNION drops rows that are equal; text that differs in trailing blanks is. */
export function setText(
  operator: string,
  left: string,
  right: string,
  columns: readonly OutputColumn[],
  translation: Translation,
): string {
  if (operator === 'UNION ALL' || !columns.some((column) => needsKey(column.type)))
    return `${left} ${operator} ${right}`;
  const name = quoteName(translation.freshName());
  if (operator !== 'UNION') return setByKeys(operator, left, right, columns, name, quoteName(translation.freshName()));
  const keys = columns.map((column, index) => keyText({ sql: `${name}.c${index}`, type: column.type }));
  const items = columns.map((column, index) => `${name}.c${index} AS ${outputName(column, index)}`);
  return `SELECT DISTINCT ON (${keys.join(', ')}) ${items.join(', ')} FROM (${left} UNION ALL ${right}) AS ${name}(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

/** EXCEPT and INTERSECT of rows with text, by keys without trailing blanks. */
function setByKeys(
  operator: string,
  left: string,
  right: string,
  columns: readonly OutputColumn[],
  first: string,
  second: string,
): string {
  const key = (name: string, index: number) => keyText({ sql: `${name}.c${index}`, type: columns[index]!.type });
  const keys = columns.map((_, index) => key(first, index));
  const same = columns.map((_, index) => `${key(first, index)} IS NOT DISTINCT FROM ${key(second, index)}`);
  const items = columns.map((column, index) => `${first}.c${index} AS ${outputName(column, index)}`);
  const names = columns.map((_, index) => `c${index}`).join(', ');
  const exists = `${operator === 'EXCEPT' ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${right} AS ${second}(${names}) WHERE ${same.join(' AND ')})`;
  return `SELECT DISTINCT ON (${keys.join(', ')}) ${items.join(', ')} FROM ${left} AS ${first}(${names}) WHERE ${exists}`;
}

/** A side of a set operation, its columns in the common types. */
export function converted(side: TranslatedQuery, columns: readonly OutputColumn[], translation: Translation): string {
  const name = translation.freshName();
  const inner = columns.map((_, index) => `c${index}`);
  const items = side.columns.map((column, index) => {
    const target = columns[index]!.type;
    const value: Typed = { sql: `${quoteName(name)}.c${index}`, type: column.type };
    // A NULL on its own has no type that could stand in the way.
    if (target && column.untyped)
      return `CAST(NULL AS ${storageType(target)}) AS ${outputName(columns[index]!, index)}`;
    return `${target ? convertIfNeeded(value, target).sql : value.sql} AS ${outputName(columns[index]!, index)}`;
  });
  return `(SELECT ${items.join(', ')} FROM (${side.sql}) AS ${quoteName(name)}(${inner.join(', ')}))`;
}
