import { SqlError } from '../../errors/sql-error.js';
import { familyOf, int, isNational } from '../../types/sql-type.js';
import { host, macro } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import type { ScalarFunction } from './function.js';
import { textOf } from './function.js';

/** The bytes of a value: of text those of its code page or of UTF-16, of all else its own binary. */
export function bytesOf(value: Typed): string {
  if (value.type && familyOf(value.type) === 'binary') return value.sql;
  const text = textOf(value);
  return isNational(text.type) ? macro('utf16_bytes', text.sql) : macro('latin1_bytes', text.sql);
}

/** Text that the collation holds for equal has one checksum; for BINARY_CHECKSUM each letter counts. */
function checksum(folded: boolean): ScalarFunction {
  return ({ arguments: list, name, value }) => {
    if (list.length === 0)
      throw new SqlError(174, `The ${name.toLowerCase()} function requires 1 argument(s).`, { severity: 15 });
    const values = list.map((_, index) => value(index));
    const [only] = values;
    // The checksum of one whole number is that number.
    if (values.length === 1 && only!.type && familyOf(only!.type) === 'integer' && only!.type.name !== 'bigint')
      return { sql: `CAST(coalesce(${only!.sql}, 2147483647) AS INTEGER)`, type: int };
    const sql = values.reduce((before, item) => {
      const text = item.type && familyOf(item.type) === 'string';
      const bytes =
        folded && text ? bytesOf({ sql: `lower(${macro('unpadded', item.sql)})`, type: item.type }) : bytesOf(item);
      return host('checksum', before, bytes);
    }, '0');
    return { sql: `CAST(${sql} AS INTEGER)`, type: int };
  };
}

/** Checksums by upper-case name. */
export const checksums: Readonly<Record<string, ScalarFunction>> = {
  CHECKSUM: checksum(true),
  BINARY_CHECKSUM: checksum(false),
};
