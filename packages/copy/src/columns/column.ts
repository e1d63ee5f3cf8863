import { CrossviewError } from '@crossview/contracts';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { parseSparkType, type SparkKind, type SparkType } from './spark-type.js';

/** Versions of the Spark linked service; they differ in how types are mapped. */
export type ConnectorVersion = '1.0' | '2.0';

/** Data Factory's interim types, as far as a Spark source gives them. */
export type InterimType =
  | 'Boolean'
  | 'SByte'
  | 'Int16'
  | 'Int32'
  | 'Int64'
  | 'Single'
  | 'Double'
  | 'DateTime'
  | 'DateTimeOffset'
  | 'String'
  | 'Byte[]'
  | 'Decimal';

/** The seed's table "Data type mapping for Spark", both columns; `undefined` is "Not supported". */
const interimTypes: Readonly<Record<SparkKind, Readonly<Record<ConnectorVersion, InterimType | undefined>>>> = {
  boolean: { '2.0': 'Boolean', '1.0': 'Boolean' },
  tinyint: { '2.0': 'SByte', '1.0': 'Int16' },
  smallint: { '2.0': 'Int16', '1.0': 'Int16' },
  int: { '2.0': 'Int32', '1.0': 'Int32' },
  bigint: { '2.0': 'Int64', '1.0': 'Int64' },
  float: { '2.0': 'Single', '1.0': 'Single' },
  double: { '2.0': 'Double', '1.0': 'Double' },
  date: { '2.0': 'DateTime', '1.0': 'DateTime' },
  timestamp: { '2.0': 'DateTimeOffset', '1.0': 'DateTime' },
  timestamp_ntz: { '2.0': 'DateTime', '1.0': 'DateTime' },
  string: { '2.0': 'String', '1.0': 'String' },
  binary: { '2.0': 'Byte[]', '1.0': 'Byte[]' },
  decimal: { '2.0': 'Decimal', '1.0': 'Decimal' },
  array: { '2.0': 'String', '1.0': 'String' },
  struct: { '2.0': 'String', '1.0': 'String' },
  map: { '2.0': 'String', '1.0': 'String' },
  'year-month interval': { '2.0': 'String', '1.0': undefined },
  'day-time interval': { '2.0': 'String', '1.0': undefined },
  void: { '2.0': 'String', '1.0': 'String' },
  other: { '2.0': undefined, '1.0': undefined },
};

/** What the rows are for: sinks of Data Factory take interim types, a temp view takes Spark's own. */
export type Destination = 'interim' | 'view';

export interface SourceColumn {
  readonly name: string;
  /** In Spark's words: `decimal(18,2)`, `timestamp_ntz`. */
  readonly sparkType: string;
  readonly kind: SparkKind;
  readonly interim: InterimType;
  /** How the values lie in the Arrow batches. */
  readonly arrow: DataType;
}

export interface SourceColumnOptions {
  readonly version: ConnectorVersion;
  readonly destination: Destination;
  /** The session's time zone: the offset that a DateTimeOffset is shown with. */
  readonly timeZone: string;
}

/**
 * @param fields names and types as `DESCRIBE` gives them.
 * @throws CrossviewError `COPY_TYPE_NOT_SUPPORTED` naming every column that the version cannot copy.
 */
export function sourceColumns(
  fields: readonly { readonly name: string; readonly type: string }[],
  options: SourceColumnOptions,
): SourceColumn[] {
  const refused: string[] = [];
  const columns: SourceColumn[] = [];
  for (const { name, type } of fields) {
    const spark = parseSparkType(type);
    const interim = interimTypes[spark.kind][options.version];
    if (interim === undefined) refused.push(`${name} (${type})`);
    else columns.push({ name, sparkType: type, kind: spark.kind, interim, arrow: arrowType(spark, interim, options) });
  }
  if (refused.length > 0)
    throw new CrossviewError(
      'COPY_TYPE_NOT_SUPPORTED',
      `version ${options.version} of the Spark connector does not support the type of ${refused.join(', ')}`,
      {
        hint: 'Cast these columns in the query, CAST(c AS STRING); intervals need version 2.0 of the linked service.',
        facts: { columns: refused.join(', '), version: options.version },
      },
    );
  return columns;
}

function arrowType(spark: SparkType, interim: InterimType, { destination, timeZone }: SourceColumnOptions): DataType {
  if (destination === 'view') {
    if (spark.kind === 'date') return new DateDay();
    if (spark.kind === 'timestamp') return new TimestampMicrosecond(timeZone);
    if (spark.kind === 'tinyint') return new Int8();
  }
  return arrowOfInterim(interim, spark.precision, spark.scale, timeZone);
}

export function arrowOfInterim(interim: InterimType, precision = 38, scale = 18, timeZone = 'UTC'): DataType {
  const types: Readonly<Record<InterimType, () => DataType>> = {
    Boolean: () => new Bool(),
    SByte: () => new Int8(),
    Int16: () => new Int16(),
    Int32: () => new Int32(),
    Int64: () => new Int64(),
    Single: () => new Float32(),
    Double: () => new Float64(),
    DateTime: () => new TimestampMicrosecond(),
    DateTimeOffset: () => new TimestampMicrosecond(timeZone),
    String: () => new Utf8(),
    'Byte[]': () => new Binary(),
    Decimal: () => new Decimal(scale, precision, 128),
  };
  return types[interim]();
}
