import { typeNumber, typeShape } from '../catalog/views/types.js';
import { parseBatch, parseParameterList } from '../dialect/parse/batch.js';
import { bit, int, nvarchar, printType, type SqlType, sysname } from '../types/sql-type.js';
import { optional, required, type SystemProcedure, sendTable } from './system-procedure.js';
import { undeclaredParameters } from './undeclared-parameters.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };

/** sp_describe_undeclared_parameters: the types that the parameters of a text should have, for ODBC's SQLDescribeParam and its like. */
export const spDescribeUndeclaredParameters: SystemProcedure = async (context, values) => {
  const text = required(values, 0, '@tsql');
  const declared = parseParameterList(optional(values, 1, '@params') ?? '');
  const found = undeclaredParameters(
    context.session,
    parseBatch(text),
    declared.map(({ name }) => name),
  );
  return sendTable(
    context,
    [
      ['parameter_ordinal', int],
      ['name', sysname],
      ['suggested_system_type_id', int],
      ['suggested_system_type_name', nvarchar(256)],
      ['suggested_max_length', smallint],
      ['suggested_precision', tinyint],
      ['suggested_scale', tinyint],
      ['suggested_user_type_id', int],
      ['suggested_user_type_database', sysname],
      ['suggested_user_type_schema', sysname],
      ['suggested_user_type_name', sysname],
      ['suggested_assembly_qualified_type_name', nvarchar(4000)],
      ['suggested_xml_collection_id', int],
      ['suggested_xml_collection_database', sysname],
      ['suggested_xml_collection_schema', sysname],
      ['suggested_xml_collection_name', sysname],
      ['suggested_is_xml_document', bit],
      ['suggested_is_case_sensitive', bit],
      ['suggested_is_fixed_length_clr_type', bit],
      ['suggested_is_input', bit],
      ['suggested_is_output', bit],
      ['formal_parameter_name', sysname],
      ['suggested_tds_type_id', int],
      ['suggested_tds_length', int],
    ],
    found.map(({ name, type }, index) => {
      const shape = typeShape(type);
      const nothing = (count: number) => Array.from({ length: count }, () => null);
      return [
        index + 1,
        name,
        typeNumber(type.name),
        printType(type),
        shape.bytes,
        shape.precision,
        shape.scale,
        ...nothing(9),
        false,
        false,
        false,
        true,
        false,
        null,
        typeNumber(type.name),
        shape.bytes,
      ];
    }),
  );
};
