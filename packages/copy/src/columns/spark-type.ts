/** Spark's types, as far as a copy tells them apart. */
export type SparkKind =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'string'
  | 'binary'
  | 'decimal'
  | 'array'
  | 'struct'
  | 'map'
  | 'year-month interval'
  | 'day-time interval'
  | 'void'
  | 'other';

export interface SparkType {
  readonly kind: SparkKind;
  readonly precision?: number;
  readonly scale?: number;
}

const plain = new Set<string>([
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'date',
  'timestamp',
  'timestamp_ntz',
  'string',
  'binary',
  'void',
]);

/** Reads a type as `DESCRIBE` writes it. What is not in the connector's table is `other`. */
export function parseSparkType(text: string): SparkType {
  const type = text.trim().toLowerCase();
  if (plain.has(type)) return { kind: type as SparkKind };
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(type);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (/^(var)?char\(\d+\)$/.test(type) || type.startsWith('string collate')) return { kind: 'string' };
  if (type.startsWith('array<')) return { kind: 'array' };
  if (type.startsWith('struct<')) return { kind: 'struct' };
  if (type.startsWith('map<')) return { kind: 'map' };
  if (/^interval (year|month)( to month)?$/.test(type)) return { kind: 'year-month interval' };
  if (/^interval (day|hour|minute|second)( to (hour|minute|second))?$/.test(type)) return { kind: 'day-time interval' };
  return { kind: 'other' };
}
