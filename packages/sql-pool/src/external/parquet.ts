import type { TableColumn } from '../catalog/objects.js';
import { quoteText } from '../dialect/translate/quote.js';
import type { DuckDBConnection } from '../duckdb/engine.js';
import { readRows } from '../duckdb/run.js';
import { SqlError } from '../errors/sql-error.js';
import { decimalShape, familyOf, printType, type SqlType } from '../types/sql-type.js';

interface ParquetColumn {
  readonly name: string;
  readonly physical: string;
  readonly converted: string;
  readonly logical: string;
  readonly precision: number;
  readonly scale: number;
  readonly nested: boolean;
}

/** Key in the files that the pool wrote itself: they are read back although their times of day are MICROS. */
export const ownMark = 'crossview.export';

async function columnsOf(connection: DuckDBConnection, file: string): Promise<readonly ParquetColumn[]> {
  const { rows } = await readRows(
    connection,
    `SELECT name, type, converted_type, CAST(logical_type AS VARCHAR), precision, scale, num_children FROM parquet_schema(${quoteText(file)})`,
  );
  const columns: ParquetColumn[] = [];
  // The first row is the root; children of a nested column follow it.
  let skip = 0;
  for (const [name, physical, converted, logical, precision, scale, children] of rows.slice(1)) {
    const count = Number(children ?? 0);
    if (skip > 0) {
      skip += count - 1;
      continue;
    }
    skip = count;
    columns.push({
      name: String(name),
      physical: String(physical ?? ''),
      converted: String(converted ?? ''),
      logical: String(logical ?? ''),
      precision: Number(precision ?? 0),
      scale: Number(scale ?? 0),
      nested: count > 0,
    });
  }
  return columns;
}

async function isOwn(connection: DuckDBConnection, file: string): Promise<boolean> {
  const { rows } = await readRows(
    connection,
    `SELECT count(*) FROM parquet_kv_metadata(${quoteText(file)}) WHERE CAST(key AS VARCHAR) = '${ownMark}'`,
  );
  return Number(rows[0]![0]) > 0;
}

/** The SQL type that a pool maps a Parquet column to (external table data type mapping), or why it reads none. */
function mapped(column: ParquetColumn, own: boolean): SqlType | string {
  const { physical, converted, logical } = column;
  const is = (...names: string[]) => names.some((name) => converted === name || logical.startsWith(name));
  if (column.nested) return { name: 'varchar', length: -1 };
  switch (physical) {
    case 'BOOLEAN':
      return { name: 'bit' };
    case 'INT32':
      if (is('DECIMAL')) return { name: 'decimal', precision: column.precision, scale: column.scale };
      if (is('DATE')) return { name: 'date' };
      if (is('TIME_MILLIS', 'TIME')) return { name: 'time', scale: 3 };
      if (converted === 'INT_8' || converted === 'INT_16') return { name: 'smallint' };
      if (converted === 'UINT_8') return { name: 'tinyint' };
      if (converted === 'UINT_32') return { name: 'bigint' };
      return { name: 'int' };
    case 'INT64':
      if (is('DECIMAL')) return { name: 'decimal', precision: column.precision, scale: column.scale };
      if (converted === 'TIMESTAMP_MILLIS' || /MILLIS=MilliSeconds/.test(logical))
        return { name: 'datetime2', scale: 7 };
      if (converted === 'TIMESTAMP_MICROS' || /MICROS=MicroSeconds/.test(logical))
        return 'TIMESTAMP(MICROS) is not supported: write INT96 or TIMESTAMP(MILLIS), in Spark with spark.sql.parquet.outputTimestampType=INT96';
      if (/NANOS=NanoSeconds/.test(logical))
        return 'TIMESTAMP(NANOS) is not supported: write INT96 or TIMESTAMP(MILLIS)';
      if (converted === 'TIME_MICROS' || /TimeType/i.test(logical))
        return own ? { name: 'time', scale: 7 } : 'TIME(MICROS) is not supported: write TIME(MILLIS)';
      if (converted === 'UINT_64') return { name: 'decimal', precision: 20, scale: 0 };
      return { name: 'bigint' };
    case 'INT96':
      return { name: 'datetime2', scale: 7 };
    case 'FLOAT':
      return { name: 'real' };
    case 'DOUBLE':
      return { name: 'float' };
    case 'BYTE_ARRAY':
      if (is('DECIMAL')) return { name: 'decimal', precision: column.precision, scale: column.scale };
      if (is('UTF8', 'ENUM', 'JSON', 'StringType', 'EnumType', 'JsonType')) return { name: 'nvarchar', length: -1 };
      return { name: 'varbinary', length: -1 };
    case 'FIXED_LEN_BYTE_ARRAY':
      if (is('DECIMAL')) return { name: 'decimal', precision: column.precision, scale: column.scale };
      if (/UUID/i.test(logical)) return { name: 'uniqueidentifier' };
      return { name: 'varbinary', length: -1 };
    default:
      return `the Parquet type ${physical} is not supported`;
  }
}

function agrees(file: SqlType, column: SqlType): boolean {
  const family = familyOf(file);
  if (familyOf(column) !== family) return false;
  if (family === 'integer' || family === 'float') return file.name === column.name;
  if (family === 'decimal') {
    // Digits before the point are judged value by value; digits after it would be lost in silence.
    return decimalShape(file).scale <= decimalShape(column).scale;
  }
  return column.name !== 'datetimeoffset' || file.name === 'datetimeoffset';
}

/** How the type's class is called where the real pool's reader runs. */
const javaClasses: Partial<Record<SqlType['name'], string>> = {
  int: 'Integer',
  smallint: 'Integer',
  tinyint: 'Integer',
  bigint: 'Long',
  float: 'Double',
  real: 'Float',
  bit: 'Boolean',
  decimal: 'HiveDecimal',
  nvarchar: 'Text',
  varchar: 'Text',
  varbinary: 'BytesWritable',
  date: 'Date',
  datetime2: 'Timestamp',
};

/**
 * Compares a file with the columns it is read into, by position.
 * @throws SqlError 106000 naming file, column, the Parquet type and the SQL type
 */
export async function checkParquet(
  connection: DuckDBConnection,
  file: string,
  shown: string,
  columns: readonly TableColumn[],
): Promise<void> {
  let found: readonly ParquetColumn[];
  try {
    found = await columnsOf(connection, file);
  } catch (error) {
    throw new SqlError(
      106000,
      `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: IOException: ${shown} is not a Parquet file.`,
      { cause: error },
    );
  }
  if (found.length !== columns.length)
    throw new SqlError(
      106000,
      `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: ${shown} has ${found.length} columns, the table reads ${columns.length}.`,
    );
  const own = await isOwn(connection, file);
  columns.forEach((column, index) => {
    const source = found[index]!;
    const type = mapped(source, own);
    const parquet = [
      source.physical,
      source.converted && source.converted !== 'null' ? `(${source.converted})` : '',
    ].join('');
    if (typeof type === 'string')
      throw new SqlError(
        106000,
        `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: column '${column.name}' (${index + 1}) of ${shown}: ${type}.`,
      );
    if (!agrees(type, column.type))
      throw new SqlError(
        106000,
        `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: ClassCastException: class ${javaClasses[type.name] ?? type.name} cannot be cast to class ${javaClasses[column.type.name] ?? column.type.name}; column '${column.name}' (${index + 1}) is ${parquet} in ${shown} and ${printType(column.type)} in the table.`,
      );
  });
}

/** The columns of a file with the SQL types that a pool gives them. @throws SqlError 106000 for one it does not read */
export async function parquetTypes(
  connection: DuckDBConnection,
  file: string,
  shown: string,
): Promise<readonly { readonly name: string; readonly type: SqlType }[]> {
  const found = await columnsOf(connection, file);
  return found.map((column) => {
    const type = mapped(column, false);
    if (typeof type === 'string')
      throw new SqlError(
        106000,
        `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: column '${column.name}' of ${shown}: ${type}.`,
      );
    return { name: column.name, type };
  });
}
