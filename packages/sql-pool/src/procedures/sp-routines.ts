import { parseBatch } from '../dialect/parse/batch.js';
import { int, nvarchar, type SqlType, sysname, varchar } from '../types/sql-type.js';
import { odbcType } from './odbc-type.js';
import {
  named,
  optional,
  type ProcedureArguments,
  type SystemProcedure,
  sendTable,
  sorted,
} from './system-procedure.js';
import { typeDescription } from './type-description.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };

function routines(context: Parameters<SystemProcedure>[0], values: ProcedureArguments) {
  const isNamed = named(optional(values, 0, '@sp_name') ?? optional(values, 0, '@procedure_name'));
  const isOwned = named(optional(values, 1, '@sp_owner') ?? optional(values, 1, '@procedure_owner'));
  const found = context.session.database
    .all('routine')
    .filter((routine) => isNamed(routine.name) && isOwned(routine.schema) && context.session.may('EXECUTE', routine));
  return sorted(
    found,
    ({ schema }) => schema,
    ({ name }) => name,
  );
}

/** sp_stored_procedures: procedures (`;1`) and functions (`;0`) of the database. */
export const spStoredProcedures: SystemProcedure = (context, values) =>
  sendTable(
    context,
    [
      ['PROCEDURE_QUALIFIER', sysname],
      ['PROCEDURE_OWNER', sysname],
      ['PROCEDURE_NAME', nvarchar(134)],
      ['NUM_INPUT_PARAMS', int],
      ['NUM_OUTPUT_PARAMS', int],
      ['NUM_RESULT_SETS', int],
      ['REMARKS', varchar(254)],
      ['PROCEDURE_TYPE', smallint],
    ],
    routines(context, values).map((routine) => [
      context.session.database.name,
      routine.schema,
      `${routine.name};${routine.kind === 'procedure' ? 1 : 0}`,
      -1,
      -1,
      -1,
      null,
      2,
    ]),
  );

/** sp_sproc_columns: what a procedure returns and takes. */
export const spProcedureColumns: SystemProcedure = (context, values) => {
  const isColumn = named(optional(values, 3, '@column_name'));
  const version = Number(optional(values, 4, '@odbcver') ?? 2);
  const rows = routines(context, values).flatMap((routine) => {
    const statement = parseBatch(routine.text)[0];
    if (statement?.kind !== 'createProcedure' && statement?.kind !== 'createFunction') return [];
    const returned = { name: '@RETURN_VALUE', type: { name: 'int' } as SqlType, column: 5 };
    const taken = statement.parameters.map(({ name, type, output }) => ({ name, type, column: output ? 2 : 1 }));
    return [returned, ...taken]
      .map(({ name, type, column }, index) => {
        const odbc = odbcType(type, version, false);
        return {
          name,
          cells: [
            context.session.database.name,
            routine.schema,
            `${routine.name};1`,
            name,
            column,
            odbc.dataType,
            type.name,
            odbc.precision,
            odbc.length,
            odbc.scale,
            odbc.radix,
            1,
            null,
            null,
            odbc.verboseType,
            odbc.datetimeSub,
            odbc.octets,
            index,
            'YES',
            0,
          ],
        };
      })
      .filter((row) => isColumn(row.name))
      .map(({ cells }) => cells);
  });
  return sendTable(
    context,
    [
      ['PROCEDURE_QUALIFIER', sysname],
      ['PROCEDURE_OWNER', sysname],
      ['PROCEDURE_NAME', nvarchar(134)],
      ['COLUMN_NAME', sysname],
      ['COLUMN_TYPE', smallint],
      ...typeDescription,
      ['SS_DATA_TYPE', tinyint],
    ],
    rows,
  );
};
