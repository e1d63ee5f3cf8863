import type { DatabaseSettings } from '../../dialect/ast.js';
import { tokenize } from '../../dialect/lexer.js';
import { windowsZoneNames, windowsZones } from '../../dialect/translate/windows-zones.js';
import { databaseId } from '../../interpreter/facts.js';
import type { Session } from '../../interpreter/session.js';
import { bigint, bit, datetime, guid, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
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

/** What `sys.databases` says of options that a pool's databases do not differ in. */
const databaseFlags: readonly (readonly [string, boolean])[] = [
  ['is_distributor', false],
  ['is_auto_close_on', false],
  ['is_auto_shrink_on', false],
  ['is_auto_create_stats_incremental_on', false],
  ['is_auto_update_stats_async_on', false],
  ['is_ansi_nulls_on', true],
  ['is_ansi_padding_on', true],
  ['is_ansi_warnings_on', true],
  ['is_arithabort_on', true],
  ['is_concat_null_yields_null_on', true],
  ['is_numeric_roundabort_on', false],
  ['is_quoted_identifier_on', true],
  ['is_recursive_triggers_on', false],
  ['is_cursor_close_on_commit_on', false],
  ['is_local_cursor_default', false],
  ['is_fulltext_enabled', false],
  ['is_trustworthy_on', false],
  ['is_db_chaining_on', false],
  ['is_parameterization_forced', false],
  ['is_master_key_encrypted_by_server', false],
  ['is_published', false],
  ['is_subscribed', false],
  ['is_merge_published', false],
  ['is_sync_with_backup', false],
  ['is_broker_enabled', false],
  ['is_date_correlation_on', false],
  ['is_cdc_enabled', false],
  ['is_honor_broker_priority_on', false],
  ['is_supplemental_logging_enabled', false],
  ['is_cleanly_shutdown', false],
  ['is_memory_optimized_elevate_to_snapshot_on', false],
  ['is_federation_member', false],
  ['is_remote_data_archive_enabled', false],
  ['is_mixed_page_allocation_on', false],
  ['is_temporal_history_retention_enabled', true],
  ['is_accelerated_database_recovery_on', false],
  ['is_tempdb_spill_to_remote_store', false],
  ['is_stale_page_detection_on', false],
  ['is_memory_optimized_enabled', false],
  ['is_ledger_on', false],
  ['is_change_feed_enabled', false],
];

/** A time zone and where it is now. */
function zoneRow(name: string): readonly Cell[] {
  const zone = windowsZones[name.toLowerCase()]!;
  const offset = (at: Date) => {
    const said = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')!.value;
    return said === 'GMT' ? '+00:00' : said.slice(3, 9);
  };
  const now = new Date();
  const minutes = (text: string) =>
    (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 60 + Number(text.slice(4)));
  const here = offset(now);
  const year = now.getUTCFullYear();
  const least = Math.min(...[0, 6].map((month) => minutes(offset(new Date(Date.UTC(year, month, 1))))));
  return [name, here, minutes(here) > least];
}

function databasesWithSettings(session: Session): (readonly [string, DatabaseSettings])[] {
  const { catalog } = session.services;
  return catalog.names.map((name) => [name, catalog.settings(name)]);
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
      ...databaseFlags.map(([name]) => [name, bit] as const),
      ['page_verify_option', tinyint],
      ['page_verify_option_desc', nvarchar(60)],
      ['log_reuse_wait', tinyint],
      ['delayed_durability', int],
      ['delayed_durability_desc', nvarchar(60)],
      ['target_recovery_time_in_seconds', int],
      ['default_language_lcid', { name: 'smallint' }],
      ['default_language_name', sysname],
      ['containment_desc', nvarchar(60)],
      ['snapshot_isolation_state_desc', nvarchar(60)],
      ['replica_id', guid],
      ['group_database_id', guid],
      ['service_broker_guid', guid],
    ],
    rows: (session) =>
      databasesWithSettings(session).map(([name, settings]) => [
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
        settings.READ_COMMITTED_SNAPSHOT ?? false,
        3,
        'SIMPLE',
        settings.AUTO_CREATE_STATISTICS ?? true,
        true,
        false,
        settings.QUERY_STORE ?? false,
        settings.RESULT_SET_CACHING ?? false,
        true,
        false,
        0,
        'NOTHING',
        ...databaseFlags.map(([, value]) => value),
        2,
        'CHECKSUM',
        0,
        0,
        'DISABLED',
        0,
        null,
        null,
        'NONE',
        'ON',
        null,
        null,
        '00000000-0000-0000-0000-000000000000',
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
    rows: (session) => {
      const on = session.services.catalog.settings(session.database.name).QUERY_STORE ?? false;
      const state = on ? [2, 'READ_WRITE'] : [0, 'OFF'];
      return [[...state, ...state, 0, 0, 0, 900, 60, 30, 'NONE', 'AUTO']];
    },
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
      ['minimum', bigint],
      ['maximum', bigint],
      ['value_in_use', bigint],
      ['description', nvarchar(255)],
      ['is_dynamic', bit],
      ['is_advanced', bit],
    ],
    rows: () => [],
  },
  time_zone_info: {
    columns: [
      ['name', sysname],
      ['current_utc_offset', nvarchar(6)],
      ['is_currently_dst', bit],
    ],
    rows: () => [['UTC', '+00:00', false], ...windowsZoneNames().map((name) => zoneRow(name))],
  },
};
