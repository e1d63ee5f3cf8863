import { CrossviewError, type PoolTarget } from '@crossview/contracts';
import type { Step } from './steps.js';
import { identifier, literal } from './tsql/quote.js';

/** SQL Server's numbers for a permission that is missing. */
const refusals: ReadonlySet<number> = new Set([229, 230, 262, 297, 300, 1088, 15_151, 15_247]);

const createTables = (user: string) => `GRANT CREATE TABLE TO ${user}; GRANT ALTER ON SCHEMA::[schema] TO ${user};`;
const exporter = (user: string) => `EXEC sp_addrolemember 'db_exporter', ${literal(user.slice(1, -1))};`;
const preMade = () =>
  'Name an external data source that is there (Constants.DATA_SOURCE): making one needs CONTROL on the database.';

/** The grants that help a step, as the statements to run. */
const needed: Partial<Record<Step, (user: string) => string>> = {
  inspectTable: (user) => `GRANT SELECT ON [schema].[table] TO ${user};`,
  inspectQuery: (user) => `GRANT SELECT ON [schema].[table] TO ${user};`,
  countOnly: (user) => `GRANT SELECT ON [schema].[table] TO ${user};`,
  countRows: (user) => `GRANT SELECT ON SCHEMA::[schema] TO ${user};`,
  createStageTable: createTables,
  createExternalTable: (user) => `${createTables(user)} ${exporter(user)}`,
  copyInto: (user) =>
    `GRANT ADMINISTER DATABASE BULK OPERATIONS TO ${user}; GRANT INSERT ON [schema].[table] TO ${user};`,
  loadFromExternalTable: (user) => `GRANT INSERT ON [schema].[table] TO ${user};`,
  insertFromStage: (user) => `GRANT INSERT ON [schema].[table] TO ${user};`,
  truncateTarget: (user) => `GRANT ALTER ON [schema].[table] TO ${user};`,
  renameTables: (user) => `GRANT ALTER ON SCHEMA::[schema] TO ${user};`,
  switchTables: (user) => `GRANT ALTER ON SCHEMA::[schema] TO ${user};`,
  renameNew: (user) => `GRANT ALTER ON SCHEMA::[schema] TO ${user};`,
  exportRows: (user) => `${exporter(user)} GRANT SELECT ON [schema].[table] TO ${user};`,
  createMasterKey: preMade,
  createCredential: preMade,
  createDataSource: preMade,
  createFileFormat: (user) => `GRANT ALTER ANY EXTERNAL FILE FORMAT TO ${user};`,
};

/** A refusal with the statements that an administrator can run, in place of what is said of any refusal; any other error as it is. */
export function withNeededGrants(thrown: unknown, step: Step, target: PoolTarget): unknown {
  if (!(thrown instanceof CrossviewError) || !refusals.has(Number(thrown.facts.number))) return thrown;
  const help = needed[step]?.(target.login.kind === 'sql' ? identifier(target.login.user) : '[user@domain]');
  if (help === undefined) return thrown;
  return new CrossviewError(thrown.code, thrown.message, {
    hint: `An administrator of database "${target.database}" can help: ${help}`,
    facts: thrown.facts,
  });
}
