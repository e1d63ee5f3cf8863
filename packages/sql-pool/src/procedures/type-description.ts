import { int, nvarchar, type SqlType, sysname, varchar } from '../types/sql-type.js';

const smallint: SqlType = { name: 'smallint' };

/** What sp_columns and sp_sproc_columns say of the type of a column or parameter, in the order of ODBC's SQLColumns. */
export const typeDescription = [
  ['DATA_TYPE', smallint],
  ['TYPE_NAME', sysname],
  ['PRECISION', int],
  ['LENGTH', int],
  ['SCALE', smallint],
  ['RADIX', smallint],
  ['NULLABLE', smallint],
  ['REMARKS', varchar(254)],
  ['COLUMN_DEF', nvarchar(4000)],
  ['SQL_DATA_TYPE', smallint],
  ['SQL_DATETIME_SUB', smallint],
  ['CHAR_OCTET_LENGTH', int],
  ['ORDINAL_POSITION', int],
  ['IS_NULLABLE', varchar(254)],
] as const;
