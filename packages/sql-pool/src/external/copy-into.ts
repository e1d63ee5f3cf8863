import type { TableColumn } from '../catalog/objects.js';
import type { OptionMap, StatementOf } from '../dialect/ast.js';
import { castTo } from '../dialect/translate/cast.js';
import { translateValue } from '../dialect/translate/expression.js';
import { quoteName } from '../dialect/translate/quote.js';
import { Scope } from '../dialect/translate/scope.js';
import { changeRows } from '../duckdb/run.js';
import { errors } from '../errors/catalogue.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { assigned } from '../interpreter/assignment.js';
import type { Context } from '../interpreter/context.js';
import { resolveName, shownName, storedName } from '../interpreter/names.js';
import { tableOf } from '../interpreter/relations.js';
import { autoCreateTable } from './auto-create-table.js';
import { type FileKind, filesSource, formatOf } from './fetch.js';
import { type Location, parseLocation } from './location.js';
import { type ErrorFile, RejectedRows } from './rejected-rows.js';
import { type Access, scratchDirectory } from './storage.js';

const known = [
  'FILE_TYPE',
  'FILE_FORMAT',
  'CREDENTIAL',
  'ERRORFILE',
  'ERRORFILE_CREDENTIAL',
  'MAXERRORS',
  'COMPRESSION',
  'FIELDQUOTE',
  'FIELDTERMINATOR',
  'ROWTERMINATOR',
  'FIRSTROW',
  'DATEFORMAT',
  'ENCODING',
  'IDENTITY_INSERT',
  'AUTO_CREATE_TABLE',
];
const csvOnly = ['FIELDQUOTE', 'FIELDTERMINATOR', 'ROWTERMINATOR', 'FIRSTROW', 'DATEFORMAT', 'ENCODING', 'ERRORFILE'];

/** COPY INTO: files to a scratch directory in parallel, one INSERT over them. @returns rows loaded */
export async function copyInto(context: Context, statement: StatementOf<'copyInto'>): Promise<number> {
  const { session } = context;
  const { options } = statement;
  await createIfAsked(context, statement);
  const { resolved, table } = tableOf(session, statement.table);
  session.demand('ADMINISTER DATABASE BULK OPERATIONS');
  session.demand('INSERT', resolved);
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw new SqlError(102, `Incorrect syntax near '${key}'.`, { severity: 15 });
  const kind = fileKind(context, options);
  if (kind.kind === 'parquet')
    for (const key of csvOnly)
      if (options[key] !== undefined)
        throw new SqlError(13812, `The option ${key} can only be used with FILE_TYPE = 'CSV'.`);
  const { targets, fileColumns } = columnPlan(
    context,
    statement,
    table.columns,
    String(options.IDENTITY_INSERT ?? 'OFF').toUpperCase() === 'ON',
  );
  const access = credential(options.CREDENTIAL);
  const most = maxErrors(options);
  const rejected =
    kind.kind !== 'parquet' && (most > 0 || options.ERRORFILE !== undefined)
      ? new RejectedRows(session, most)
      : undefined;
  const scratch = scratchDirectory(session);
  try {
    const sources: string[] = [];
    const first = parseLocation(statement.locations[0]!);
    for (const [index, text] of statement.locations.entries()) {
      const location = parseLocation(text);
      if (location.account !== first.account || location.container !== first.container)
        throw new SqlError(
          13814,
          'All locations of a COPY statement must be in the same storage account and container.',
        );
      sources.push(
        await filesSource(
          session,
          location,
          access,
          kind,
          fileColumns,
          scratch.path,
          `f${index}`,
          text.split('?')[0]!,
          rejected,
        ),
      );
    }
    await rejected?.check(errorFile(options, first, access), scratch.path);
    const union =
      sources.length === 1
        ? sources[0]!
        : `(${sources.map((source) => `SELECT * FROM ${source}`).join(' UNION ALL ')})`;
    const names = targets.map((target) => quoteName(target.column.name)).join(', ');
    const items = targets.map((target) => {
      const value = target.fallback === undefined ? target.source : `coalesce(${target.source}, ${target.fallback})`;
      return assigned({ sql: value, type: target.column.type }, target.column, shownName(resolved));
    });
    const sql = `INSERT INTO ${storedName(resolved)} (${names}) SELECT ${items.join(', ')} FROM ${union} AS s`;
    return await changeRows(session.connection, sql, []);
  } finally {
    await rejected?.drop();
    scratch.remove();
  }
}

/** AUTO_CREATE_TABLE makes a table that is not there yet; one that is stays as it is. */
async function createIfAsked(context: Context, statement: StatementOf<'copyInto'>): Promise<void> {
  const { options } = statement;
  if (String(options.AUTO_CREATE_TABLE ?? 'OFF').toUpperCase() !== 'ON') return;
  if (fileKind(context, options).kind !== 'parquet')
    throw new SqlError(13812, "The option AUTO_CREATE_TABLE can only be used with FILE_TYPE = 'PARQUET'.");
  if (statement.columns)
    throw new SqlError(13812, 'The option AUTO_CREATE_TABLE cannot be used with a list of columns.');
  if (options.MAXERRORS !== undefined)
    throw new SqlError(13812, 'The option AUTO_CREATE_TABLE cannot be used with MAXERRORS.');
  const { database, schema, name, temporary } = resolveName(context.session, statement.table);
  if (temporary || database.table(schema, name)) return;
  context.session.demand('ADMINISTER DATABASE BULK OPERATIONS');
  const location = parseLocation(statement.locations[0]!);
  await autoCreateTable(context, statement.table, location, credential(options.CREDENTIAL), statement.line);
}

function maxErrors(options: OptionMap): number {
  const most = Number(options.MAXERRORS ?? 0);
  if (!Number.isInteger(most) || most < 0)
    throw new SqlError(13812, `MAXERRORS is a number of rows, not '${String(options.MAXERRORS)}'.`);
  return most;
}

/** ERRORFILE is a path in the container of the files, or an address of its own with ERRORFILE_CREDENTIAL. */
function errorFile(options: OptionMap, files: Location, access: Access | undefined): ErrorFile | undefined {
  const path = options.ERRORFILE;
  if (typeof path !== 'string') return undefined;
  const own = credential(options.ERRORFILE_CREDENTIAL);
  if (/^\w+:\/\//.test(path)) return { location: parseLocation(path), access: own ?? access };
  return { location: { ...files, path: path.replace(/^\/+/, '') }, access: own ?? access };
}

interface Target {
  readonly column: TableColumn;
  /** Text of the file's value. */
  readonly source: string;
  readonly fallback: string | undefined;
}

/** Which column of the table takes which field of the file. Without a list, by position. */
function columnPlan(
  context: Context,
  statement: StatementOf<'copyInto'>,
  columns: readonly TableColumn[],
  identityInsert: boolean,
): { readonly targets: readonly Target[]; readonly fileColumns: readonly TableColumn[] } {
  const identity = columns.find((column) => column.identity);
  const list =
    statement.columns ?? columns.map((column) => ({ name: column.name, default: undefined, field: undefined }));
  if (!statement.columns && identity && !identityInsert)
    throw new SqlError(
      13815,
      `The table has the identity column '${identity.name}': COPY needs a list of the other columns, or IDENTITY_INSERT = 'ON'.`,
    );
  const chosen = list.map((entry, index) => {
    const column = columns.find((candidate) => candidate.name.toLowerCase() === entry.name.toLowerCase());
    if (!column) throw errors.invalidColumn(entry.name, statement.line);
    if (column.identity && !identityInsert)
      throw new SqlError(
        544,
        `Cannot insert explicit value for identity column in table '${statement.table.at(-1)}' when IDENTITY_INSERT is set to OFF.`,
      );
    const field = entry.field ?? index + 1;
    const fallback = entry.default
      ? castTo(translateValue(entry.default, new Scope(), context.newTranslation()), column.type).sql
      : undefined;
    return { column, field, fallback };
  });
  const width = Math.max(...chosen.map((entry) => entry.field));
  const fileColumns = Array.from({ length: width }, (_, index): TableColumn => {
    const found = chosen.find((entry) => entry.field === index + 1);
    return found
      ? { ...found.column, name: `f${index}`, nullable: true }
      : { name: `f${index}`, type: { name: 'nvarchar', length: -1 }, nullable: true };
  });
  // Messages about a file's column should name the column of the table.
  const named = fileColumns.map((column, index) => ({
    ...column,
    name: chosen.find((entry) => entry.field === index + 1)?.column.name ?? column.name,
  }));
  return {
    targets: chosen.map((entry) => ({
      column: entry.column,
      source: `s.${quoteName(named[entry.field - 1]!.name)}`,
      fallback: entry.fallback,
    })),
    fileColumns: named,
  };
}

function fileKind(context: Context, options: OptionMap): FileKind {
  const named = options.FILE_FORMAT;
  if (typeof named === 'string') {
    const format = formatOf(context.session.database, named);
    const type = String(format.options.FORMAT_TYPE ?? '').toUpperCase();
    if (type === 'PARQUET') return { kind: 'parquet' };
    if (type === 'DELIMITEDTEXT')
      return { kind: 'format', options: { ...((format.options.FORMAT_OPTIONS ?? {}) as OptionMap), ...options } };
    throw notSupported(`COPY INTO of ${type}`);
  }
  const type = String(options.FILE_TYPE ?? 'CSV').toUpperCase();
  if (type === 'PARQUET') return { kind: 'parquet' };
  if (type === 'CSV') return { kind: 'csv', options };
  throw notSupported(`COPY INTO of FILE_TYPE '${type}'`, 0, 'PARQUET and CSV are there.');
}

function credential(option: OptionMap[string] | undefined): Access | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'string' || Array.isArray(option))
    throw new SqlError(102, "Incorrect syntax near 'CREDENTIAL'.", { severity: 15 });
  const map = option as OptionMap;
  const identity = map.IDENTITY;
  const secret = map.SECRET;
  if (typeof identity !== 'string')
    throw new SqlError(102, "Incorrect syntax near 'CREDENTIAL': IDENTITY is missing.", { severity: 15 });
  return { identity, secret: typeof secret === 'string' ? secret : undefined };
}
