import type { ColumnKind, ColumnType } from './column.js';

type OfKind<K extends ColumnKind> = Extract<ColumnType, { readonly kind: K }>;
type ToParquet = { readonly [K in ColumnKind]: (type: OfKind<K>) => string };

const decimalBytes = (precision: number): number => Math.ceil((Math.log2(10 ** precision) + 1) / 8);

/**
 * The Parquet type (physical, logical) that Spark writes for synapsesql: timestamps as INT96, because a dedicated pool reads no
 * MICROS; what has no Parquet type of the pool's is text by then.
 */
const toParquet: ToParquet = {
  null: () => 'INT32 (UNKNOWN)',
  boolean: () => 'BOOLEAN',
  byte: () => 'INT32 (INT(8,true))',
  short: () => 'INT32 (INT(16,true))',
  integer: () => 'INT32',
  long: () => 'INT64',
  float: () => 'FLOAT',
  double: () => 'DOUBLE',
  decimal: ({ precision, scale }) => {
    const physical =
      precision <= 9 ? 'INT32' : precision <= 18 ? 'INT64' : `FIXED_LEN_BYTE_ARRAY(${decimalBytes(precision)})`;
    return `${physical} (DECIMAL(${precision},${scale}))`;
  },
  string: () => 'BINARY (STRING)',
  binary: () => 'BINARY',
  date: () => 'INT32 (DATE)',
  time: () => 'INT64 (TIME(MICROS))',
  timestamp: () => 'INT96',
  timestampNtz: () => 'INT64 (TIMESTAMP(MICROS,false))',
  yearMonthInterval: () => 'INT32',
  dayTimeInterval: () => 'INT64',
  calendarInterval: () => 'none',
  array: ({ element }) => `LIST<${toParquetType(element)}>`,
  struct: ({ fields }) => `GROUP<${fields.map((field) => toParquetType(field.type)).join(', ')}>`,
  map: ({ key, value }) => `MAP<${toParquetType(key)}, ${toParquetType(value)}>`,
  variant: () => 'GROUP (VARIANT)',
};

export function toParquetType(type: ColumnType): string {
  return (toParquet[type.kind] as (type: ColumnType) => string)(type);
}

/** Kinds that Spark's Parquet cannot hand to the pool as they are, and the Spark SQL that makes them fit. `column` is a quoted name. */
const conversions: { readonly [K in ColumnKind]: ((column: string, type: ColumnType) => string) | undefined } = {
  null: undefined,
  boolean: undefined,
  byte: (column) => `CAST(${column} AS SMALLINT)`,
  short: undefined,
  integer: undefined,
  long: undefined,
  float: undefined,
  double: undefined,
  decimal: undefined,
  string: undefined,
  binary: undefined,
  date: undefined,
  time: undefined,
  timestamp: undefined,
  // The wall clock becomes the instant with the same digits in UTC, by arithmetic: a cast would use the session's zone and
  // move the hours that its summer time skips.
  timestampNtz: (column) =>
    `timestamp_micros(unix_date(CAST(${column} AS DATE)) * 86400000000L + hour(${column}) * 3600000000L` +
    ` + minute(${column}) * 60000000L + CAST(extract(SECOND FROM ${column}) * 1000000 AS BIGINT))`,
  yearMonthInterval: (column) => `CAST(${column} AS STRING)`,
  dayTimeInterval: (column) => `CAST(${column} AS STRING)`,
  calendarInterval: undefined,
  array: (column) => `to_json(${column})`,
  struct: (column) => `to_json(${column})`,
  map: (column) => `to_json(${column})`,
  variant: undefined,
};

/** The Spark SQL expression that makes a column loadable, or `undefined` when it is as it is. */
export function loadableExpression(column: string, type: ColumnType): string | undefined {
  return conversions[type.kind]?.(column, type);
}

/** The type a column has after `loadableExpression`. */
export function loadableType(type: ColumnType): ColumnType {
  if (type.kind === 'byte') return { kind: 'short' };
  if (type.kind === 'timestampNtz') return { kind: 'timestamp' };
  return conversions[type.kind] === undefined ? type : { kind: 'string' };
}
