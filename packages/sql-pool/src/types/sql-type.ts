/** The names of the types a dedicated SQL pool has. */
export const sqlTypeNames = [
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'decimal',
  'numeric',
  'money',
  'smallmoney',
  'float',
  'real',
  'date',
  'time',
  'datetime',
  'datetime2',
  'smalldatetime',
  'datetimeoffset',
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'binary',
  'varbinary',
  'uniqueidentifier',
] as const;

export type SqlTypeName = (typeof sqlTypeNames)[number];

/** Length of the `(max)` types. */
export const max = -1;

/** A declared type. `length` counts characters (bytes for binary types), {@link max} for `(max)`; `scale` also counts fractional digits of seconds. */
export interface SqlType {
  readonly name: SqlTypeName;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
}

export type SqlTypeFamily =
  | 'bit'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'date'
  | 'time'
  | 'moment'
  | 'string'
  | 'binary'
  | 'guid';

const families: Record<SqlTypeName, SqlTypeFamily> = {
  bit: 'bit',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  money: 'decimal',
  smallmoney: 'decimal',
  float: 'float',
  real: 'float',
  date: 'date',
  time: 'time',
  datetime: 'moment',
  datetime2: 'moment',
  smalldatetime: 'moment',
  datetimeoffset: 'moment',
  char: 'string',
  varchar: 'string',
  nchar: 'string',
  nvarchar: 'string',
  binary: 'binary',
  varbinary: 'binary',
  uniqueidentifier: 'guid',
};

export function familyOf(type: SqlType): SqlTypeFamily {
  return families[type.name];
}

export function isString(type: SqlType | undefined): boolean {
  return type !== undefined && families[type.name] === 'string';
}

export function isNumeric(type: SqlType): boolean {
  const family = families[type.name];
  return family === 'integer' || family === 'decimal' || family === 'float' || family === 'bit';
}

export function isNational(type: SqlType): boolean {
  return type.name === 'nvarchar' || type.name === 'nchar';
}

/** Digits before and after the point when a number is taken as decimal (Transact-SQL "Precision, scale, and length"). */
export function decimalShape(type: SqlType): { precision: number; scale: number } {
  switch (type.name) {
    case 'bit':
      return { precision: 1, scale: 0 };
    case 'tinyint':
      return { precision: 3, scale: 0 };
    case 'smallint':
      return { precision: 5, scale: 0 };
    case 'int':
      return { precision: 10, scale: 0 };
    case 'bigint':
      return { precision: 19, scale: 0 };
    case 'money':
      return { precision: 19, scale: 4 };
    case 'smallmoney':
      return { precision: 10, scale: 4 };
    default:
      return { precision: type.precision ?? 18, scale: type.scale ?? 0 };
  }
}

/** As written in a declaration: `nvarchar(50)`, `decimal(18,2)`, `varchar(max)`. */
export function printType(type: SqlType): string {
  switch (type.name) {
    case 'decimal':
    case 'numeric':
      return `${type.name}(${type.precision ?? 18},${type.scale ?? 0})`;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return `${type.name}(${type.length === max ? 'max' : (type.length ?? 1)})`;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return `${type.name}(${type.scale ?? 7})`;
    default:
      return type.name;
  }
}

/**
 * Whether a type keeps 100 nanoseconds. DuckDB's dates and times end at the microsecond, so `datetime2(7)` is a number of 100
 * nanoseconds since the year 1 and `time(7)` since midnight. A `datetimeoffset` of any scale is such a number in UTC and its
 * offset in one HUGEINT, ordered by the instant (`dialect/translate/moment.ts`).
 */
export function isExact(type: SqlType): boolean {
  return (type.name === 'datetime2' || type.name === 'time') && (type.scale ?? 7) === 7;
}

/** The storage type in DuckDB. */
export function storageType(type: SqlType): string {
  switch (type.name) {
    case 'bit':
      return 'BOOLEAN';
    case 'tinyint':
      return 'UTINYINT';
    case 'smallint':
      return 'SMALLINT';
    case 'int':
      return 'INTEGER';
    case 'bigint':
      return 'BIGINT';
    case 'decimal':
    case 'numeric':
    case 'money':
    case 'smallmoney': {
      const { precision, scale } = decimalShape(type);
      return `DECIMAL(${precision},${scale})`;
    }
    case 'float':
      return 'DOUBLE';
    case 'real':
      return 'FLOAT';
    case 'date':
      return 'DATE';
    case 'time':
      return isExact(type) ? 'BIGINT' : 'TIME';
    case 'datetime2':
      return isExact(type) ? 'BIGINT' : 'TIMESTAMP';
    case 'datetime':
    case 'smalldatetime':
      return 'TIMESTAMP';
    case 'datetimeoffset':
      return 'HUGEINT';
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
      return 'VARCHAR';
    case 'binary':
    case 'varbinary':
      return 'BLOB';
    case 'uniqueidentifier':
      return 'UUID';
  }
}

export const int: SqlType = { name: 'int' };
export const bigint: SqlType = { name: 'bigint' };
export const bit: SqlType = { name: 'bit' };
export const float: SqlType = { name: 'float' };
export const date: SqlType = { name: 'date' };
export const datetime: SqlType = { name: 'datetime' };
export const datetime2: SqlType = { name: 'datetime2', scale: 7 };
export const guid: SqlType = { name: 'uniqueidentifier' };
export const sysname: SqlType = { name: 'nvarchar', length: 128 };
export const nvarchar = (length: number): SqlType => ({ name: 'nvarchar', length: length > 4000 ? max : length });
export const varchar = (length: number): SqlType => ({ name: 'varchar', length: length > 8000 ? max : length });
export const decimal = (precision: number, scale: number): SqlType => ({ name: 'decimal', precision, scale });
