import { type ExternalTableDefinition, type TableColumn, toTableColumn } from '../../catalog/objects.js';
import type { OptionMap } from '../../dialect/ast.js';
import { renamed, translateQuery } from '../../dialect/translate/query.js';
import { readRows } from '../../duckdb/run.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { copyInto as load } from '../../external/copy-into.js';
import { exportQuery } from '../../external/export.js';
import { formatOf, locationOf } from '../../external/fetch.js';
import { parseLocation } from '../../external/location.js';
import type { Context } from '../context.js';
import { kindOf } from '../facts.js';
import { resolveName } from '../names.js';
import { type Handler, next } from './handler.js';

function text(options: OptionMap, key: string): string | undefined {
  const value = options[key];
  return typeof value === 'string' ? value : undefined;
}

function required(options: OptionMap, key: string, what: string): string {
  const value = text(options, key);
  if (value === undefined) throw new SqlError(46501, `The option ${key} is missing in ${what}.`, { severity: 15 });
  return value;
}

function only(options: OptionMap, known: readonly string[]): void {
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw new SqlError(46503, `Invalid option '${key}'.`, { severity: 15 });
}

export const createMasterKey: Handler<'createMasterKey'> = async ({ session, output }) => {
  session.demand('CONTROL');
  if (session.database.find('masterKey', 'masterKey'))
    throw new SqlError(
      15578,
      'There is already a master key in the database. Please drop it before performing this statement.',
    );
  await session.database.put('masterKey', ['masterKey'], { name: 'masterKey' });
  output.done('none', undefined);
  return next;
};

export const createCredential: Handler<'createCredential' | 'alterCredential'> = async (
  { session, output },
  statement,
) => {
  session.demand('CONTROL');
  const found = session.database.find('credential', statement.name);
  if (statement.kind === 'createCredential' && found)
    throw new SqlError(15530, `The credential with name "${statement.name}" already exists.`);
  if (statement.kind === 'alterCredential' && !found) throw errors.notFound('credential', statement.name);
  if (!session.database.find('masterKey', 'masterKey') && statement.secret !== undefined)
    throw new SqlError(
      15581,
      'Please create a master key in the database or open the master key in the session before performing this operation.',
    );
  const secret = statement.secret === undefined ? undefined : session.services.catalog.secrets.seal(statement.secret);
  await session.database.put('credential', [statement.name], {
    name: statement.name,
    identity: statement.identity,
    secret,
  });
  output.done('none', undefined);
  return next;
};

export const createDataSource: Handler<'createExternalDataSource'> = async ({ session, output }, statement) => {
  session.demand('ALTER ANY EXTERNAL DATA SOURCE');
  only(statement.options, ['TYPE', 'LOCATION', 'CREDENTIAL', 'RESOURCE_MANAGER_LOCATION', 'PUSHDOWN']);
  if (session.database.find('dataSource', statement.name))
    throw new SqlError(46502, `External data source with name '${statement.name}' already exists.`);
  const location = required(statement.options, 'LOCATION', 'CREATE EXTERNAL DATA SOURCE');
  parseLocation(location);
  const credential = text(statement.options, 'CREDENTIAL');
  if (credential !== undefined && !session.database.find('credential', credential))
    throw errors.notFound('credential', credential);
  await session.database.put('dataSource', [statement.name], {
    name: statement.name,
    location,
    type: (text(statement.options, 'TYPE') ?? 'HADOOP').toUpperCase(),
    credential,
  });
  output.done('none', undefined);
  return next;
};

export const createFileFormat: Handler<'createExternalFileFormat'> = async ({ session, output }, statement) => {
  session.demand('ALTER ANY EXTERNAL FILE FORMAT');
  only(statement.options, ['FORMAT_TYPE', 'DATA_COMPRESSION', 'FORMAT_OPTIONS', 'SERDE_METHOD']);
  const type = required(statement.options, 'FORMAT_TYPE', 'CREATE EXTERNAL FILE FORMAT').toUpperCase();
  if (!['PARQUET', 'DELIMITEDTEXT', 'ORC', 'RCFILE'].includes(type))
    throw new SqlError(46509, `The format type '${type}' is not valid.`, { severity: 15 });
  if (type === 'ORC' || type === 'RCFILE')
    throw notSupported(`external files of the format ${type}`, statement.line, 'PARQUET and DELIMITEDTEXT are there.');
  if (session.database.find('fileFormat', statement.name))
    throw new SqlError(46502, `External file format with name '${statement.name}' already exists.`);
  await session.database.put('fileFormat', [statement.name], { name: statement.name, options: statement.options });
  output.done('none', undefined);
  return next;
};

/** What every external table needs: rights, a free name, a source and a format that are there. */
async function claim(
  context: Context,
  name: readonly string[],
  options: OptionMap,
): Promise<{
  readonly schema: string;
  readonly object: string;
  readonly table: Omit<ExternalTableDefinition, 'columns' | 'schema' | 'name'>;
}> {
  const { session } = context;
  if (session.transaction !== 'none') throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  only(options, [
    'LOCATION',
    'DATA_SOURCE',
    'FILE_FORMAT',
    'REJECT_TYPE',
    'REJECT_VALUE',
    'REJECT_SAMPLE_VALUE',
    'REJECTED_ROW_LOCATION',
  ]);
  const resolved = resolveName(session, name);
  session.demand('CREATE TABLE');
  session.demand('ALTER ANY EXTERNAL DATA SOURCE');
  session.demand('ALTER ANY EXTERNAL FILE FORMAT');
  if (
    !session.database.schema(resolved.schema) &&
    session.services.catalog.createDatabases &&
    session.may('CREATE SCHEMA')
  )
    await session.database.createSchema(resolved.schema);
  const schema = session.database.schema(resolved.schema);
  if (!schema || !session.may('ALTER', { schema })) throw errors.noSchema(resolved.schema);
  if (kindOf(session, name)) throw errors.alreadyThere(resolved.name);
  const dataSource = required(options, 'DATA_SOURCE', 'the external table');
  const fileFormat = required(options, 'FILE_FORMAT', 'the external table');
  const location = required(options, 'LOCATION', 'the external table');
  if (!session.database.find('dataSource', dataSource)) throw errors.notFound('external data source', dataSource);
  formatOf(session.database, fileFormat);
  const rejectValue = text(options, 'REJECT_VALUE');
  if (text(options, 'REJECT_TYPE')?.toUpperCase() === 'PERCENTAGE')
    throw notSupported('REJECT_TYPE = PERCENTAGE', 0, 'Give a number of rows: REJECT_TYPE = VALUE.');
  return {
    schema,
    object: resolved.name,
    table: {
      location,
      dataSource,
      fileFormat,
      rejectType: text(options, 'REJECT_TYPE')?.toUpperCase(),
      rejectValue: rejectValue === undefined ? undefined : Number(rejectValue),
    },
  };
}

export const createExternalTable: Handler<'createExternalTable'> = async (context, statement) => {
  const { session } = context;
  const { schema, object, table } = await claim(context, statement.name, statement.options);
  for (const column of statement.columns)
    if (column.default) throw new SqlError(46518, 'An external table cannot have a DEFAULT.', { severity: 15 });
  await session.database.put('externalTable', [schema, object], {
    ...table,
    schema,
    name: object,
    columns: statement.columns.map(toTableColumn),
  });
  context.output.done('none', undefined);
  return next;
};

/** CETAS: the rows go out as files, the table stays to read them back. */
export const createExternalTableAs: Handler<'createExternalTableAs'> = async (context, statement) => {
  const { session } = context;
  const { schema, object, table } = await claim(context, statement.name, statement.options);
  session.demand('ADMINISTER DATABASE BULK OPERATIONS');
  const translation = context.newTranslation();
  const query = translateQuery(statement.query, undefined, translation);
  context.demandReads(translation);
  const columns = renamed(query.columns, [], object);
  const { location, access } = locationOf(session, session.database, table.dataSource, table.location);
  const format = formatOf(session.database, table.fileFormat);
  const values = context.bound(translation);
  const rows = await context.withExternals(translation, query.sql, async (sql) => {
    const { types } = await readRows(session.connection, `SELECT * FROM (${sql}) LIMIT 0`, values);
    const shaped = columns.map(
      (column, index): TableColumn => ({ name: column.name, type: column.type ?? types[index]!, nullable: true }),
    );
    const count = await exportQuery(
      session,
      sql,
      values,
      shaped.map(({ name, type }) => ({ name, type })),
      location,
      access,
      format,
      session.lastRequest ?? 'QID0',
    );
    await session.database.put('externalTable', [schema, object], { ...table, schema, name: object, columns: shaped });
    return count;
  });
  session.rowCount = rows;
  context.output.done('select', rows);
  return next;
};

export const copyInto: Handler<'copyInto'> = async (context, statement) => {
  const rows = await load(context, statement);
  context.session.rowCount = rows;
  context.output.done('insert', rows);
  return next;
};
