import { systemTypes } from '../catalog/views/types.js';
import { familyOf, int, max, type SqlType, type SqlTypeName, sysname, varchar } from '../types/sql-type.js';
import { odbcType } from './odbc-type.js';
import { optional, type ProcedureArguments, type SystemProcedure, sendTable, sorted } from './system-procedure.js';

const smallint: SqlType = { name: 'smallint' };

const columns = [
  ['TYPE_NAME', sysname],
  ['DATA_TYPE', smallint],
  ['PRECISION', int],
  ['LITERAL_PREFIX', varchar(32)],
  ['LITERAL_SUFFIX', varchar(32)],
  ['CREATE_PARAMS', varchar(32)],
  ['NULLABLE', smallint],
  ['CASE_SENSITIVE', smallint],
  ['SEARCHABLE', smallint],
  ['UNSIGNED_ATTRIBUTE', smallint],
  ['MONEY', smallint],
  ['AUTO_INCREMENT', smallint],
  ['LOCAL_TYPE_NAME', sysname],
  ['MINIMUM_SCALE', smallint],
  ['MAXIMUM_SCALE', smallint],
  ['SQL_DATA_TYPE', smallint],
  ['SQL_DATETIME_SUB', smallint],
  ['NUM_PREC_RADIX', int],
  ['INTERVAL_PRECISION', smallint],
  ['USERTYPE', smallint],
] as const;

/** The type with its largest length or precision. */
function widest(name: SqlTypeName): SqlType {
  const family = familyOf({ name });
  if (name === 'decimal' || name === 'numeric') return { name, precision: 38, scale: 38 };
  if (family === 'string' || family === 'binary')
    return { name, length: name === 'nvarchar' || name === 'nchar' ? 4000 : 8000 };
  return { name };
}

function literal(name: string): readonly [string | null, string | null] {
  const family = familyOf({ name: name as SqlTypeName });
  if (name === 'nchar' || name === 'nvarchar') return ["N'", "'"];
  if (family === 'binary') return ['0x', null];
  if (name === 'money' || name === 'smallmoney') return ['$', null];
  return ['string', 'date', 'time', 'moment', 'guid'].includes(family) ? ["'", "'"] : [null, null];
}

function parameters(type: SqlType): string | null {
  if (type.name === 'decimal' || type.name === 'numeric') return 'precision,scale';
  if (type.length !== undefined && type.length !== max) return type.name.includes('var') ? 'max length' : 'length';
  return ['time', 'datetime2', 'datetimeoffset'].includes(type.name) ? 'scale' : null;
}

async function send(context: Parameters<SystemProcedure>[0], values: ProcedureArguments, old: boolean) {
  const wanted = Number(optional(values, 0, '@data_type') ?? 0);
  const version = Number(optional(values, 1, '@odbcver') ?? 2);
  const rows = systemTypes
    .filter(({ name }) => name !== 'sysname')
    .map(({ name }) => {
      const type = widest(name as SqlTypeName);
      const family = familyOf(type);
      const odbc = odbcType(type, version, old);
      const [prefix, suffix] = literal(name);
      const numeric = ['integer', 'decimal', 'float'].includes(family);
      const scaled = type.name === 'decimal' || type.name === 'numeric' || odbc.scale !== null;
      return {
        dataType: odbc.dataType,
        name,
        cells: [
          name,
          odbc.dataType,
          odbc.precision,
          prefix,
          suffix,
          parameters(type),
          1,
          0,
          family === 'string' ? 3 : 2,
          numeric ? (name === 'tinyint' ? 1 : 0) : null,
          name.endsWith('money') ? 1 : 0,
          numeric ? 0 : null,
          name,
          scaled ? (name === 'money' || name === 'smallmoney' ? 4 : name === 'datetime' ? 3 : 0) : null,
          scaled ? (name === 'decimal' || name === 'numeric' ? 38 : odbc.scale) : null,
          odbc.verboseType,
          odbc.datetimeSub,
          odbc.radix,
          null,
          0,
        ],
      };
    })
    .filter(({ dataType }) => wanted === 0 || wanted === dataType);
  return sendTable(
    context,
    columns,
    sorted(
      rows,
      ({ dataType }) => dataType,
      ({ name }) => name,
    ).map(({ cells }) => cells),
  );
}

/** sp_datatype_info: the types as clients before 2008 know them. */
export const spDatatypeInfo: SystemProcedure = (context, values) => send(context, values, true);
export const spDatatypeInfo100: SystemProcedure = (context, values) => send(context, values, false);
