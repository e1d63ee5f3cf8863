import { int, type SqlType, sysname } from '../types/sql-type.js';
import { type SystemProcedure, sendTable } from './system-procedure.js';

const smallint: SqlType = { name: 'smallint' };

/** sp_pkeys. Keys of a dedicated pool are NOT ENFORCED and not kept here, so there are none. */
export const spPrimaryKeys: SystemProcedure = (context) =>
  sendTable(
    context,
    [
      ['TABLE_QUALIFIER', sysname],
      ['TABLE_OWNER', sysname],
      ['TABLE_NAME', sysname],
      ['COLUMN_NAME', sysname],
      ['KEY_SEQ', smallint],
      ['PK_NAME', sysname],
    ],
    [],
  );

/** sp_fkeys. A dedicated pool has no foreign keys. */
export const spForeignKeys: SystemProcedure = (context) =>
  sendTable(
    context,
    [
      ['PKTABLE_QUALIFIER', sysname],
      ['PKTABLE_OWNER', sysname],
      ['PKTABLE_NAME', sysname],
      ['PKCOLUMN_NAME', sysname],
      ['FKTABLE_QUALIFIER', sysname],
      ['FKTABLE_OWNER', sysname],
      ['FKTABLE_NAME', sysname],
      ['FKCOLUMN_NAME', sysname],
      ['KEY_SEQ', smallint],
      ['UPDATE_RULE', smallint],
      ['DELETE_RULE', smallint],
      ['FK_NAME', sysname],
      ['PK_NAME', sysname],
      ['DEFERRABILITY', smallint],
    ],
    [],
  );

/** sp_special_columns: what makes a row unique, or changes with it. Nothing is declared to. */
export const spSpecialColumns: SystemProcedure = (context) =>
  sendTable(
    context,
    [
      ['SCOPE', smallint],
      ['COLUMN_NAME', sysname],
      ['DATA_TYPE', smallint],
      ['TYPE_NAME', sysname],
      ['PRECISION', int],
      ['LENGTH', int],
      ['SCALE', smallint],
      ['PSEUDO_COLUMN', smallint],
    ],
    [],
  );
