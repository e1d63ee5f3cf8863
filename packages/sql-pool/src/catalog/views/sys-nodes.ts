import { version } from '../../server/version.js';
import { bigint, bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import { compressionOf, partitionsOf, rowCount } from './sys-partitions.js';
import type { Cell, SystemView } from './view.js';

const distributions = 60;
const tableName = (id: number) => `Table_${id.toString(16)}`;

function empty(...columns: readonly (readonly [string, SqlType])[]): SystemView {
  return { columns, rows: () => [] };
}

const tableMappings: SystemView = {
  columns: [
    ['physical_name', nvarchar(36)],
    ['object_id', int],
  ],
  rows: (session) =>
    session.database.tables.map((table) => {
      const id = objectId(table.schema, table.name);
      return [tableName(id), id];
    }),
};

const waits = [
  ['wait_id', bigint],
  ['session_id', nvarchar(32)],
  ['type', nvarchar(255)],
  ['object_type', nvarchar(255)],
  ['object_name', nvarchar(386)],
  ['request_id', nvarchar(32)],
  ['request_time', datetime],
  ['acquire_time', datetime],
  ['state', nvarchar(50)],
  ['priority', int],
] as const;

/** The partitions of all tables: what `counts` makes of the rows of one stands between its number and where it lies. */
function partitions(
  columns: readonly (readonly [string, SqlType])[],
  counts: (rows: Cell, partition: ReturnType<typeof partitionsOf>[number]) => readonly Cell[],
): SystemView {
  return {
    columns: [
      ['partition_id', bigint],
      ['object_id', int],
      ['index_id', int],
      ['partition_number', int],
      ...columns,
      ['pdw_node_id', int],
      ['distribution_id', int],
    ],
    rows: (session) =>
      partitionsOf(session).map((partition) => {
        const { table, number, id } = partition;
        const rows = rowCount(session, table, number);
        return [
          id,
          objectId(table.schema, table.name),
          table.index === 'HEAP' ? 0 : 1,
          number,
          ...counts(rows, partition),
          2,
          1,
        ];
      }),
  };
}

/**
 * Nodes and distributions. A pool spreads a table over sixty of them; here one machine has all, and the first
 * distribution all rows.
 */
export const sysNodes: Readonly<Record<string, SystemView>> = {
  dm_pdw_nodes: {
    columns: [
      ['pdw_node_id', int],
      ['type', nvarchar(32)],
      ['name', nvarchar(32)],
      ['address', nvarchar(32)],
      ['is_passive', int],
      ['region', nvarchar(32)],
    ],
    rows: () => [
      [1, 'CONTROL', 'local', '127.0.0.1', 0, 'local'],
      [2, 'COMPUTE', 'local', '127.0.0.1', 0, 'local'],
    ],
  },
  pdw_distributions: {
    columns: [
      ['distribution_id', int],
      ['pdw_node_id', int],
      ['name', nvarchar(32)],
      ['position', int],
    ],
    rows: () =>
      Array.from({ length: distributions }, (_, index): readonly Cell[] => [
        index + 1,
        2,
        `Distribution_${index + 1}`,
        index + 1,
      ]),
  },
  pdw_table_mappings: tableMappings,
  pdw_index_mappings: empty(['object_id', int], ['index_id', nvarchar(32)], ['physical_name', sysname]),
  pdw_permanent_table_mappings: tableMappings,
  pdw_nodes_tables: {
    columns: [
      ['name', sysname],
      ['object_id', int],
      ['schema_id', int],
      ['pdw_node_id', int],
      ['distribution_id', int],
      ['create_date', datetime],
      ['modify_date', datetime],
      ['max_column_id_used', int],
    ],
    rows: (session) =>
      session.database.tables.map((table) => {
        const id = objectId(table.schema, table.name);
        return [tableName(id), id, 1, 2, 1, new Date(0), new Date(0), table.columns.length];
      }),
  },
  pdw_nodes_indexes: {
    columns: [
      ['object_id', int],
      ['name', sysname],
      ['index_id', int],
      ['type', { name: 'tinyint' }],
      ['type_desc', nvarchar(60)],
      ['pdw_node_id', int],
      ['distribution_id', int],
    ],
    rows: (session) =>
      session.database.tables.map((table) => {
        const heap = table.index === 'HEAP';
        const type = heap ? 0 : table.index === 'CLUSTERED INDEX' ? 1 : 5;
        return [
          objectId(table.schema, table.name),
          null,
          heap ? 0 : 1,
          type,
          heap ? 'HEAP' : table.index.replace(/ INDEX$/, ''),
          2,
          1,
        ];
      }),
  },
  pdw_nodes_columns: {
    columns: [
      ['object_id', int],
      ['name', sysname],
      ['column_id', int],
      ['pdw_node_id', int],
      ['distribution_id', int],
    ],
    rows: (session) =>
      session.database.tables.flatMap((table) =>
        table.columns.map((column, index): readonly Cell[] => [
          objectId(table.schema, table.name),
          column.name,
          index + 1,
          2,
          1,
        ]),
      ),
  },
  pdw_nodes_partitions: partitions(
    [
      ['hobt_id', bigint],
      ['rows', bigint],
      ['filestream_filegroup_id', { name: 'smallint' }],
      ['data_compression', { name: 'tinyint' }],
      ['data_compression_desc', nvarchar(60)],
    ],
    (rows, { table, id }) => [id, rows, 0, ...compressionOf(table)],
  ),
  pdw_nodes_column_store_row_groups: empty(
    ['object_id', int],
    ['index_id', int],
    ['partition_number', int],
    ['row_group_id', int],
    ['state', { name: 'tinyint' }],
    ['state_description', nvarchar(60)],
    ['total_rows', bigint],
    ['deleted_rows', bigint],
    ['size_in_bytes', bigint],
    ['pdw_node_id', int],
    ['distribution_id', int],
  ),
  pdw_nodes_pdw_physical_databases: {
    columns: [
      ['database_id', int],
      ['physical_name', sysname],
      ['pdw_node_id', int],
    ],
    rows: (session) => [[1, session.database.name, 2]],
  },
  pdw_database_mappings: {
    columns: [
      ['physical_name', sysname],
      ['database_id', int],
    ],
    rows: (session) => [[session.database.name, 1]],
  },
  dm_pdw_nodes_db_partition_stats: partitions(
    [
      ['in_row_data_page_count', bigint],
      ['row_overflow_used_page_count', bigint],
      ['lob_used_page_count', bigint],
      ['used_page_count', bigint],
      ['reserved_page_count', bigint],
      ['row_count', bigint],
    ],
    (rows) => [0, 0, 0, 0, 0, rows],
  ),
  dm_pdw_waits: empty(...waits),
  dm_pdw_wait_stats: empty(
    ['pdw_node_id', int],
    ['wait_name', nvarchar(255)],
    ['request_count', bigint],
    ['signal_time', bigint],
  ),
  dm_pdw_resource_waits: empty(
    ...waits,

    ['concurrency_slots_used', int],
    ['resource_class', nvarchar(20)],
  ),
  dm_pdw_lock_waits: empty(...waits),
  dm_pdw_os_threads: empty(
    ['pdw_node_id', int],
    ['process_id', int],
    ['process_name', nvarchar(255)],
    ['priority', int],
    ['start_time', datetime],
    ['state', nvarchar(32)],
    ['wait_reason', nvarchar(32)],
  ),
  dm_pdw_component_health_active_alerts: empty(['pdw_node_id', int], ['component_id', int], ['alert_id', int]),
  dm_pdw_os_event_logs: empty(['pdw_node_id', int], ['event_id', nvarchar(255)], ['event_message', nvarchar(4000)]),
  dm_pdw_nodes_os_performance_counters: empty(
    ['object_name', nvarchar(128)],
    ['counter_name', nvarchar(128)],
    ['instance_name', nvarchar(128)],
    ['cntr_value', bigint],
    ['pdw_node_id', int],
  ),
  dm_pdw_node_status: {
    columns: [
      ['pdw_node_id', int],
      ['process_id', int],
      ['process_name', nvarchar(255)],
      ['allocated_memory', bigint],
      ['available_memory', bigint],
    ],
    rows: () => [[2, process.pid, 'crossview', 0, 0]],
  },
  dm_pdw_sys_info: {
    columns: [
      ['total_sessions', int],
      ['idle_sessions', int],
      ['active_requests', int],
      ['queued_requests', int],
      ['active_loads', int],
      ['queued_loads', int],
      ['active_backups', int],
      ['active_restores', int],
    ],
    rows: (session) => [[session.services.sessions.size, session.services.sessions.size - 1, 1, 0, 0, 0, 0, 0]],
  },
  pdw_loader_backup_runs: empty(
    ['run_id', int],
    ['name', nvarchar(255)],
    ['submit_time', datetime],
    ['start_time', datetime],
    ['end_time', datetime],
    ['total_elapsed_time', int],
    ['operation_type', nvarchar(16)],
    ['mode', nvarchar(16)],
    ['database_name', nvarchar(255)],
    ['table_name', nvarchar(255)],
    ['principal_id', int],
    ['session_id', nvarchar(32)],
    ['request_id', nvarchar(32)],
    ['status', nvarchar(16)],
    ['progress', int],
    ['command', nvarchar(4000)],
    ['rows_processed', bigint],
    ['rows_rejected', bigint],
    ['rows_inserted', bigint],
  ),
  pdw_loader_backup_run_details: empty(['run_id', int], ['pdw_node_id', int], ['status', nvarchar(16)]),
  pdw_materialized_view_distribution_properties: {
    columns: [
      ['object_id', int],
      ['distribution_policy', { name: 'tinyint' }],
      ['distribution_policy_desc', nvarchar(60)],
    ],
    rows: (session) =>
      session.database
        .all('view')
        .flatMap((view) =>
          view.materialized
            ? [[objectId(view.schema, view.name), view.materialized === 'HASH' ? 2 : 4, view.materialized]]
            : [],
        ),
  },
  pdw_replicated_table_cache_state: {
    columns: [
      ['object_id', int],
      ['state', nvarchar(40)],
    ],
    rows: (session) =>
      session.database.tables
        .filter((table) => table.distribution === 'REPLICATE')
        .map((table) => [objectId(table.schema, table.name), 'Ready']),
  },
  dm_os_host_info: {
    columns: [
      ['host_platform', nvarchar(256)],
      ['host_distribution', nvarchar(256)],
      ['host_release', nvarchar(256)],
      ['host_service_pack_level', nvarchar(256)],
      ['host_sku', int],
      ['os_language_version', int],
    ],
    rows: () => [['Linux', 'Crossview', version.join('.'), '', null, 0]],
  },
  dm_os_sys_info: {
    columns: [
      ['cpu_count', int],
      ['physical_memory_kb', bigint],
      ['sqlserver_start_time', datetime],
      ['is_clustered', bit],
    ],
    rows: (session) => [[1, 0, session.started, false]],
  },
};
