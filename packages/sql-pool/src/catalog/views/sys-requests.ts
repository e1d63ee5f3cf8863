import { bigint, datetime, int, nvarchar } from '../../types/sql-type.js';
import type { SystemView } from './view.js';

/** Requests and sessions (sys.dm_pdw_*), as monitoring tools and connectors read them. */
export const sysRequests: Readonly<Record<string, SystemView>> = {
  dm_pdw_exec_requests: {
    columns: [
      ['request_id', nvarchar(32)],
      ['session_id', nvarchar(32)],
      ['status', nvarchar(32)],
      ['submit_time', datetime],
      ['start_time', datetime],
      ['end_compile_time', datetime],
      ['end_time', datetime],
      ['total_elapsed_time', int],
      ['label', nvarchar(255)],
      ['error_id', nvarchar(36)],
      ['database_id', int],
      ['command', nvarchar(4000)],
      ['resource_class', nvarchar(20)],
      ['importance', nvarchar(128)],
      ['group_name', nvarchar(128)],
      ['classifier_name', nvarchar(128)],
      ['resource_allocation_percentage', { name: 'decimal', precision: 5, scale: 2 }],
      ['result_cache_hit', int],
    ],
    rows: (session) =>
      session.services.catalog.requests.records
        .filter(
          (record) =>
            session.isAdministrator || session.may('VIEW DATABASE STATE') || record.sessionId === session.sessionId,
        )
        .map((record) => [
          record.requestId,
          record.sessionId,
          record.status,
          record.submitted,
          record.submitted,
          record.submitted,
          record.ended,
          Math.round((record.ended ?? new Date()).getTime() - record.submitted.getTime()),
          record.label ?? null,
          record.error?.id ?? null,
          5,
          record.command.slice(0, 4000),
          'staticrc10',
          'normal',
          'staticrc10',
          null,
          '25.00',
          0,
        ]),
  },
  dm_pdw_request_steps: {
    columns: [
      ['request_id', nvarchar(32)],
      ['step_index', int],
      ['operation_type', nvarchar(35)],
      ['distribution_type', nvarchar(32)],
      ['location_type', nvarchar(32)],
      ['status', nvarchar(32)],
      ['error_id', nvarchar(36)],
      ['start_time', datetime],
      ['end_time', datetime],
      ['total_elapsed_time', int],
      ['row_count', bigint],
      ['estimated_rows', bigint],
      ['command', nvarchar(4000)],
    ],
    rows: (session) =>
      session.services.catalog.requests.records.map((record) => [
        record.requestId,
        0,
        'OnOperation',
        'AllDistributions',
        'Compute',
        record.status === 'Completed' ? 'Complete' : record.status,
        record.error?.id ?? null,
        record.submitted,
        record.ended,
        Math.round((record.ended ?? new Date()).getTime() - record.submitted.getTime()),
        record.rows,
        -1,
        record.command.slice(0, 4000),
      ]),
  },
  dm_pdw_sql_requests: {
    columns: [
      ['request_id', nvarchar(32)],
      ['step_index', int],
      ['pdw_node_id', int],
      ['distribution_id', int],
      ['status', nvarchar(32)],
      ['row_count', bigint],
    ],
    rows: (session) =>
      session.services.catalog.requests.records.map((record) => [
        record.requestId,
        0,
        1,
        1,
        record.status,
        record.rows,
      ]),
  },
  dm_pdw_dms_workers: {
    columns: [
      ['request_id', nvarchar(32)],
      ['step_index', int],
      ['dms_step_index', int],
      ['pdw_node_id', int],
      ['distribution_id', int],
      ['type', nvarchar(32)],
      ['status', nvarchar(32)],
      ['bytes_processed', bigint],
      ['rows_processed', bigint],
    ],
    rows: (session) =>
      session.services.catalog.requests.records
        .filter((record) => record.rows >= 0)
        .map((record) => [record.requestId, 0, 0, 1, 1, 'EXTERNAL_READER', record.status, null, record.rows]),
  },
  dm_pdw_errors: {
    columns: [
      ['error_id', nvarchar(36)],
      ['source', nvarchar(64)],
      ['type', nvarchar(4000)],
      ['create_time', datetime],
      ['pdw_node_id', int],
      ['session_id', nvarchar(32)],
      ['request_id', nvarchar(32)],
      ['spid', int],
      ['thread_id', int],
      ['details', nvarchar(4000)],
    ],
    rows: (session) =>
      session.services.catalog.requests.records.flatMap((record) =>
        record.error
          ? [
              [
                record.error.id,
                'QueryExecution',
                'Microsoft.SqlServer',
                record.ended,
                1,
                record.sessionId,
                record.requestId,
                null,
                null,
                `${record.error.number}: ${record.error.text}`.slice(0, 4000),
              ],
            ]
          : [],
      ),
  },
  dm_pdw_exec_sessions: {
    columns: [
      ['session_id', nvarchar(32)],
      ['status', nvarchar(10)],
      ['request_id', nvarchar(32)],
      ['security_id', nvarchar(85)],
      ['login_name', nvarchar(128)],
      ['login_time', datetime],
      ['query_count', int],
      ['is_transactional', { name: 'bit' }],
      ['client_id', nvarchar(255)],
      ['app_name', nvarchar(255)],
      ['sql_spid', int],
    ],
    rows: (session) =>
      [...session.services.sessions.values()].map((other) => [
        other.sessionId,
        other === session ? 'Active' : 'Idle',
        other.lastRequest ?? null,
        null,
        other.login,
        other.started,
        0,
        other.transaction !== 'none',
        other.host,
        other.application,
        other.id,
      ]),
  },
  dm_exec_sessions: {
    columns: [
      ['session_id', { name: 'smallint' }],
      ['login_time', datetime],
      ['host_name', nvarchar(128)],
      ['program_name', nvarchar(128)],
      ['login_name', nvarchar(128)],
      ['status', nvarchar(30)],
      ['database_id', { name: 'smallint' }],
      ['transaction_isolation_level', { name: 'smallint' }],
    ],
    rows: (session) =>
      [...session.services.sessions.values()].map((other) => [
        other.id,
        other.started,
        other.host,
        other.application,
        other.login,
        other === session ? 'running' : 'sleeping',
        5,
        1,
      ]),
  },
};
