import { CrossviewError } from '@crossview/contracts';
import type { Column, ColumnKind, ColumnType } from './column.js';
import { sparkTypeName } from './spark.js';
import { UnsupportedColumnError } from './unsupported-column-error.js';

/** A length in T-SQL: characters for `nvarchar`, bytes for `varbinary`. */
export type SqlLength = number | 'max';

export interface SqlTypeOptions {
  /** For strings whose column says nothing; 4,000, the longest `nvarchar` that is not a LOB, unless given. */
  readonly stringLength?: SqlLength;
  /** For binary columns whose column says nothing; 8,000 unless given. */
  readonly binaryLength?: SqlLength;
}

const longestString = 4000;
const longestBinary = 8000;

function lengthText(length: SqlLength, longest: number): string {
  return length === 'max' || length > longest ? 'max' : String(length);
}

/**
 * The length a column asks for itself: its metadata `maxlength`, or its own type (`varchar(10)`).
 * @throws CrossviewError `COLUMN_LENGTH_INVALID` naming the column.
 */
export function ownLength(column: Column): SqlLength | undefined {
  const wanted = column.metadata?.maxlength;
  if (wanted === undefined) {
    const declared = /^(?:var)?char\((\d+)\)$/i.exec(String(column.metadata?.__CHAR_VARCHAR_TYPE_STRING ?? ''));
    if (declared) return Number(declared[1]);
    return column.type.kind === 'string' || column.type.kind === 'binary' ? column.type.length : undefined;
  }
  if (typeof wanted === 'string' && wanted.toLowerCase() === 'max') return 'max';
  const length = Number(wanted);
  if (Number.isInteger(length) && length > 0) return length;
  throw new CrossviewError(
    'COLUMN_LENGTH_INVALID',
    `Column "${column.name}" has the metadata maxlength = ${JSON.stringify(wanted)}.`,
    { hint: 'maxlength is a whole number of characters, or "max".', facts: { column: column.name } },
  );
}

type Options = Required<SqlTypeOptions>;
type ToSql = {
  readonly [K in ColumnKind]: (
    type: Extract<ColumnType, { readonly kind: K }>,
    column: Column,
    options: Options,
  ) => string;
};

const refused =
  (hint: string) =>
  (type: ColumnType, column: Column): never => {
    throw new UnsupportedColumnError(column.name, sparkTypeName(type), 'a dedicated SQL pool', hint);
  };

const text = (_type: ColumnType, column: Column, { stringLength }: Options): string =>
  `nvarchar(${lengthText(ownLength(column) ?? stringLength, longestString)})`;

/**
 * What a column becomes in a dedicated SQL pool when its Parquet is loaded. `byte` becomes `smallint`, because `tinyint` has no
 * negative numbers; what the pool does not have is loaded as text: intervals in Spark's own words, nested columns as JSON.
 */
const toSql: ToSql = {
  null: refused('Give the column a type: CAST(NULL AS STRING).'),
  boolean: () => 'bit',
  byte: () => 'smallint',
  short: () => 'smallint',
  integer: () => 'int',
  long: () => 'bigint',
  float: () => 'real',
  double: () => 'float(53)',
  decimal: (type, column) => {
    if (type.scale < 0 || type.precision > 38)
      return refused('Cast the column to a decimal of at most 38 digits with a scale of 0 or more.')(type, column);
    return `decimal(${type.precision},${type.scale})`;
  },
  string: text,
  binary: (_type, column, { binaryLength }) =>
    `varbinary(${lengthText(ownLength(column) ?? binaryLength, longestBinary)})`,
  date: () => 'date',
  time: refused('Cast the column to string.'),
  timestamp: () => 'datetime2(7)',
  timestampNtz: () => 'datetime2(7)',
  yearMonthInterval: text,
  dayTimeInterval: text,
  calendarInterval: refused('Cast the column to string.'),
  array: text,
  struct: text,
  map: text,
  variant: refused('Turn the column into text: to_json(column).'),
};

/**
 * The T-SQL type of a column.
 * @throws UnsupportedColumnError, CrossviewError `COLUMN_LENGTH_INVALID`, both naming the column.
 */
export function toSqlType(column: Column, options: SqlTypeOptions = {}): string {
  const filled: Options = {
    stringLength: options.stringLength ?? longestString,
    binaryLength: options.binaryLength ?? longestBinary,
  };
  const convert = toSql[column.type.kind] as (type: ColumnType, column: Column, options: Options) => string;
  return convert(column.type, column, filled);
}

/** The bytes a T-SQL type takes in a row by its definition, as PolyBase counts them; `undefined` for `(max)`. */
export function definedWidth(sqlType: string): number | undefined {
  const match = /^(\w+)(?:\((\w+)(?:,\s*\d+)?\))?$/.exec(sqlType.trim().toLowerCase());
  const [, name = '', size] = match ?? [];
  const fixed: Readonly<Record<string, number>> = {
    bit: 1,
    tinyint: 1,
    smallint: 2,
    int: 4,
    bigint: 8,
    real: 4,
    float: 8,
    date: 3,
    time: 5,
    datetime2: 8,
    datetime: 8,
    smalldatetime: 4,
    datetimeoffset: 10,
    money: 8,
    smallmoney: 4,
    uniqueidentifier: 16,
  };
  if (fixed[name] !== undefined) return fixed[name];
  if (size === 'max') return undefined;
  const digits = Number(size ?? (name === 'decimal' || name === 'numeric' ? 18 : 1));
  if (name === 'decimal' || name === 'numeric') return digits <= 9 ? 5 : digits <= 19 ? 9 : digits <= 28 ? 13 : 17;
  return name.startsWith('n') ? digits * 2 : digits;
}
