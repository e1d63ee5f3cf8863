import { systemGroups } from '../../interpreter/statements/workload.js';
import { bigint, bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import { objectId, type WorkloadDefinition } from '../objects.js';
import type { Cell, SystemView } from './view.js';

const decimal: SqlType = { name: 'decimal', precision: 5, scale: 2 };

function groupRow({ name, options }: WorkloadDefinition, system: boolean): readonly Cell[] {
  const number = (key: string, otherwise: number) => Number(options[key] ?? otherwise);
  return [
    system ? systemGroups.indexOf(name) + 1 : objectId('$group', name),
    name,
    String(options.IMPORTANCE ?? 'normal').toLowerCase(),
    number('MIN_PERCENTAGE_RESOURCE', 0),
    number('CAP_PERCENTAGE_RESOURCE', 100),
    number('REQUEST_MIN_RESOURCE_GRANT_PERCENT', 3),
    number('REQUEST_MAX_RESOURCE_GRANT_PERCENT', number('REQUEST_MIN_RESOURCE_GRANT_PERCENT', 3)),
    number('QUERY_EXECUTION_TIMEOUT_SEC', 0),
    system,
    new Date(0),
    new Date(0),
  ];
}

/** Workload groups and classifiers, of the system and of the database. */
export const sysWorkload: Readonly<Record<string, SystemView>> = {
  workload_management_workload_groups: {
    columns: [
      ['group_id', int],
      ['name', sysname],
      ['importance', nvarchar(128)],
      ['min_percentage_resource', { name: 'tinyint' }],
      ['cap_percentage_resource', { name: 'tinyint' }],
      ['request_min_resource_grant_percent', decimal],
      ['request_max_resource_grant_percent', decimal],
      ['query_execution_timeout_sec', int],
      ['is_system', bit],
      ['create_time', datetime],
      ['modify_time', datetime],
    ],
    rows: (session) => [
      ...systemGroups.map((name) => groupRow({ name, options: {} }, true)),
      ...session.database.all('workloadGroup').map((group) => groupRow(group, false)),
    ],
  },
  workload_management_workload_classifiers: {
    columns: [
      ['classifier_id', int],
      ['group_name', sysname],
      ['name', sysname],
      ['importance', nvarchar(128)],
      ['create_time', datetime],
      ['modify_time', datetime],
      ['is_enabled', bit],
    ],
    rows: (session) =>
      session.database
        .all('workloadClassifier')
        .map(({ name, options }) => [
          objectId('$classifier', name),
          String(options.WORKLOAD_GROUP),
          name,
          String(options.IMPORTANCE ?? 'normal').toLowerCase(),
          new Date(0),
          new Date(0),
          true,
        ]),
  },
  workload_management_workload_classifier_details: {
    columns: [
      ['classifier_id', int],
      ['classifier_type', nvarchar(255)],
      ['classifier_value', nvarchar(255)],
    ],
    rows: (session) =>
      session.database.all('workloadClassifier').flatMap(({ name, options }) =>
        Object.entries(options)
          .filter(([key]) => key !== 'WORKLOAD_GROUP' && key !== 'IMPORTANCE')
          .map(([key, value]) => [objectId('$classifier', name), key.toLowerCase(), String(value)]),
      ),
  },
  dm_workload_management_workload_groups_stats: {
    columns: [
      ['group_id', int],
      ['name', sysname],
      ['statistics_start_time', datetime],
      ['total_request_count', bigint],
      ['total_shared_resource_requests', bigint],
      ['total_queued_request_count', bigint],
      ['total_request_execution_timeouts', bigint],
      ['total_resource_grant_timeouts', bigint],
      ['effective_min_percentage_resource', decimal],
      ['effective_cap_percentage_resource', decimal],
      ['effective_request_min_resource_grant_percent', decimal],
      ['effective_request_max_resource_grant_percent', decimal],
      ['total_queued_requests', bigint],
      ['currently_used_resource_percent', int],
    ],
    rows: () => [],
  },
};
