import { CrossviewError } from '@crossview/contracts';
import { identifier, literal, plainLiteral } from '@crossview/synapse';
import { loadProfile } from './load-config.js';
import { stagingPlace } from './storages.js';

export interface InitScriptOptions {
  readonly user: readonly string[];
  /** The users have SQL logins. */
  readonly login?: boolean;
  readonly schema: readonly string[];
  readonly account?: string;
  readonly container?: string;
  readonly credential: string;
  readonly dataSource: string;
  readonly fileFormat: string;
  readonly readOnly?: boolean;
}

const credentials: Readonly<Record<string, string>> = {
  'managed-identity': `WITH IDENTITY = 'Managed Service Identity'`,
  key: `WITH IDENTITY = 'crossview', SECRET = '<access key of the storage account>'`,
};

function unless(condition: string, statement: string): string {
  return `IF NOT EXISTS (${condition})\n    ${statement};`;
}

function principal(user: string, login: boolean): string {
  const make = `CREATE USER ${identifier(user)} ${login ? `FOR LOGIN ${identifier(user)}` : 'FROM EXTERNAL PROVIDER'}`;
  return unless(`SELECT * FROM sys.database_principals WHERE name = ${literal(user)}`, make);
}

/** What a user needs, as the Synapse connector documents it: `db_exporter` to read, four grants to write. */
function grants(user: string, schemas: readonly string[], readOnly: boolean): string[] {
  const to = identifier(user);
  const lines = [`EXEC sp_addrolemember 'db_exporter', ${literal(user)};`];
  for (const schema of schemas) lines.push(`GRANT SELECT ON SCHEMA::${identifier(schema)} TO ${to};`);
  if (readOnly) return lines;
  lines.push(`GRANT CREATE TABLE TO ${to};`, `GRANT ADMINISTER DATABASE BULK OPERATIONS TO ${to};`);
  for (const schema of schemas)
    lines.push(
      `GRANT ALTER ON SCHEMA::${identifier(schema)} TO ${to};`,
      `GRANT INSERT ON SCHEMA::${identifier(schema)} TO ${to};`,
    );
  return lines;
}

/**
 * The T-SQL that an administrator runs once in a database of a real pool. It may be run again. Secrets are left as places to fill in.
 * @throws CrossviewError `POOL_ARGUMENTS`.
 */
export function initScript(options: InitScriptOptions, directory = process.cwd()): string {
  const credential = credentials[options.credential];
  if (credential === undefined)
    throw new CrossviewError('POOL_ARGUMENTS', `--credential ${options.credential} is not known`, {
      hint: `It is ${Object.keys(credentials).join(' or ')}.`,
    });
  const staging = stagingPlace(loadProfile(directory));
  const account = options.account ?? staging.account;
  const container = options.container ?? staging.container;
  const users = options.user.length > 0 ? options.user : ['user@domain'];
  const schemas = options.schema.length > 0 ? options.schema : ['dbo'];
  const { dataSource, fileFormat, login = false, readOnly = false } = options;
  const credentialName = `${dataSource}_credential`;
  const location = `abfss://${container}@${account}.dfs.core.windows.net`;
  const lines = [
    '-- Sets a dedicated SQL pool up for synapsesql. Run it once, as an administrator, in the database itself (not in master).',
    '-- Afterwards notebooks name the data source: option(Constants.DATA_SOURCE, …), and nobody but you needs CONTROL.',
    '',
    unless(
      `SELECT * FROM sys.symmetric_keys WHERE name = N'##MS_DatabaseMasterKey##'`,
      `CREATE MASTER KEY ENCRYPTION BY PASSWORD = '<a password that you keep>'`,
    ),
    unless(
      `SELECT * FROM sys.database_scoped_credentials WHERE name = ${literal(credentialName)}`,
      `CREATE DATABASE SCOPED CREDENTIAL ${identifier(credentialName)} ${credential}`,
    ),
    unless(
      `SELECT * FROM sys.external_data_sources WHERE name = ${literal(dataSource)}`,
      `CREATE EXTERNAL DATA SOURCE ${identifier(dataSource)} WITH (TYPE = HADOOP, LOCATION = ${plainLiteral(location)}, CREDENTIAL = ${identifier(credentialName)})`,
    ),
    unless(
      `SELECT * FROM sys.external_file_formats WHERE name = ${literal(fileFormat)}`,
      `CREATE EXTERNAL FILE FORMAT ${identifier(fileFormat)} WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec')`,
    ),
    '',
    ...schemas
      .filter((schema) => schema.toLowerCase() !== 'dbo')
      .map((schema) =>
        unless(
          `SELECT * FROM sys.schemas WHERE name = ${literal(schema)}`,
          `EXEC(${literal(`CREATE SCHEMA ${identifier(schema)}`)})`,
        ),
      ),
    ...users.flatMap((user) => ['', principal(user, login), ...grants(user, schemas, readOnly)]),
    '',
    '-- Storage: give the notebooks’ identity, and with managed-identity the identity of the workspace or server,',
    `-- the role "Storage Blob Data Contributor" on container "${container}" of account "${account}".`,
  ];
  return lines.join('\n');
}
