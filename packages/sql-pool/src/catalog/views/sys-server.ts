import { tokenize } from '../../dialect/lexer.js';
import { databaseId } from '../../interpreter/facts.js';
import type { Session } from '../../interpreter/session.js';
import { bigint, bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import type { Cell, SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };

/** Which objects the text of a view, procedure or function names. */
function dependencies(session: Session): readonly (readonly Cell[])[] {
  const known = [
    ...session.database.tables,
    ...session.database.all('externalTable'),
    ...session.database.all('view'),
    ...session.database.all('routine'),
  ];
  return [...session.database.all('view'), ...session.database.all('routine')].flatMap((module) => {
    const words = new Set(
      tokenize(module.text)
        .filter((token) => token.kind === 'word' || token.kind === 'quoted')
        .map((token) => token.text.toLowerCase()),
    );
    return known
      .filter(
        (object) =>
          words.has(object.name.toLowerCase()) && !(object.name === module.name && object.schema === module.schema),
      )
      .map((object) => [
        objectId(module.schema, module.name),
        'OBJECT_OR_COLUMN',
        'OBJECT_OR_COLUMN',
        object.schema,
        object.name,
        objectId(object.schema, object.name),
      ]);
  });
}

/** Databases and settings of the server ("Databases and files catalog views"). */
export const sysServer: Readonly<Record<string, SystemView>> = {
  databases: {
    columns: [
      ['name', sysname],
      ['database_id', int],
      ['source_database_id', int],
      ['owner_sid', { name: 'varbinary', length: 85 }],
      ['create_date', datetime],
      ['compatibility_level', tinyint],
      ['collation_name', sysname],
      ['user_access', tinyint],
      ['user_access_desc', nvarchar(60)],
      ['is_read_only', bit],
      ['state', tinyint],
      ['state_desc', nvarchar(60)],
      ['snapshot_isolation_state', tinyint],
      ['is_read_committed_snapshot_on', bit],
      ['recovery_model', tinyint],
      ['recovery_model_desc', nvarchar(60)],
      ['is_auto_create_stats_on', bit],
      ['is_auto_update_stats_on', bit],
      ['is_encrypted', bit],
      ['is_query_store_on', bit],
      ['is_result_set_caching_on', bit],
      ['is_ansi_null_default_on', bit],
      ['is_in_standby', bit],
      ['containment', tinyint],
      ['log_reuse_wait_desc', nvarchar(60)],
    ],
    rows: (session) =>
      session.services.catalog.names.map((name) => [
        name,
        databaseId(session, name),
        null,
        null,
        new Date(0),
        130,
        'SQL_Latin1_General_CP1_CI_AS',
        0,
        'MULTI_USER',
        false,
        0,
        'ONLINE',
        1,
        false,
        3,
        'SIMPLE',
        true,
        true,
        false,
        false,
        false,
        true,
        false,
        0,
        'NOTHING',
      ]),
  },
  database_service_objectives: {
    columns: [
      ['database_id', int],
      ['edition', sysname],
      ['service_objective', sysname],
      ['elastic_pool_name', sysname],
    ],
    rows: (session) =>
      session.services.catalog.names.map((name) => [
        databaseId(session, name),
        name === 'master' ? 'System' : 'DataWarehouse',
        name === 'master' ? 'System' : 'DW100c',
        null,
      ]),
  },
  database_query_store_options: {
    columns: [
      ['desired_state', { name: 'smallint' }],
      ['desired_state_desc', nvarchar(60)],
      ['actual_state', { name: 'smallint' }],
      ['actual_state_desc', nvarchar(60)],
      ['readonly_reason', int],
      ['current_storage_size_mb', bigint],
      ['max_storage_size_mb', bigint],
      ['flush_interval_seconds', bigint],
      ['interval_length_minutes', bigint],
      ['stale_query_threshold_days', bigint],
      ['query_capture_mode_desc', nvarchar(60)],
      ['size_based_cleanup_mode_desc', nvarchar(60)],
    ],
    rows: () => [[0, 'OFF', 0, 'OFF', 0, 0, 0, 900, 60, 30, 'NONE', 'AUTO']],
  },
  database_files: {
    columns: [
      ['file_id', int],
      ['type', tinyint],
      ['type_desc', nvarchar(60)],
      ['data_space_id', int],
      ['name', sysname],
      ['physical_name', nvarchar(260)],
      ['state_desc', nvarchar(60)],
      ['size', int],
      ['max_size', int],
    ],
    rows: (session) => [[1, 0, 'ROWS', 1, session.database.name, `${session.database.name}.duckdb`, 'ONLINE', 0, -1]],
  },
  assemblies: {
    columns: [
      ['name', sysname],
      ['assembly_id', int],
      ['is_user_defined', bit],
    ],
    rows: () => [],
  },
  linked_servers: { columns: [['name', sysname]], rows: () => [] },
  servers: {
    columns: [
      ['server_id', int],
      ['name', sysname],
      ['is_linked', bit],
    ],
    rows: (session) => [[0, session.services.serverName, false]],
  },
  dm_exec_connections: {
    columns: [
      ['session_id', int],
      ['connect_time', datetime],
      ['net_transport', nvarchar(40)],
      ['protocol_type', nvarchar(40)],
      ['encrypt_option', nvarchar(40)],
      ['auth_scheme', nvarchar(40)],
      ['client_net_address', nvarchar(48)],
    ],
    rows: (session) =>
      [...session.services.sessions.values()].map((other) => [
        other.id,
        other.started,
        'TCP',
        'TSQL',
        'TRUE',
        'SQL',
        '127.0.0.1',
      ]),
  },
  dm_exec_requests: {
    columns: [
      ['session_id', { name: 'smallint' }],
      ['request_id', int],
      ['start_time', datetime],
      ['status', nvarchar(30)],
      ['command', nvarchar(32)],
      ['database_id', { name: 'smallint' }],
      ['blocking_session_id', { name: 'smallint' }],
      ['wait_type', nvarchar(60)],
      ['total_elapsed_time', int],
    ],
    rows: (session) => [
      [session.id, 0, new Date(), 'running', 'SELECT', databaseId(session, session.database.name), 0, null, 0],
    ],
  },
  sql_expression_dependencies: {
    columns: [
      ['referencing_id', int],
      ['referencing_class_desc', nvarchar(60)],
      ['referenced_class_desc', nvarchar(60)],
      ['referenced_schema_name', sysname],
      ['referenced_entity_name', sysname],
      ['referenced_id', int],
    ],
    rows: dependencies,
  },
  configurations: {
    columns: [
      ['configuration_id', int],
      ['name', nvarchar(35)],
      ['value', bigint],
    ],
    rows: () => [],
  },
};
