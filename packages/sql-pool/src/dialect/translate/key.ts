import { isNational, isString, type SqlType } from '../../types/sql-type.js';
import { macro } from './quote.js';
import type { Typed } from './typed.js';

/** Whether values of a type that are not the same may be equal: text with trailing blanks, instants at several offsets. */
export function needsKey(type: SqlType | undefined): boolean {
  return isString(type) || type?.name === 'datetimeoffset';
}

/**
 * A value as a key of GROUP BY, DISTINCT or PARTITION BY: text counts without trailing blanks, and the collation folds its case; a
 * datetimeoffset is its instant.
 */
export function keyText(value: Typed): string {
  if (value.type?.name === 'datetimeoffset') return macro('utc_ticks', value.sql);
  return isString(value.type) ? macro('unpadded', value.sql) : value.sql;
}

/** How the text of a value ends that a binary or case-sensitive collation was said for. */
export const binaryOrder = ' COLLATE "binary")';

/** A value as something to be sorted by: text in the order of the collation SQL_Latin1_General_CP1_CI_AS. */
export function orderKey(value: Typed): string {
  if (!isString(value.type) || value.sql.endsWith(binaryOrder)) return keyText(value);
  return macro(isNational(value.type!) ? 'order_of_nvarchar' : 'order_of_varchar', value.sql);
}
