import { typeNumber, typeShape } from '../catalog/views/types.js';
import { parseBatch, parseParameterList } from '../dialect/parse/batch.js';
import { bit, int, nvarchar, printType, type SqlType, sysname } from '../types/sql-type.js';
import { describeQuery } from './described-query.js';
import { optional, required, type SystemProcedure, sendTable } from './system-procedure.js';

const smallint: SqlType = { name: 'smallint' };
const tinyint: SqlType = { name: 'tinyint' };

/** sp_describe_first_result_set: the columns of the first statement that gives rows. */
export const spDescribeFirstResultSet: SystemProcedure = async (context, values) => {
  const text = required(values, 0, '@tsql');
  for (const { name, type } of parseParameterList(optional(values, 1, '@params') ?? ''))
    context.variables.set(name.toLowerCase(), { type, value: null });
  const first = parseBatch(text).find((statement) => statement.kind === 'select');
  const described = first?.kind === 'select' ? await describeQuery(context, first.query) : [];
  return sendTable(
    context,
    [
      ['is_hidden', bit],
      ['column_ordinal', int],
      ['name', sysname],
      ['is_nullable', bit],
      ['system_type_id', int],
      ['system_type_name', nvarchar(256)],
      ['max_length', smallint],
      ['precision', tinyint],
      ['scale', tinyint],
      ['collation_name', sysname],
      ['user_type_id', int],
      ['user_type_database', sysname],
      ['user_type_schema', sysname],
      ['user_type_name', sysname],
      ['assembly_qualified_type_name', nvarchar(4000)],
      ['xml_collection_id', int],
      ['xml_collection_database', sysname],
      ['xml_collection_schema', sysname],
      ['xml_collection_name', sysname],
      ['is_xml_document', bit],
      ['is_case_sensitive', bit],
      ['is_fixed_length_clr_type', bit],
      ['source_server', sysname],
      ['source_database', sysname],
      ['source_schema', sysname],
      ['source_table', sysname],
      ['source_column', sysname],
      ['is_identity_column', bit],
      ['is_part_of_unique_key', bit],
      ['is_updateable', bit],
      ['is_computed_column', bit],
      ['is_sparse_column_set', bit],
      ['ordinal_in_order_by_list', smallint],
      ['order_by_list_length', smallint],
      ['order_by_is_descending', smallint],
      ['tds_type_id', int],
      ['tds_length', int],
      ['tds_collation_id', int],
      ['tds_collation_sort_id', tinyint],
    ],
    described.map(({ name, type, nullable, identity, stored }, index) => {
      const shape = typeShape(type);
      const nothing = (count: number) => Array.from({ length: count }, () => null);
      return [
        false,
        index + 1,
        name || null,
        nullable,
        typeNumber(type.name),
        printType(type),
        shape.bytes,
        shape.precision,
        shape.scale,
        shape.collation,
        ...nothing(9),
        false,
        false,
        false,
        ...nothing(5),
        identity,
        null,
        stored,
        !stored,
        false,
        ...nothing(3),
        typeNumber(type.name),
        shape.bytes,
        ...nothing(2),
      ];
    }),
  );
};
