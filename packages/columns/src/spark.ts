import { CrossviewError, type Json } from '@crossview/contracts';
import type { Column, ColumnKind, ColumnType } from './column.js';
import { UnsupportedColumnError } from './unsupported-column-error.js';

type PlainKind = Exclude<
  ColumnKind,
  'decimal' | 'time' | 'array' | 'struct' | 'map' | 'yearMonthInterval' | 'dayTimeInterval'
>;

/** Spark's names in a schema's JSON (`DataType.typeName`), for the types that are one word. */
const plainNames: Record<PlainKind, string> = {
  null: 'void',
  boolean: 'boolean',
  byte: 'byte',
  short: 'short',
  integer: 'integer',
  long: 'long',
  float: 'float',
  double: 'double',
  string: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestampNtz: 'timestamp_ntz',
  calendarInterval: 'interval',
  variant: 'variant',
};

/** What `DESCRIBE`, `CAST` and error messages of Spark call them, where that is not the JSON name. */
const sqlNames: Partial<Record<ColumnKind, string>> = {
  byte: 'tinyint',
  short: 'smallint',
  integer: 'int',
  long: 'bigint',
};

const kindsByName = new Map<string, PlainKind>([
  ...(Object.entries(plainNames) as [PlainKind, string][]).map(([kind, name]) => [name, kind] as const),
  ['null', 'null'],
]);

const yearMonth = new Set(['year', 'month', 'year to month']);

function parseName(name: string, path: string): ColumnType {
  const kind = kindsByName.get(name);
  if (kind !== undefined) return { kind };
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(name);
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (name === 'decimal') return { kind: 'decimal', precision: 10, scale: 0 };
  const characters = /^(?:var)?char\((\d+)\)$/.exec(name);
  if (characters) return { kind: 'string', length: Number(characters[1]) };
  if (/^string collate /.test(name)) return { kind: 'string' };
  const time = /^time\((\d+)\)$/.exec(name);
  if (time) return { kind: 'time', scale: Number(time[1]) };
  const interval = /^interval (.+)$/.exec(name)?.[1];
  if (interval) return { kind: yearMonth.has(interval) ? 'yearMonthInterval' : 'dayTimeInterval', fields: interval };
  throw new UnsupportedColumnError(
    path,
    name,
    'Crossview',
    'Cast the column to a type that is known, for example string.',
  );
}

type JsonObject = { readonly [key: string]: Json };

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function parseType(json: Json | undefined, path: string): ColumnType {
  if (typeof json === 'string') return parseName(json, path);
  if (!isObject(json)) throw new CrossviewError('SCHEMA_INVALID', `The type of column "${path}" is not a Spark type.`);
  if (json.type === 'array')
    return {
      kind: 'array',
      element: parseType(json.elementType, `${path}.element`),
      containsNull: json.containsNull !== false,
    };
  if (json.type === 'map')
    return {
      kind: 'map',
      key: parseType(json.keyType, `${path}.key`),
      value: parseType(json.valueType, `${path}.value`),
      valueContainsNull: json.valueContainsNull !== false,
    };
  if (json.type === 'struct') return { kind: 'struct', fields: parseFields(json, path) };
  if (json.type === 'udt') return parseType(json.sqlType, path);
  throw new CrossviewError('SCHEMA_INVALID', `The type of column "${path}" is not a Spark type.`);
}

function parseFields(json: JsonObject, path: string): Column[] {
  if (!Array.isArray(json.fields))
    throw new CrossviewError('SCHEMA_INVALID', 'A Spark schema is a struct with a list of fields.');
  return json.fields.map((field: Json): Column => {
    if (!isObject(field) || typeof field.name !== 'string')
      throw new CrossviewError('SCHEMA_INVALID', `A field${path === '' ? '' : ` of "${path}"`} has no name.`);
    const type = parseType(field.type, path === '' ? field.name : `${path}.${field.name}`);
    const metadata = isObject(field.metadata) ? field.metadata : {};
    const nullable = field.nullable !== false;
    return Object.keys(metadata).length === 0
      ? { name: field.name, type, nullable }
      : { name: field.name, type, nullable, metadata };
  });
}

/**
 * The columns of a Spark schema (`StructType.json`).
 * @throws UnsupportedColumnError naming the column; CrossviewError `SCHEMA_INVALID`.
 */
export function fromSparkSchema(text: string): Column[] {
  const json = JSON.parse(text) as Json;
  if (!isObject(json)) throw new CrossviewError('SCHEMA_INVALID', 'A Spark schema is a struct with a list of fields.');
  return parseFields(json, '');
}

function typeToJson(type: ColumnType): Json {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${Math.min(type.scale, 6)})`;
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return `interval ${type.fields}`;
    case 'array':
      return { type: 'array', elementType: typeToJson(type.element), containsNull: type.containsNull };
    case 'map':
      return {
        type: 'map',
        keyType: typeToJson(type.key),
        valueType: typeToJson(type.value),
        valueContainsNull: type.valueContainsNull,
      };
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldToJson) };
    default:
      return plainNames[type.kind];
  }
}

function fieldToJson(column: Column): Json {
  return {
    name: column.name,
    type: typeToJson(column.type),
    nullable: column.nullable,
    metadata: column.metadata ?? {},
  };
}

/** A Spark schema (`StructType.json`). Lengths of strings are not kept: Spark's strings have none. */
export function toSparkSchema(columns: readonly Column[]): string {
  return JSON.stringify({ type: 'struct', fields: columns.map(fieldToJson) });
}

/** Spark's short name of a type, as `CAST` and `DESCRIBE` write it: `bigint`, `array<int>`. */
export function sparkTypeName(type: ColumnType): string {
  switch (type.kind) {
    case 'array':
      return `array<${sparkTypeName(type.element)}>`;
    case 'map':
      return `map<${sparkTypeName(type.key)},${sparkTypeName(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}:${sparkTypeName(field.type)}`).join(',')}>`;
    default:
      return sqlNames[type.kind] ?? (typeToJson(type) as string);
  }
}
