import { databaseId } from '../../interpreter/facts.js';
import { bigint, bit, datetime, int, nvarchar, type SqlType, sysname } from '../../types/sql-type.js';
import type { SystemView } from './view.js';

const tinyint: SqlType = { name: 'tinyint' };

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
  configurations: {
    columns: [
      ['configuration_id', int],
      ['name', nvarchar(35)],
      ['value', bigint],
    ],
    rows: () => [],
  },
};
