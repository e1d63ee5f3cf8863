import type { TableColumn } from '../catalog/objects.js';
import type { OptionMap } from '../dialect/ast.js';
import { castTo } from '../dialect/translate/cast.js';
import { macro, quoteName, quoteText } from '../dialect/translate/quote.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { familyOf, isExact, max, printType, type SqlType, storageType } from '../types/sql-type.js';

export interface CsvOptions {
  readonly fieldTerminator: string;
  readonly rowTerminator: string | undefined;
  readonly quote: string;
  /** First line with data, 1-based. */
  readonly firstRow: number;
  readonly gzip: boolean;
  /** Nothing was said of compression: the names of the files tell. */
  readonly detect: boolean;
  readonly utf16: boolean;
  /** Empty fields become the type's default instead of NULL. */
  readonly useTypeDefault: boolean;
  readonly dateFormat: string | undefined;
}

/** `(SELECT …)` over local Parquet files, columns by position, converted to the declared types. */
export function parquetSource(files: readonly string[], columns: readonly TableColumn[]): string {
  const names = columns.map((_, index) => `c${index}`);
  const items = columns.map((column, index) => {
    const { type } = column;
    // BLOB of a text column written without the UTF8 mark stays BLOB: the check has refused it.
    const value = parquetValue(`f.c${index}`, type);
    return `${bounded(value, column, index)} AS ${quoteName(column.name)}`;
  });
  return `(SELECT ${items.join(', ')} FROM read_parquet([${files.map(quoteText).join(', ')}]) AS f(${names.join(', ')}))`;
}

/** A column of a Parquet file as the declared type is kept. */
function parquetValue(sql: string, type: SqlType): string {
  if (type.name === 'datetimeoffset')
    return castTo({ sql: `timezone('UTC', CAST(${sql} AS TIMESTAMPTZ))`, type: { name: 'datetime2', scale: 6 } }, type)
      .sql;
  if (!isExact(type)) return `CAST(${sql} AS ${storageType(type)})`;
  const six: SqlType = { name: type.name, scale: 6 };
  return castTo({ sql: `CAST(${sql} AS ${storageType(six)})`, type: six }, type).sql;
}

/** Text that is longer than its column rejects the row, and a rejected row ends the statement (REJECT_VALUE = 0). */
function bounded(value: string, column: TableColumn, index: number): string {
  const family = familyOf(column.type);
  const { length } = column.type;
  if ((family !== 'string' && family !== 'binary') || length === max || length === undefined) return value;
  const text = `§107090§Query aborted-- the maximum reject threshold (0 rows) was reached while reading from an external source. Column ordinal: ${index}, Expected data type: ${printType(column.type).toUpperCase()}, column '${column.name}': String or binary data would be truncated.`;
  // A text has no more UTF-16 units than bytes, which need not be counted.
  const tooLong =
    family === 'binary'
      ? `octet_length(${value}) > ${length}`
      : `strlen(${value}) > ${length} AND ${macro('utf16_length', value)} > ${length}`;
  const checked = `CASE WHEN ${tooLong} THEN error(${quoteText(text)}) ELSE ${value} END`;
  return column.type.name === 'char' || column.type.name === 'nchar' ? macro('pad', checked, String(length)) : checked;
}

/** `read_csv(…)` of local delimited text, every field as text. @param more arguments besides */
export function readCsvText(
  files: readonly string[],
  width: number,
  options: CsvOptions,
  more: readonly string[] = [],
): string {
  const fields = Array.from({ length: width }, (_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const parts = [
    `[${files.map(quoteText).join(', ')}]`,
    `columns = {${fields}}`,
    'auto_detect = false',
    'header = false',
    `delim = ${quoteText(options.fieldTerminator)}`,
    `quote = ${quoteText(options.quote)}`,
    `escape = ${quoteText(options.quote)}`,
    `skip = ${Math.max(0, options.firstRow - 1)}`,
    "nullstr = ''",
    'null_padding = false',
    `compression = '${options.gzip ? 'gzip' : 'none'}'`,
    ...(options.rowTerminator ? [`new_line = ${quoteText(options.rowTerminator)}`] : []),
    ...more,
  ];
  return `read_csv(${parts.join(', ')})`;
}

/** `(SELECT …)` over local delimited text; every field is text first, then converted as Transact-SQL converts. */
export function csvSource(files: readonly string[], columns: readonly TableColumn[], options: CsvOptions): string {
  const items = columns.map((column, index) => {
    const raw = { sql: `f.c${index}`, type: { name: 'varchar' as const, length: max } };
    const text = familyOf(column.type) === 'string';
    const style = options.dateFormat === undefined ? undefined : dateStyle(options.dateFormat);
    const value = text ? raw.sql : castTo(raw, column.type, style === undefined ? {} : { style }).sql;
    const defaulted = options.useTypeDefault ? `coalesce(${value}, ${typeDefault(column)})` : value;
    return `${bounded(defaulted, column, index)} AS ${quoteName(column.name)}`;
  });
  return `(SELECT ${items.join(', ')} FROM ${readCsvText(files, columns.length, options)} AS f)`;
}

function typeDefault(column: TableColumn): string {
  switch (familyOf(column.type)) {
    case 'string':
      return "''";
    case 'date':
    case 'moment':
    case 'time':
      return castTo({ sql: "''", type: { name: 'varchar', length: 1 }, constant: '' }, column.type).sql;
    case 'binary':
      return "''::BLOB";
    case 'bit':
      return 'false';
    case 'guid':
      return 'NULL';
    default:
      return '0';
  }
}

/** DATEFORMAT of COPY and DATE_FORMAT of a file format, as far as CONVERT's styles have them. */
export function dateStyle(format: string): number | undefined {
  const known: Readonly<Record<string, number>> = {
    mdy: 101,
    dmy: 103,
    ymd: 120,
    'yyyy-mm-dd': 120,
    'mm/dd/yyyy': 101,
    'dd/mm/yyyy': 103,
    'yyyy-mm-dd hh:mm:ss': 120,
  };
  const style = known[format.toLowerCase()];
  if (style === undefined) throw notSupported(`the date format '${format}'`, 0, 'mdy, dmy and ymd are there.');
  return style;
}

/** `\t`, `\n`, `0x7c` as the characters they mean. */
export function terminator(text: string): string {
  const hex = /^0x([0-9a-f]{2}(?:[0-9a-f]{2})*)$/i.exec(text);
  if (hex) return Buffer.from(hex[1]!, 'hex').toString('latin1');
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\0', '\0');
}

function rowTerminator(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const value = terminator(text);
  if (value === '\n') return '\\n';
  if (value === '\r\n') return '\\r\\n';
  throw notSupported(`the row terminator '${text}'`, 0, 'Line feed and carriage return with line feed are there.');
}

/** Text options of COPY INTO, or of FORMAT_OPTIONS in a file format. */
export function csvOptions(options: OptionMap, from: 'copy' | 'format'): CsvOptions {
  const text = (key: string) => (typeof options[key] === 'string' ? (options[key] as string) : undefined);
  const encoding = text('ENCODING') ?? 'UTF8';
  if (!['UTF8', 'UTF16'].includes(encoding.toUpperCase())) throw notSupported(`the encoding ${encoding}`);
  const said = text('COMPRESSION') ?? text('DATA_COMPRESSION');
  const compression = (said ?? 'NONE').toLowerCase();
  const gzip = compression.includes('gzip');
  if (!gzip && compression !== 'none') throw notSupported(`compression '${compression}' of text files`);
  const quote = from === 'copy' ? (text('FIELDQUOTE') ?? '"') : (text('STRING_DELIMITER') ?? '');
  return {
    fieldTerminator: terminator(
      (from === 'copy' ? text('FIELDTERMINATOR') : text('FIELD_TERMINATOR')) ?? (from === 'copy' ? ',' : '|'),
    ),
    rowTerminator: rowTerminator(text('ROWTERMINATOR')),
    quote: terminator(quote),
    firstRow: Number(text('FIRSTROW') ?? text('FIRST_ROW') ?? 1),
    gzip,
    detect: said === undefined,
    utf16: encoding.toUpperCase() === 'UTF16',
    useTypeDefault: text('USE_TYPE_DEFAULT')?.toUpperCase() === 'TRUE',
    dateFormat: text('DATEFORMAT') ?? text('DATE_FORMAT'),
  };
}

export function emptySource(columns: readonly TableColumn[]): string {
  if (columns.length === 0) throw new SqlError(105210, 'An external table has no columns.');
  return `(SELECT ${columns.map((column) => `CAST(NULL AS ${storageType(column.type)}) AS ${quoteName(column.name)}`).join(', ')} WHERE false)`;
}
