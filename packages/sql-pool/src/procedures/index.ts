import { changeMembership } from '../interpreter/statements/security.js';
import { administration } from './administration.js';
import { spColumns, spColumns100 } from './sp-columns.js';
import { spDatabases } from './sp-databases.js';
import { spDatatypeInfo, spDatatypeInfo100 } from './sp-datatype-info.js';
import { spDescribeFirstResultSet } from './sp-describe-first-result-set.js';
import { spDescribeUndeclaredParameters } from './sp-describe-undeclared-parameters.js';
import { spForeignKeys, spPrimaryKeys, spSpecialColumns } from './sp-keys.js';
import { spColumnPrivileges, spTablePrivileges } from './sp-privileges.js';
import { spProcedureColumns, spStoredProcedures } from './sp-routines.js';
import { spServerInfo } from './sp-server-info.js';
import { spStatistics } from './sp-statistics.js';
import { spTableCollations } from './sp-tablecollations.js';
import { spTables } from './sp-tables.js';
import { required, type SystemProcedure } from './system-procedure.js';

export type { ProcedureArguments, SystemProcedure } from './system-procedure.js';

/** System procedures by lower-case name. A new one is a file beside this and a line here. */
export const systemProcedures: Readonly<Record<string, SystemProcedure>> = {
  ...administration,
  sp_addrolemember: async (context, values) => {
    const { session } = context;
    await changeMembership(session, required(values, 0, '@rolename'), 'add', required(values, 1, '@membername'));
    return 0;
  },
  sp_droprolemember: async (context, values) => {
    const { session } = context;
    await changeMembership(session, required(values, 0, '@rolename'), 'drop', required(values, 1, '@membername'));
    return 0;
  },
  sp_reset_connection: async ({ session }) => {
    await session.reset();
    return 0;
  },
  sp_tables: spTables,
  sp_columns: spColumns,
  sp_columns_90: spColumns,
  sp_columns_100: spColumns100,
  sp_pkeys: spPrimaryKeys,
  sp_fkeys: spForeignKeys,
  sp_statistics: spStatistics,
  sp_statistics_100: spStatistics,
  sp_special_columns: spSpecialColumns,
  sp_special_columns_90: spSpecialColumns,
  sp_special_columns_100: spSpecialColumns,
  sp_databases: spDatabases,
  sp_datatype_info: spDatatypeInfo,
  sp_datatype_info_90: spDatatypeInfo,
  sp_datatype_info_100: spDatatypeInfo100,
  sp_server_info: spServerInfo,
  sp_stored_procedures: spStoredProcedures,
  sp_sproc_columns: spProcedureColumns,
  sp_sproc_columns_90: spProcedureColumns,
  sp_sproc_columns_100: spProcedureColumns,
  sp_table_privileges: spTablePrivileges,
  sp_column_privileges: spColumnPrivileges,
  sp_tablecollations: spTableCollations,
  sp_tablecollations_90: spTableCollations,
  sp_tablecollations_100: spTableCollations,
  sp_describe_first_result_set: spDescribeFirstResultSet,
  sp_describe_undeclared_parameters: spDescribeUndeclaredParameters,
};
