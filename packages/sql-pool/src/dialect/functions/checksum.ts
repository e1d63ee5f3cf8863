import { notSupported, SqlError } from '../../errors/sql-error.js';
import { familyOf, int, isNational } from '../../types/sql-type.js';
import type { Expression } from '../ast.js';
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

const random = (expression: Expression): boolean =>
  expression.kind === 'call' && ['NEWID', 'CRYPT_GEN_RANDOM'].includes(expression.name.at(-1)!.toUpperCase());

/**
 * Checksums as SQL Server has them, as far as it is known how it makes them: of a whole number it is that number, of single-byte text
 * BINARY_CHECKSUM turns and mixes the bytes. Of what is random any number will do. The rest would be other numbers than a pool's.
 */
function checksum(binary: boolean): ScalarFunction {
  return ({ arguments: list, name, value }) => {
    if (list.length === 0)
      throw new SqlError(174, `The ${name.toLowerCase()} function requires 1 argument(s).`, { severity: 15 });
    const values = list.map((_, index) => value(index));
    const [only] = values;
    if (list.length === 1 && only?.type) {
      const family = familyOf(only.type);
      if (family === 'integer' && only.type.name !== 'bigint')
        return { sql: `CAST(coalesce(${only.sql}, 2147483647) AS INTEGER)`, type: int };
      const bytes = family === 'string' ? !isNational(only.type) : family === 'binary';
      if (random(list[0]!) || (binary && bytes))
        return { sql: `CAST(${host('checksum', '0', bytesOf(only))} AS INTEGER)`, type: int };
    }
    throw notSupported(
      `${name} of ${values.map(({ type }) => type?.name ?? 'an expression').join(', ')}`,
      0,
      'Its numbers are made from tables inside of SQL Server. HASHBYTES is there.',
    );
  };
}

/** Checksums by upper-case name. */
export const checksums: Readonly<Record<string, ScalarFunction>> = {
  CHECKSUM: checksum(false),
  BINARY_CHECKSUM: checksum(true),
};
