import { CrossviewError } from '@crossview/contracts';
import type { ColumnType } from './column.js';
import { UnsupportedColumnError } from './unsupported-column-error.js';

/** The types that a table of a dedicated SQL pool can have. */
export const sqlTypeNames = [
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'real',
  'float',
  'decimal',
  'numeric',
  'money',
  'smallmoney',
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
  'sysname',
  'binary',
  'varbinary',
  'uniqueidentifier',
] as const;

export type SqlTypeName = (typeof sqlTypeNames)[number];

/** A column as `sys.columns` describes it. `maxLength` counts bytes, -1 is `(max)`. */
export interface SqlColumn {
  readonly name: string;
  readonly type: string;
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  readonly nullable: boolean;
}

type Reading = (column: SqlColumn) => ColumnType;

const characters =
  (bytesEach: number): Reading =>
  ({ maxLength }) =>
    maxLength < 0 ? { kind: 'string' } : { kind: 'string', length: maxLength / bytesEach };
const bytes: Reading = ({ maxLength }) => (maxLength < 0 ? { kind: 'binary' } : { kind: 'binary', length: maxLength });
const decimal: Reading = ({ precision, scale }) => ({ kind: 'decimal', precision, scale });
const wallClock: Reading = () => ({ kind: 'timestampNtz' });

/** The meaning of each T-SQL type. `tinyint` goes to 255, so it is a `short`; `datetime2(7)` loses its last digit, 100 ns. */
export const sqlTypes: Readonly<Record<SqlTypeName, Reading>> = {
  bit: () => ({ kind: 'boolean' }),
  tinyint: () => ({ kind: 'short' }),
  smallint: () => ({ kind: 'short' }),
  int: () => ({ kind: 'integer' }),
  bigint: () => ({ kind: 'long' }),
  real: () => ({ kind: 'float' }),
  float: ({ precision }) => ({ kind: precision > 0 && precision <= 24 ? 'float' : 'double' }),
  decimal,
  numeric: decimal,
  money: () => ({ kind: 'decimal', precision: 19, scale: 4 }),
  smallmoney: () => ({ kind: 'decimal', precision: 10, scale: 4 }),
  date: () => ({ kind: 'date' }),
  time: ({ scale }) => ({ kind: 'time', scale }),
  datetime: wallClock,
  datetime2: wallClock,
  smalldatetime: wallClock,
  datetimeoffset: () => ({ kind: 'timestamp' }),
  char: characters(1),
  varchar: characters(1),
  nchar: characters(2),
  nvarchar: characters(2),
  sysname: () => ({ kind: 'string', length: 128 }),
  binary: bytes,
  varbinary: bytes,
  uniqueidentifier: () => ({ kind: 'string', length: 36 }),
};

export function isSqlTypeName(name: string): name is SqlTypeName {
  return (sqlTypeNames as readonly string[]).includes(name);
}

/** @throws UnsupportedColumnError naming the column, for `geography`, `hierarchyid` and what else is not in `sqlTypeNames`. */
export function fromSqlColumn(column: SqlColumn): ColumnType {
  const name = column.type.toLowerCase();
  if (!isSqlTypeName(name))
    throw new UnsupportedColumnError(
      column.name,
      column.type,
      'Crossview',
      `Read by a query that casts it: SELECT CAST([${column.name.replaceAll(']', ']]')}] AS nvarchar(4000)) …`,
    );
  return sqlTypes[name](column);
}

/** A type's text, `decimal(18,2)`, `nvarchar(max)`. @throws CrossviewError `SQL_TYPE_INVALID`. */
export function sqlColumnText(column: SqlColumn): string {
  const name = column.type.toLowerCase();
  if (name === 'decimal' || name === 'numeric') return `${name}(${column.precision},${column.scale})`;
  if (['time', 'datetime2', 'datetimeoffset'].includes(name)) return `${name}(${column.scale})`;
  if (name === 'float') return `float(${column.precision || 53})`;
  if (['char', 'varchar', 'binary', 'varbinary', 'nchar', 'nvarchar'].includes(name)) {
    const each = name.startsWith('n') ? 2 : 1;
    return `${name}(${column.maxLength < 0 ? 'max' : column.maxLength / each})`;
  }
  if (!/^\w+$/.test(name))
    throw new CrossviewError('SQL_TYPE_INVALID', `"${column.type}" is not the name of a T-SQL type.`);
  return name;
}
