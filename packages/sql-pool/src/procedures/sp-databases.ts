import { int, sysname, varchar } from '../types/sql-type.js';
import { type SystemProcedure, sendTable } from './system-procedure.js';

export const spDatabases: SystemProcedure = (context) =>
  sendTable(
    context,
    [
      ['DATABASE_NAME', sysname],
      ['DATABASE_SIZE', int],
      ['REMARKS', varchar(254)],
    ],
    [...context.session.services.catalog.names].sort().map((name) => [name, null, null]),
  );
