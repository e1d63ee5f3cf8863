import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  DurationMicrosecond,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalUnit,
  IntervalYearMonth,
  List,
  Map_,
  Null,
  Precision,
  Schema,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  Type,
  Utf8,
} from 'apache-arrow';
import type { Column, ColumnKind, ColumnType } from './column.js';
import { UnsupportedColumnError } from './unsupported-column-error.js';

type OfKind<K extends ColumnKind> = Extract<ColumnType, { readonly kind: K }>;
type ToArrow = { readonly [K in ColumnKind]: (type: OfKind<K>, path: string) => DataType };

const castIt = 'Cast the column to string, or leave it out.';

/** The Arrow types that Spark, pandas and the pool's client all exchange. */
const toArrowTypes: ToArrow = {
  null: () => new Null(),
  boolean: () => new Bool(),
  byte: () => new Int8(),
  short: () => new Int16(),
  integer: () => new Int32(),
  long: () => new Int64(),
  float: () => new Float32(),
  double: () => new Float64(),
  decimal: ({ precision, scale }) => new Decimal(scale, precision, 128),
  string: () => new Utf8(),
  binary: () => new Binary(),
  date: () => new DateDay(),
  time: () => new TimeMicrosecond(),
  timestamp: () => new TimestampMicrosecond('UTC'),
  timestampNtz: () => new TimestampMicrosecond(),
  yearMonthInterval: () => new IntervalYearMonth(),
  dayTimeInterval: () => new DurationMicrosecond(),
  calendarInterval: (_type, path) => {
    throw new UnsupportedColumnError(path, 'interval', 'the Arrow exchange', castIt);
  },
  array: ({ element, containsNull }, path) =>
    new List(new Field('element', toArrowType(element, `${path}.element`), containsNull)),
  struct: ({ fields }, path) => new Struct(fields.map((field) => toField(field, path))),
  map: ({ key, value, valueContainsNull }, path) =>
    new Map_(
      new Field(
        'entries',
        new Struct<{ key: DataType; value: DataType }>([
          new Field('key', toArrowType(key, `${path}.key`), false),
          new Field('value', toArrowType(value, `${path}.value`), valueContainsNull),
        ]),
        false,
      ),
    ),
  variant: (_type, path) => {
    throw new UnsupportedColumnError(path, 'variant', 'the Arrow exchange', castIt);
  },
};

function toArrowType(type: ColumnType, path: string): DataType {
  return (toArrowTypes[type.kind] as (type: ColumnType, path: string) => DataType)(type, path);
}

function toField(column: Column, parent: string): Field {
  const path = parent === '' ? column.name : `${parent}.${column.name}`;
  return new Field(column.name, toArrowType(column.type, path), column.nullable);
}

/** @throws UnsupportedColumnError naming the column. */
export function toArrowSchema(columns: readonly Column[]): Schema {
  return new Schema(columns.map((column) => toField(column, '')));
}

const refuse =
  (what: string) =>
  (_type: DataType, path: string): never => {
    throw new UnsupportedColumnError(path, what, 'Spark', castIt);
  };

type FromArrow = (type: never, path: string) => ColumnType;

const signedBits: Readonly<Record<number, ColumnType>> = {
  8: { kind: 'byte' },
  16: { kind: 'short' },
  32: { kind: 'integer' },
  64: { kind: 'long' },
};
/** An unsigned number needs the next wider signed one. */
const unsignedBits: Readonly<Record<number, ColumnType>> = {
  8: { kind: 'short' },
  16: { kind: 'integer' },
  32: { kind: 'long' },
  64: { kind: 'decimal', precision: 20, scale: 0 },
};

function entry(type: DataType, index: number, path: string): ColumnType {
  const child = type.children[index];
  if (child === undefined) throw new UnsupportedColumnError(path, String(type), 'Spark', castIt);
  return fromArrowType(child.type as DataType, `${path}.${child.name}`);
}

const list = (type: DataType, path: string): ColumnType => ({
  kind: 'array',
  element: entry(type, 0, path),
  containsNull: (type.children[0] as Field).nullable,
});

/** By Arrow's `typeId`. */
const fromArrowTypes: ReadonlyMap<Type, FromArrow> = new Map<Type, FromArrow>([
  [Type.Null, () => ({ kind: 'null' })],
  [Type.Bool, () => ({ kind: 'boolean' })],
  [Type.Int, (type: Int64) => (type.isSigned ? signedBits : unsignedBits)[type.bitWidth] as ColumnType],
  [Type.Float, (type: Float64) => ({ kind: type.precision === Precision.DOUBLE ? 'double' : 'float' })],
  [Type.Utf8, () => ({ kind: 'string' })],
  [Type.LargeUtf8, () => ({ kind: 'string' })],
  [Type.Utf8View, () => ({ kind: 'string' })],
  [Type.BinaryView, () => ({ kind: 'binary' })],
  [Type.Binary, () => ({ kind: 'binary' })],
  [Type.LargeBinary, () => ({ kind: 'binary' })],
  [Type.FixedSizeBinary, (type: { byteWidth: number }) => ({ kind: 'binary', length: type.byteWidth })],
  [
    Type.Decimal,
    (type: Decimal, path) =>
      type.precision > 38
        ? refuse(`decimal(${type.precision},${type.scale})`)(type, path)
        : { kind: 'decimal', precision: type.precision, scale: type.scale },
  ],
  [Type.Date, () => ({ kind: 'date' })],
  [Type.Time, (type: { unit: number }) => ({ kind: 'time', scale: ([0, 3, 6, 9] as const)[type.unit] ?? 6 })],
  [Type.Timestamp, (type: { timezone?: string | null }) => ({ kind: type.timezone ? 'timestamp' : 'timestampNtz' })],
  [
    Type.Interval,
    (type: { unit: IntervalUnit } & DataType, path): ColumnType =>
      type.unit === IntervalUnit.YEAR_MONTH
        ? { kind: 'yearMonthInterval', fields: 'year to month' }
        : type.unit === IntervalUnit.DAY_TIME
          ? { kind: 'dayTimeInterval', fields: 'day to second' }
          : refuse('interval month-day-nano')(type, path),
  ],
  [Type.Duration, () => ({ kind: 'dayTimeInterval', fields: 'day to second' })],
  [Type.List, list],
  [Type.LargeList, list],
  [Type.FixedSizeList, list],
  [
    Type.Struct,
    (type: Struct, path): ColumnType => ({
      kind: 'struct',
      fields: type.children.map((child) => fromField(child, path)),
    }),
  ],
  [
    Type.Map,
    (type: Map_, path): ColumnType => {
      const entries = (type.children[0] as Field).type as Struct;
      return {
        kind: 'map',
        key: entry(entries, 0, path),
        value: entry(entries, 1, path),
        valueContainsNull: (entries.children[1] as Field).nullable,
      };
    },
  ],
  [Type.Dictionary, (type: { dictionary: DataType }, path) => fromArrowType(type.dictionary, path)],
  [Type.Union, refuse('union')],
]);

function fromArrowType(type: DataType, path: string): ColumnType {
  const convert = fromArrowTypes.get(type.typeId) ?? refuse(String(type));
  return convert(type as never, path);
}

function fromField(field: Field, parent: string): Column {
  const path = parent === '' ? field.name : `${parent}.${field.name}`;
  return { name: field.name, type: fromArrowType(field.type as DataType, path), nullable: field.nullable };
}

/** The columns of an Arrow schema; a dictionary is what its values are. @throws UnsupportedColumnError naming the column. */
export function fromArrowSchema(schema: Schema): Column[] {
  return schema.fields.map((field) => fromField(field, ''));
}
