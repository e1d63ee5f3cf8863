import { defaultCollation } from '@crossview/tds-wire';
import { parseObjectName } from '../interpreter/facts.js';
import { tableOf } from '../interpreter/relations.js';
import { int, isString, type SqlType, sysname } from '../types/sql-type.js';
import { required, type SystemProcedure, sendTable } from './system-procedure.js';

const binary: SqlType = { name: 'varbinary', length: 5 };

/** sp_tablecollations_100: the collations of a table's columns, which SqlBulkCopy and its like ask for before they load. */
export const spTableCollations: SystemProcedure = async (context, values) => {
  const name = parseObjectName(required(values, 0, '@object')).filter((part) => part !== '');
  const { table } = tableOf(context.session, name.slice(-2));
  const bytes = `from_hex('${Buffer.from(defaultCollation).toString('hex')}')`;
  return sendTable(
    context,
    [
      ['colid', int],
      ['name', sysname],
      ['tds_collation', binary],
      ['collation', sysname],
    ],
    table.columns.map((column, index) => {
      const text = isString(column.type);
      return [
        index + 1,
        column.name,
        text ? { sql: bytes } : null,
        text ? (column.collation ?? 'SQL_Latin1_General_CP1_CI_AS') : null,
      ];
    }),
  );
};
