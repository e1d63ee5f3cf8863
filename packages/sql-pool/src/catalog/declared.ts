import type { SqlType } from '../types/sql-type.js';

const plain: Readonly<Record<string, SqlType>> = {
  BOOLEAN: { name: 'bit' },
  UTINYINT: { name: 'tinyint' },
  SMALLINT: { name: 'smallint' },
  INTEGER: { name: 'int' },
  BIGINT: { name: 'bigint' },
  DOUBLE: { name: 'float' },
  FLOAT: { name: 'real' },
  DATE: { name: 'date' },
  TIME: { name: 'time', scale: 6 },
  TIMESTAMP: { name: 'datetime2', scale: 6 },
  'TIMESTAMP WITH TIME ZONE': { name: 'datetimeoffset', scale: 7 },
  BLOB: { name: 'varbinary', length: -1 },
  UUID: { name: 'uniqueidentifier' },
};

/** The declared type for a DuckDB type name, for tables that others made in the file. */
export function declaredName(type: string): SqlType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { name: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return plain[type] ?? { name: 'nvarchar', length: -1 };
}
