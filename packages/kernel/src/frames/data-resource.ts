import type { Json } from '@crossview/contracts';
import { DataType, type Schema } from 'apache-arrow';
import type { Rows } from './bundle.js';

/** Field types of Table Schema (frictionless data), which front ends draw charts by. */
function fieldType(type: DataType): string {
  if (DataType.isInt(type)) return 'integer';
  if (DataType.isFloat(type) || DataType.isDecimal(type)) return 'number';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isDate(type)) return 'date';
  if (DataType.isTimestamp(type)) return 'datetime';
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return 'array';
  if (DataType.isStruct(type) || DataType.isMap(type)) return 'object';
  return 'string';
}

/** Two columns of one name become two fields, or one would hide the other. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}_${before + 1}`;
  });
}

/** `application/vnd.dataresource+json`: the rows as data, for front ends that draw their own tables and charts. */
export function dataResource({ columns, rows }: Rows, schema: Schema): Json {
  const names = uniqueNames(columns.map(({ name }) => name));
  const fields = schema.fields.map(({ type }, at) => ({ name: names[at] ?? '', type: fieldType(type as DataType) }));
  const data = rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', value])));
  return { profile: 'tabular-data-resource', schema: { fields }, data };
}
