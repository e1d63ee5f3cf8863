import { CrossviewError } from '@crossview/contracts';
import { type DataType, type Decimal, Field, type RecordBatch, Schema, Type } from 'apache-arrow';
import { arrowOfInterim, type InterimType, type SourceColumn } from '../columns/column.js';
import type { Translator } from '../documents/activities.js';
import { formatDateTime } from '../expressions/date-time.js';
import type { SinkColumn } from '../sinks/sink.js';
import { batchOf, buildColumn, takeRows } from '../values/build-column.js';
import { cellText } from '../values/cell-text.js';
import { columnReader, scaleOf } from '../values/column-values.js';
import { ConversionError, type ConversionSettings, canConvert, convertValue } from '../values/convert.js';

/** A row that cannot be brought into the sink's types. */
export interface SkippedRow {
  readonly values: readonly string[];
  readonly message: string;
}

interface MappedColumn extends SinkColumn {
  readonly from: number;
  readonly source: SourceColumn;
  readonly arrow: DataType;
  readonly converts: boolean;
}

/** Names that a mapping may use for an interim type, and the type that carries it. */
const typeNames: ReadonlyMap<string, InterimType> = new Map<string, InterimType>(
  Object.entries({
    boolean: 'Boolean',
    sbyte: 'SByte',
    byte: 'Int16',
    int16: 'Int16',
    uint16: 'Int32',
    int32: 'Int32',
    uint32: 'Int64',
    int64: 'Int64',
    single: 'Single',
    double: 'Double',
    decimal: 'Decimal',
    datetime: 'DateTime',
    datetimeoffset: 'DateTimeOffset',
    string: 'String',
    guid: 'String',
    timespan: 'String',
    'byte[]': 'Byte[]',
  } satisfies Record<string, InterimType>),
);

/** Columns of the source put into columns of the sink, as the translator says; without one, each under its own name. */
export class ColumnMapping {
  readonly columns: readonly MappedColumn[];
  readonly schema: Schema;
  readonly #settings: ConversionSettings;

  /** @throws CrossviewError `COPY_MAPPING_INVALID` listing every mapping that cannot be. */
  constructor(source: readonly SourceColumn[], translator: Translator | undefined, timeZone: string) {
    const given = translator?.typeConversionSettings;
    const format = given?.dateTimeFormat;
    this.#settings = {
      allowDataTruncation: given?.allowDataTruncation ?? true,
      treatBooleanAsNumber: given?.treatBooleanAsNumber ?? false,
      timeZone,
      dateTime: format === undefined ? undefined : (micros) => formatDateTime(Number(micros / 1_000n), format),
    };
    const problems: string[] = [];
    this.columns = mappingsOf(translator, source).flatMap(({ from, name, type }, index) => {
      const at = typeof from === 'number' ? from - 1 : source.findIndex((column) => column.name === from);
      const column = source[at];
      const interim = type === undefined ? column?.interim : typeNames.get(type.toLowerCase());
      if (column === undefined) {
        const close = source.find(({ name: other }) => other.toLowerCase() === String(from).toLowerCase());
        problems.push(
          `mappings[${index}]: the source has no column ${JSON.stringify(from)}${close ? `, but ${close.name}: names are case-sensitive` : ''}`,
        );
        return [];
      }
      if (interim === undefined) {
        problems.push(`mappings[${index}]: ${type} is no interim type`);
        return [];
      }
      if (!canConvert(column.interim, interim, this.#settings)) {
        problems.push(`mappings[${index}]: ${column.interim} (column ${column.name}) cannot become ${interim}`);
        return [];
      }
      const converts = interim !== column.interim;
      return [
        {
          name,
          interim,
          from: at,
          source: column,
          converts,
          arrow: converts ? arrowOfInterim(interim, 38, 18, timeZone) : column.arrow,
        },
      ];
    });
    const seen = new Set<string>();
    for (const { name } of this.columns) {
      if (seen.has(name)) problems.push(`two columns are to be named ${name}: give mappings or name them in the query`);
      seen.add(name);
    }
    if (problems.length > 0)
      throw new CrossviewError('COPY_MAPPING_INVALID', `the columns cannot be mapped:\n  ${problems.join('\n  ')}`, {
        hint: `The source has ${source.map(({ name, interim }) => `${name} (${interim})`).join(', ')}.`,
        facts: { count: problems.length },
      });
    this.schema = new Schema(this.columns.map(({ name, arrow }) => new Field(name, arrow, true)));
  }

  /**
   * @param skip takes rows that cannot be converted; without it the first one ends the copy.
   * @throws CrossviewError `COPY_VALUE_INCOMPATIBLE` naming column, row and value's type.
   */
  apply(batch: RecordBatch, firstRow: number, skip: ((row: SkippedRow) => void) | undefined): RecordBatch {
    const bad = new Map<number, string>();
    const children = this.columns.map((column) => {
      const data = batch.data.children[column.from]!;
      if (!column.converts) return data;
      const read = columnReader(data);
      const from = { interim: column.source.interim, scale: scaleOf(data.type) };
      const to = {
        interim: column.interim,
        scale: scaleOf(column.arrow),
        precision: column.arrow.typeId === Type.Decimal ? (column.arrow as unknown as Decimal).precision : 38,
      };
      const values = Array.from({ length: batch.numRows }, (_, row) => {
        const value = read(row);
        if (value === null) return null;
        try {
          return convertValue(value, from, to, this.#settings);
        } catch (error) {
          if (!(error instanceof ConversionError)) throw error;
          const message = `Column '${column.source.name}' cannot be converted from ${column.source.interim} to ${column.interim}: ${error.message}`;
          if (!skip)
            throw new CrossviewError('COPY_VALUE_INCOMPATIBLE', `row ${firstRow + row + 1}: ${message}`, {
              hint: 'Convert it in the query, or leave such rows out by enableSkipIncompatibleRow.',
              facts: { column: column.source.name, row: firstRow + row + 1 },
            });
          if (!bad.has(row)) bad.set(row, message);
          return null;
        }
      });
      return buildColumn(column.arrow, values);
    });
    const mapped = batchOf(this.schema, children, batch.numRows);
    if (bad.size === 0) return mapped;
    const texts = this.columns.map(({ from, source }) => {
      const data = batch.data.children[from]!;
      const read = columnReader(data);
      return (row: number) => {
        const value = read(row);
        return value === null ? '' : cellText(value, source.interim, scaleOf(data.type), this.#settings);
      };
    });
    for (const [row, message] of bad) skip?.({ values: texts.map((text) => text(row)), message });
    const keep = Array.from({ length: batch.numRows }, (_, row) => row).filter((row) => !bad.has(row));
    return takeRows(mapped, keep);
  }
}

/** The three spellings of a mapping: `mappings`, and the older `columnMappings` and `schemaMapping`. */
function mappingsOf(
  translator: Translator | undefined,
  source: readonly SourceColumn[],
): { from: string | number; name: string; type: string | undefined }[] {
  if (translator?.mappings !== undefined)
    return translator.mappings.map(({ source: from, sink }) => {
      const given = from.name ?? from.ordinal ?? from.path ?? '';
      const ordinal = sink.ordinal === undefined ? undefined : `Prop_${sink.ordinal - 1}`;
      return { from: given, name: sink.name ?? sink.path ?? ordinal ?? String(given), type: sink.type };
    });
  const older = translator?.columnMappings ?? translator?.schemaMapping;
  if (older === undefined)
    return source
      .map(({ name }) => ({ from: name, name, type: undefined }))
      .map((item, index) => ({ ...item, from: index + 1 }));
  const pairs =
    typeof older === 'string'
      ? older.split(',').map((pair) => pair.split(':').map((part) => part.trim()) as [string, string])
      : Object.entries(older);
  return pairs.map(([from, name]) => ({ from, name: name || from, type: undefined }));
}
