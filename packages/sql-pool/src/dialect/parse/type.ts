import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { max, type SqlType, type SqlTypeName, sqlTypeNames } from '../../types/sql-type.js';
import type { Cursor } from './cursor.js';

const synonyms: Readonly<Record<string, SqlTypeName>> = {
  integer: 'int',
  dec: 'decimal',
  character: 'char',
  'national char': 'nchar',
  rowversion: 'binary',
};

const refused = new Set([
  'text',
  'ntext',
  'image',
  'xml',
  'sql_variant',
  'geography',
  'geometry',
  'hierarchyid',
  'timestamp',
  'rowversion',
  'json',
  'vector',
]);
const longest: Partial<Record<SqlTypeName, number>> = {
  char: 8000,
  varchar: 8000,
  nchar: 4000,
  nvarchar: 4000,
  binary: 8000,
  varbinary: 8000,
};

/** A data type with its parameters. `inCast`: a string type without a length has 30 characters there, 1 in a declaration. */
export function parseType(cursor: Cursor, options: { inCast?: boolean } = {}): SqlType {
  const line = cursor.line;
  const token = cursor.take();
  if (token.kind !== 'word' && token.kind !== 'quoted') throw cursor.unexpected();
  let word = token.text.toLowerCase();
  if (word === 'sys' && cursor.accept('.')) word = cursor.take().text.toLowerCase();
  if (word === 'sysname') return { name: 'nvarchar', length: 128 };
  if (word === 'double') {
    cursor.accept('PRECISION');
    return { name: 'float' };
  }
  if (refused.has(word))
    throw notSupported(
      `the type ${word}`,
      line,
      'A dedicated SQL pool has no such column type either; use nvarchar or varbinary.',
    );
  const name = synonyms[word] ?? sqlTypeNames.find((known) => known === word);
  if (!name) throw errors.unknownType(token.text, line);
  if (name === 'char' || name === 'nchar') cursor.accept('VARYING');
  const numbers: number[] = [];
  if (cursor.accept('(')) {
    do numbers.push(cursor.accept('MAX') ? max : cursor.integer());
    while (cursor.accept(','));
    cursor.expect(')');
  }
  return shaped(name, numbers, line, options.inCast ?? false);
}

function shaped(name: SqlTypeName, numbers: readonly number[], line: number, inCast: boolean): SqlType {
  const [first, second] = numbers;
  switch (name) {
    case 'decimal':
    case 'numeric': {
      const precision = first ?? 18;
      const scale = second ?? 0;
      if (precision < 1 || precision > 38)
        throw new SqlError(
          2750,
          `Column or parameter: Specified column precision ${precision} is greater than the maximum precision of 38.`,
          { line },
        );
      if (scale > precision)
        throw new SqlError(192, `The scale must be less than or equal to the precision.`, { severity: 15, line });
      return { name, precision, scale };
    }
    case 'float':
      return first !== undefined && first <= 24 ? { name: 'real' } : { name };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      if (first !== undefined && (first < 0 || first > 7))
        throw new SqlError(1002, `Line ${line}: Specified scale ${first} is invalid.`, { severity: 15, line });
      return { name, scale: first ?? 7 };
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary': {
      const length = first ?? (inCast ? 30 : 1);
      if (length === max && (name === 'char' || name === 'nchar' || name === 'binary'))
        throw new SqlError(102, `Incorrect syntax near '${name}(max)'.`, { severity: 15, line });
      if (length === 0)
        throw new SqlError(1001, `Line ${line}: Length or precision specification 0 is invalid.`, {
          severity: 15,
          line,
        });
      if (length > longest[name]!)
        throw new SqlError(
          131,
          `The size (${length}) given to the type '${name}' exceeds the maximum allowed for any data type (${longest[name]}).`,
          { severity: 15, line },
        );
      return { name, length };
    }
    default:
      return { name };
  }
}
