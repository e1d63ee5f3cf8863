import type { ColumnKind, ColumnType } from './column.js';
import { sparkTypeName } from './spark.js';
import { UnsupportedColumnError } from './unsupported-column-error.js';

/** The data types that a copy activity works with between source and sink. */
export type InterimType =
  | 'Boolean'
  | 'Sbyte'
  | 'Int16'
  | 'Int32'
  | 'Int64'
  | 'Single'
  | 'Double'
  | 'DateTime'
  | 'DateTimeOffset'
  | 'String'
  | 'Byte[]'
  | 'Decimal'
  | 'TimeSpan';

export type InterimVersion = '2.0' | '1.0';

/** Spark → interim, version 2.0 then 1.0, as the table in Microsoft's "Copy data from Spark" has it; `undefined`: not supported. */
const interim: Readonly<Record<ColumnKind, readonly [InterimType | undefined, InterimType | undefined]>> = {
  null: [undefined, undefined],
  boolean: ['Boolean', 'Boolean'],
  byte: ['Sbyte', 'Int16'],
  short: ['Int16', 'Int16'],
  integer: ['Int32', 'Int32'],
  long: ['Int64', 'Int64'],
  float: ['Single', 'Single'],
  double: ['Double', 'Double'],
  date: ['DateTime', 'DateTime'],
  time: [undefined, undefined],
  timestamp: ['DateTimeOffset', 'DateTime'],
  timestampNtz: ['DateTime', 'DateTime'],
  string: ['String', 'String'],
  binary: ['Byte[]', 'Byte[]'],
  decimal: ['Decimal', 'Decimal'],
  array: ['String', 'String'],
  struct: ['String', 'String'],
  map: ['String', 'String'],
  yearMonthInterval: ['String', undefined],
  dayTimeInterval: ['String', undefined],
  calendarInterval: [undefined, undefined],
  variant: [undefined, undefined],
};

/** @throws UnsupportedColumnError naming the column. */
export function toInterimType(column: string, type: ColumnType, version: InterimVersion = '2.0'): InterimType {
  const found = interim[type.kind][version === '2.0' ? 0 : 1];
  if (found === undefined)
    throw new UnsupportedColumnError(
      column,
      sparkTypeName(type),
      `a copy activity with Spark connector ${version}`,
      'Cast the column to string in the source query.',
    );
  return found;
}
