import { parseParameterList } from '../../dialect/parse/batch.js';
import type { SystemView } from './view.js';

/** Management views about what the local pool does not have: no rows, but the columns that scripts ask for. */
const shapes: Readonly<Record<string, string>> = {
  query_store_query_text:
    'query_text_id bigint, query_sql_text nvarchar(max), statement_sql_handle varbinary(64), is_part_of_encrypted_module bit',
  query_store_query:
    'query_id bigint, query_text_id bigint, context_settings_id bigint, object_id bigint, batch_sql_handle varbinary(64), query_hash binary(8), is_internal_query bit, query_parameterization_type tinyint, initial_compile_start_time datetimeoffset(7), last_compile_start_time datetimeoffset(7), last_execution_time datetimeoffset(7), count_compiles bigint, avg_compile_duration float',
  query_store_plan:
    'plan_id bigint, query_id bigint, plan_group_id bigint, engine_version nvarchar(32), query_plan_hash binary(8), query_plan nvarchar(max), is_parallel_plan bit, is_forced_plan bit, force_failure_count bigint, last_force_failure_reason_desc nvarchar(128), count_compiles bigint, initial_compile_start_time datetimeoffset(7), last_compile_start_time datetimeoffset(7), last_execution_time datetimeoffset(7), avg_compile_duration float',
  query_store_runtime_stats:
    'runtime_stats_id bigint, plan_id bigint, runtime_stats_interval_id bigint, execution_type tinyint, execution_type_desc nvarchar(128), first_execution_time datetimeoffset(7), last_execution_time datetimeoffset(7), count_executions bigint, avg_duration float, last_duration bigint, min_duration bigint, max_duration bigint, stdev_duration float, avg_cpu_time float, last_cpu_time bigint, avg_logical_io_reads float, avg_logical_io_writes float, avg_physical_io_reads float, avg_rowcount float, avg_query_max_used_memory float, max_query_max_used_memory bigint',
  query_store_runtime_stats_interval:
    'runtime_stats_interval_id bigint, start_time datetimeoffset(7), end_time datetimeoffset(7), comment nvarchar(4000)',
  query_store_wait_stats:
    'wait_stats_id bigint, plan_id bigint, runtime_stats_interval_id bigint, wait_category tinyint, wait_category_desc nvarchar(60), total_query_wait_time_ms bigint, avg_query_wait_time_ms float',
  dm_operation_status:
    'session_activity_id uniqueidentifier, resource_type int, resource_type_desc nvarchar(2048), major_resource_id nvarchar(128), minor_resource_id nvarchar(128), operation nvarchar(60), state tinyint, state_desc nvarchar(120), percent_complete int, error_code int, error_desc nvarchar(2048), error_severity int, error_state int, start_time datetime, last_modify_time datetime',
  dm_pdw_nodes_db_column_store_row_group_physical_stats:
    'object_id int, index_id int, partition_number int, row_group_id int, delta_store_hobt_id bigint, state tinyint, state_desc nvarchar(60), total_rows bigint, deleted_rows bigint, size_in_bytes bigint, trim_reason tinyint, trim_reason_desc nvarchar(60), transition_to_compressed_state tinyint, transition_to_compressed_state_desc nvarchar(60), has_vertipaq_optimization bit, generation bigint, created_time datetime, closed_time datetime, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_db_index_usage_stats:
    'database_id smallint, object_id int, index_id int, user_seeks bigint, user_scans bigint, user_lookups bigint, user_updates bigint, last_user_seek datetime, last_user_scan datetime, last_user_lookup datetime, last_user_update datetime, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_resource_governor_workload_groups:
    'group_id int, name nvarchar(256), pool_id int, total_request_count bigint, total_queued_request_count bigint, active_request_count int, queued_request_count int, blocked_task_count int, max_request_grant_memory_kb bigint, importance nvarchar(20), request_max_memory_grant_percent int, request_memory_grant_timeout_sec int, max_dop int, effective_max_dop int, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_resource_governor_resource_pools:
    'pool_id int, name nvarchar(256), total_cpu_usage_ms bigint, cache_memory_kb bigint, used_memory_kb bigint, max_memory_kb bigint, target_memory_kb bigint, min_cpu_percent int, max_cpu_percent int, min_memory_percent int, max_memory_percent int, cap_cpu_percent int, total_memgrant_count bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_query_memory_grants:
    'session_id smallint, request_id int, dop smallint, request_time datetime, grant_time datetime, requested_memory_kb bigint, granted_memory_kb bigint, required_memory_kb bigint, used_memory_kb bigint, max_used_memory_kb bigint, ideal_memory_kb bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_db_session_space_usage:
    'session_id smallint, database_id smallint, user_objects_alloc_page_count bigint, user_objects_dealloc_page_count bigint, internal_objects_alloc_page_count bigint, internal_objects_dealloc_page_count bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_db_file_space_usage:
    'database_id smallint, file_id smallint, filegroup_id smallint, total_page_count bigint, allocated_extent_page_count bigint, unallocated_extent_page_count bigint, user_object_reserved_page_count bigint, internal_object_reserved_page_count bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_requests:
    'session_id smallint, request_id int, start_time datetime, status nvarchar(30), command nvarchar(32), sql_handle varbinary(64), blocking_session_id smallint, wait_type nvarchar(60), cpu_time int, total_elapsed_time int, reads bigint, writes bigint, logical_reads bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_sessions:
    'session_id smallint, login_time datetime, host_name nvarchar(128), program_name nvarchar(128), login_name nvarchar(128), status nvarchar(30), pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_query_stats:
    'sql_handle varbinary(64), execution_count bigint, total_worker_time bigint, total_elapsed_time bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_query_profiles:
    'session_id smallint, request_id int, node_id int, row_count bigint, estimate_row_count bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_sql_text: 'session_id smallint, text nvarchar(max), pdw_node_id int, distribution_id int',
  dm_pdw_nodes_tran_database_transactions:
    'transaction_id bigint, database_id int, database_transaction_begin_time datetime, database_transaction_type int, database_transaction_state int, database_transaction_log_bytes_used bigint, database_transaction_log_bytes_reserved bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_tran_locks:
    'resource_type nvarchar(60), resource_database_id int, request_mode nvarchar(60), request_status nvarchar(60), request_session_id int, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_os_wait_stats:
    'wait_type nvarchar(60), waiting_tasks_count bigint, wait_time_ms bigint, max_wait_time_ms bigint, signal_wait_time_ms bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_os_sys_memory:
    'total_physical_memory_kb bigint, available_physical_memory_kb bigint, system_memory_state_desc nvarchar(256), pdw_node_id int, distribution_id int',
  dm_pdw_dms_cores: 'dms_core_id int, pdw_node_id int, status nvarchar(32)',
  dm_pdw_dms_external_work:
    'request_id nvarchar(32), step_index int, dms_step_index int, pdw_node_id int, type nvarchar(60), work_id int, input_name nvarchar(60), read_location bigint, bytes_processed bigint, length bigint, status nvarchar(32), start_time datetime, end_time datetime, total_elapsed_time int, compute_node_id int',
  dm_pdw_hadoop_operations:
    'request_id nvarchar(32), step_index int, operation_name nvarchar(255), map_progress float, reduce_progress float, start_time datetime, end_time datetime, total_elapsed_time int, status nvarchar(32)',
  dm_pdw_distrib_advisor_results:
    'session_id nvarchar(32), query_text nvarchar(max), recommendation nvarchar(max), start_time datetime',
  dm_pdw_diag_processing_stats:
    'pdw_node_id int, process_id int, target_name nvarchar(255), queue_size int, lost_events_count bigint',
  dm_pdw_query_stats_xe:
    'event nvarchar(60), event_id nvarchar(36), create_time datetime, session_id int, cpu bigint, reads bigint, writes bigint, sql_text nvarchar(4000)',
  pdw_health_components: 'component_id int, group_id int, component_name nvarchar(255)',
  pdw_health_alerts:
    'alert_id int, component_id int, alert_name nvarchar(255), state nvarchar(32), severity nvarchar(32)',
  pdw_diag_sessions: 'name nvarchar(255), xml_data nvarchar(4000), host_address nvarchar(255), host_name nvarchar(255)',
  pdw_diag_events: 'name nvarchar(255), source nvarchar(255), is_enabled bit',
  pdw_column_values: 'object_id int, column_id int',
  masked_columns: 'object_id int, name sysname, column_id int, is_masked bit, masking_function nvarchar(4000)',
  security_policies:
    'name sysname, object_id int, schema_id int, type_desc nvarchar(60), is_enabled bit, is_schema_bound bit',
  security_predicates:
    'object_id int, security_predicate_id int, target_object_id int, predicate_definition nvarchar(4000), predicate_type_desc nvarchar(60), operation_desc nvarchar(60)',
  sensitivity_classifications:
    'class tinyint, class_desc varchar(16), major_id int, minor_id int, label nvarchar(128), label_id nvarchar(128), information_type nvarchar(128), information_type_id nvarchar(128), rank int, rank_desc nvarchar(128)',
  system_sql_modules:
    'object_id int, definition nvarchar(max), uses_ansi_nulls bit, uses_quoted_identifier bit, is_schema_bound bit, uses_database_collation bit, is_recompiled bit, null_on_null_input bit, execute_as_principal_id int, uses_native_compilation bit',
  fulltext_catalogs: 'fulltext_catalog_id int, name sysname',
  fulltext_indexes: 'object_id int, unique_index_id int, fulltext_catalog_id int',
  xml_schema_collections: 'xml_collection_id int, schema_id int, name sysname',
  assembly_types: 'name sysname, user_type_id int, schema_id int, assembly_id int, assembly_class sysname',
  table_types: 'name sysname, user_type_id int, schema_id int, type_table_object_id int',
  column_encryption_keys: 'name sysname, column_encryption_key_id int',
  column_master_keys: 'name sysname, column_master_key_id int',
  database_audit_specifications: 'database_specification_id int, name sysname, is_state_enabled bit',
  plan_guides: 'plan_guide_id int, name sysname, is_disabled bit',
  periods: 'name sysname, period_type tinyint, object_id int, start_column_id int, end_column_id int',
  edge_constraints: 'name sysname, object_id int, parent_object_id int',
  spatial_indexes: 'object_id int, name sysname, index_id int',
  xml_indexes: 'object_id int, name sysname, index_id int',
  certificates: 'name sysname, certificate_id int, subject nvarchar(4000), expiry_date datetime',
  asymmetric_keys: 'name sysname, asymmetric_key_id int',
  key_encryptions: 'key_id int, thumbprint varbinary(32), crypt_type char(4), crypt_type_desc nvarchar(60)',
  dm_database_encryption_keys: 'database_id int, encryption_state int, percent_complete float',
  trigger_events: 'object_id int, type int, type_desc nvarchar(60)',
  server_triggers: 'name sysname, object_id int, type_desc nvarchar(60)',
  messages: 'message_id int, language_id smallint, severity tinyint, is_event_logged bit, text nvarchar(2048)',
  dm_tran_locks:
    'resource_type nvarchar(60), resource_database_id int, request_mode nvarchar(60), request_status nvarchar(60), request_session_id int',
  dm_tran_active_transactions:
    'transaction_id bigint, name nvarchar(32), transaction_begin_time datetime, transaction_type int, transaction_state int',
  dm_exec_query_stats:
    'sql_handle varbinary(64), plan_handle varbinary(64), execution_count bigint, total_worker_time bigint, total_elapsed_time bigint',
  dm_exec_requests_history:
    'status nvarchar(30), transaction_id bigint, login_name nvarchar(128), start_time datetime, end_time datetime, total_elapsed_time_ms int, data_processed_mb bigint, command nvarchar(32), query_text nvarchar(max), error nvarchar(4000), error_code int, distributed_statement_id uniqueidentifier, query_hash nvarchar(64)',
  dm_db_column_store_row_group_physical_stats:
    'object_id int, index_id int, partition_number int, row_group_id int, state tinyint, state_desc nvarchar(60), total_rows bigint, deleted_rows bigint, size_in_bytes bigint',
  pdw_nodes_column_store_segments:
    'partition_id bigint, hobt_id bigint, column_id int, segment_id int, version int, encoding_type int, row_count int, has_nulls int, base_id bigint, magnitude float, primary_dictionary_id int, secondary_dictionary_id int, min_data_id bigint, max_data_id bigint, null_value bigint, on_disk_size bigint, pdw_node_id int, distribution_id int',
  pdw_nodes_column_store_dictionaries:
    'hobt_id bigint, column_id int, dictionary_id int, entry_count bigint, on_disk_size bigint, pdw_node_id int, distribution_id int',
  dm_pdw_nodes_exec_connections:
    'session_id int, connect_time datetime, net_transport nvarchar(40), client_net_address varchar(48), pdw_node_id int',
  credentials:
    'credential_id int, name sysname, credential_identity nvarchar(4000), create_date datetime, modify_date datetime',
  column_store_row_groups:
    'object_id int, index_id int, partition_number int, row_group_id int, state tinyint, state_description nvarchar(60), total_rows bigint, deleted_rows bigint, size_in_bytes bigint',
  column_store_segments:
    'partition_id bigint, hobt_id bigint, column_id int, segment_id int, row_count int, on_disk_size bigint',
  allocation_units:
    'allocation_unit_id bigint, type tinyint, type_desc nvarchar(60), container_id bigint, data_space_id int, total_pages bigint, used_pages bigint, data_pages bigint',
};

/** Columns are declared as parameters are, so that there is one grammar of types. */
function view(shape: string): SystemView {
  const columns = parseParameterList(shape.replaceAll(/(^|, )(\w+) /g, '$1@$2 ')).map(
    ({ name, type }) => [name.slice(1), type] as const,
  );
  return { columns, rows: () => [] };
}

export const sysEmpty: Readonly<Record<string, SystemView>> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, view(shape)]),
);
