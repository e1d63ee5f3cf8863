import { schemaId } from '../../interpreter/facts.js';
import { bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import type { SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };

function option(options: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = options[key];
  return typeof value === 'string' ? value : null;
}

/** Data sources, file formats, external tables, credentials ("External operations catalog views"). */
export const sysExternal: Readonly<Record<string, SystemView>> = {
  external_data_sources: {
    columns: [
      ['data_source_id', int],
      ['name', sysname],
      ['location', nvarchar(4000)],
      ['type_desc', nvarchar(255)],
      ['type', tinyint],
      ['resource_manager_location', nvarchar(4000)],
      ['credential_id', int],
      ['database_name', sysname],
      ['shard_map_name', sysname],
      ['connection_options', nvarchar(4000)],
      ['pushdown', nvarchar(256)],
    ],
    rows: (session) =>
      session.database
        .all('dataSource')
        .map((source) => [
          objectId('$source', source.name),
          source.name,
          source.location,
          source.type,
          source.type === 'HADOOP' ? 0 : 5,
          null,
          source.credential === undefined ? 0 : objectId('$credential', source.credential),
          null,
          null,
          null,
          'ON',
        ]),
  },
  external_file_formats: {
    columns: [
      ['file_format_id', int],
      ['name', sysname],
      ['format_type', nvarchar(100)],
      ['field_terminator', nvarchar(10)],
      ['string_delimiter', nvarchar(10)],
      ['date_format', nvarchar(50)],
      ['use_type_default', bit],
      ['serde_method', nvarchar(255)],
      ['row_terminator', nvarchar(10)],
      ['encoding', nvarchar(10)],
      ['data_compression', nvarchar(255)],
      ['first_row', int],
    ],
    rows: (session) =>
      session.database.all('fileFormat').map(({ name, options }) => {
        const inner = (options.FORMAT_OPTIONS ?? {}) as Readonly<Record<string, unknown>>;
        return [
          objectId('$format', name),
          name,
          option(options, 'FORMAT_TYPE'),
          option(inner, 'FIELD_TERMINATOR'),
          option(inner, 'STRING_DELIMITER'),
          option(inner, 'DATE_FORMAT'),
          option(inner, 'USE_TYPE_DEFAULT')?.toUpperCase() === 'TRUE',
          option(options, 'SERDE_METHOD'),
          '\n',
          option(inner, 'ENCODING') ?? 'UTF8',
          option(options, 'DATA_COMPRESSION'),
          Number(option(inner, 'FIRST_ROW') ?? 1),
        ];
      }),
  },
  external_tables: {
    columns: [
      ['name', sysname],
      ['object_id', int],
      ['principal_id', int],
      ['schema_id', int],
      ['type', { name: 'char', length: 2 }],
      ['type_desc', nvarchar(60)],
      ['create_date', datetime],
      ['modify_date', datetime],
      ['max_column_id_used', int],
      ['data_source_id', int],
      ['file_format_id', int],
      ['location', nvarchar(4000)],
      ['reject_type', nvarchar(20)],
      ['reject_value', { name: 'float' }],
      ['reject_sample_value', { name: 'float' }],
      ['distribution_type', tinyint],
      ['distribution_desc', nvarchar(120)],
      ['sharding_col_id', int],
      ['remote_schema_name', sysname],
      ['remote_object_name', sysname],
      ['rejected_row_location', nvarchar(4000)],
      ['uses_ansi_nulls', { name: 'bit' }],
    ],
    rows: (session) =>
      session.database
        .all('externalTable')
        .map((table) => [
          table.name,
          objectId(table.schema, table.name),
          null,
          schemaId(table.schema),
          'U ',
          'USER_TABLE',
          new Date(0),
          new Date(0),
          table.columns.length,
          objectId('$source', table.dataSource),
          objectId('$format', table.fileFormat),
          table.location,
          table.rejectType ?? null,
          table.rejectValue ?? null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          true,
        ]),
  },
  database_scoped_credentials: {
    columns: [
      ['name', sysname],
      ['principal_id', int],
      ['credential_id', int],
      ['credential_identity', nvarchar(4000)],
      ['create_date', datetime],
      ['modify_date', datetime],
      ['target_type', nvarchar(100)],
      ['target_id', int],
    ],
    rows: (session) =>
      session.database
        .all('credential')
        .map((credential) => [
          credential.name,
          1,
          objectId('$credential', credential.name),
          credential.identity,
          new Date(0),
          new Date(0),
          null,
          null,
        ]),
  },
  symmetric_keys: {
    columns: [
      ['name', sysname],
      ['principal_id', int],
      ['symmetric_key_id', int],
      ['key_length', int],
      ['algorithm_desc', nvarchar(60)],
    ],
    rows: (session) =>
      session.database.all('masterKey').map(() => ['##MS_DatabaseMasterKey##', 1, 101, 256, 'AES_256']),
  },
};
