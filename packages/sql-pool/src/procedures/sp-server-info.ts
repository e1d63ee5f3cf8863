import { int, varchar } from '../types/sql-type.js';
import { optional, type SystemProcedure, sendTable } from './system-procedure.js';

/** The attributes that ODBC's SQLGetInfo reads ("sp_server_info"). */
const attributes: readonly (readonly [number, string, string])[] = [
  [1, 'DBMS_NAME', 'Microsoft SQL Server'],
  [2, 'DBMS_VER', 'Microsoft Azure SQL Data Warehouse - 10.0.0.0'],
  [10, 'OWNER_TERM', 'owner'],
  [11, 'TABLE_TERM', 'table'],
  [12, 'MAX_OWNER_NAME_LENGTH', '128'],
  [13, 'TABLE_LENGTH', '128'],
  [14, 'MAX_QUAL_LENGTH', '128'],
  [15, 'COLUMN_LENGTH', '128'],
  [16, 'IDENTIFIER_CASE', 'MIXED'],
  [17, 'TX_ISOLATION', '1'],
  [18, 'COLLATION_SEQ', 'charset=iso_1 sort_order=nocase_iso charset_num=1 sort_order_num=52'],
  [19, 'SAVEPOINT_SUPPORT', 'N'],
  [20, 'MULTI_RESULT_SETS', 'Y'],
  [22, 'ACCESSIBLE_TABLES', 'Y'],
  [100, 'USERID_LENGTH', '128'],
  [101, 'QUALIFIER_TERM', 'database'],
  [102, 'NAMED_TRANSACTIONS', 'N'],
  [103, 'SPROC_AS_LANGUAGE', 'N'],
  [104, 'ACCESSIBLE_SPROC', 'Y'],
  [105, 'MAX_INDEX_COLS', '16'],
  [106, 'RENAME_TABLE', 'Y'],
  [107, 'RENAME_COLUMN', 'N'],
  [108, 'DROP_COLUMN', 'Y'],
  [109, 'INCREASE_COLUMN_LENGTH', 'Y'],
  [110, 'DDL_IN_TRANSACTION', 'N'],
  [111, 'DESCENDING_INDEXES', 'N'],
  [112, 'SP_RENAME', 'N'],
  [113, 'REMOTE_SPROC', 'N'],
  [500, 'SYS_SPROC_VERSION', '12.0.2000'],
];

export const spServerInfo: SystemProcedure = (context, values) => {
  const id = optional(values, 0, '@attribute_id');
  return sendTable(
    context,
    [
      ['attribute_id', int],
      ['attribute_name', varchar(60)],
      ['attribute_value', varchar(255)],
    ],
    attributes.filter(([number]) => id === undefined || number === Number(id)),
  );
};
