import type { TableColumn } from '../catalog/objects.js';
import { castTo } from '../dialect/translate/cast.js';
import { convertIfNeeded } from '../dialect/translate/expression.js';
import { macro, quoteText } from '../dialect/translate/quote.js';
import type { Typed } from '../dialect/translate/typed.js';
import { errors } from '../errors/catalogue.js';
import { familyOf, max, type SqlType, storageType } from '../types/sql-type.js';

/** The text that puts a value into a column: converted, checked against the declared length, padded, NULL refused. */
export function assigned(value: Typed, column: TableColumn, table: string): string {
  const { type } = column;
  let sql = value.constant === null ? `CAST(NULL AS ${storageType(type)})` : converted(value, type);
  const family = familyOf(type);
  const { length } = type;
  if (
    length !== undefined &&
    length !== max &&
    (family === 'string' || family === 'binary') &&
    value.constant !== null
  ) {
    const known =
      value.type &&
      familyOf(value.type) === family &&
      value.type.length !== undefined &&
      value.type.length !== max &&
      value.type.length <= length;
    if (!known)
      sql = macro(
        family === 'string' ? 'fit' : 'fit_binary',
        sql,
        String(length),
        quoteText(table),
        quoteText(column.name),
      );
    if (type.name === 'char' || type.name === 'nchar') sql = macro('pad', sql, String(length));
  }
  return sql;
}

function converted(value: Typed, type: SqlType): string {
  if (!value.type) return `CAST(${value.sql} AS ${storageType(type)})`;
  const family = familyOf(value.type);
  // Implicitly, binary does not become text and text does not become binary.
  if ((family === 'string' && familyOf(type) === 'binary') || (family === 'binary' && familyOf(type) === 'string'))
    throw errors.noImplicitConversion(value.type.name, type.name);
  if (familyOf(type) === 'string')
    return convertIfNeeded(value, {
      ...type,
      length: max,
      name: type.name === 'nchar' ? 'nvarchar' : type.name === 'char' ? 'varchar' : type.name,
    }).sql;
  if (
    family === familyOf(type) &&
    storageType(value.type) === storageType(type) &&
    family !== 'moment' &&
    family !== 'time'
  )
    return value.sql;
  return castTo(value, type).sql;
}
