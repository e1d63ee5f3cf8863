import { typeShape } from '../catalog/views/types.js';
import { familyOf, max, type SqlType, type SqlTypeName } from '../types/sql-type.js';

/** What ODBC says of a type ("SQL Server data types in ODBC", sp_columns, sp_datatype_info). */
export interface OdbcType {
  /** SQL_DATA_TYPE constants of sql.h and sqlncli.h. */
  readonly dataType: number;
  readonly precision: number | null;
  /** Bytes of the value in the client's buffer. */
  readonly length: number;
  readonly scale: number | null;
  readonly radix: number | null;
  /** The same as `dataType`, but 9 for dates and times. */
  readonly verboseType: number;
  readonly datetimeSub: number | null;
  readonly octets: number | null;
}

const numbers: Record<SqlTypeName, number> = {
  bit: -7,
  tinyint: -6,
  smallint: 5,
  int: 4,
  bigint: -5,
  decimal: 3,
  numeric: 2,
  money: 3,
  smallmoney: 3,
  float: 6,
  real: 7,
  date: 91,
  time: -154,
  datetime: 93,
  datetime2: 93,
  smalldatetime: 93,
  datetimeoffset: -155,
  char: 1,
  varchar: 12,
  nchar: -8,
  nvarchar: -9,
  binary: -2,
  varbinary: -3,
  uniqueidentifier: -11,
};

const lengths: Partial<Record<SqlTypeName, number>> = {
  money: 21,
  smallmoney: 12,
  date: 6,
  time: 12,
  datetime: 16,
  datetime2: 16,
  smalldatetime: 16,
  datetimeoffset: 20,
};

const subs: Partial<Record<SqlTypeName, number>> = { date: 1, time: 2, datetime: 3, datetime2: 3, smalldatetime: 3 };

/**
 * @param version of ODBC, 2 or 3: dates and times had other numbers in 2
 * @param old what sp_columns says: types that came after SQL Server 2005 are shown as nvarchar
 */
export function odbcType(type: SqlType, version: number, old: boolean): OdbcType {
  const family = familyOf(type);
  const shape = typeShape(type);
  const text = family === 'string';
  const counted = text || family === 'binary';
  const characters =
    type.length === max ? (type.name === 'nvarchar' ? 1_073_741_823 : 2_147_483_647) : (type.length ?? 1);
  const bytes = type.length === max ? 2_147_483_647 : shape.bytes;
  const moment = family === 'date' || family === 'time' || family === 'moment';
  const newer = moment && type.name !== 'datetime' && type.name !== 'smalldatetime';
  let dataType = numbers[type.name];
  if (old && newer) dataType = -9;
  else if (version < 3 && dataType === 93) dataType = 11;
  else if (version < 3 && dataType === 91) dataType = 9;
  const decimal = type.name === 'decimal' || type.name === 'numeric';
  return {
    dataType,
    precision: counted ? characters : type.name === 'uniqueidentifier' ? 36 : shape.precision,
    length: counted ? bytes : decimal ? shape.precision + 2 : (lengths[type.name] ?? shape.bytes),
    scale: counted || family === 'guid' || family === 'float' || type.name === 'date' ? null : shape.scale,
    radix: family === 'integer' || family === 'decimal' || family === 'bit' ? 10 : family === 'float' ? 2 : null,
    verboseType: moment && !(old && newer) ? (type.name === 'datetimeoffset' ? -155 : 9) : numbers[type.name],
    datetimeSub: old && newer ? null : (subs[type.name] ?? null),
    octets: counted ? bytes : null,
  };
}
