import { isString } from '../../types/sql-type.js';
import { macro } from './quote.js';
import type { Typed } from './typed.js';

/** A value as a key of GROUP BY, DISTINCT or PARTITION BY: text counts without trailing blanks; the collation folds its case. */
export function keyText(value: Typed): string {
  return isString(value.type) ? macro('unpadded', value.sql) : value.sql;
}
