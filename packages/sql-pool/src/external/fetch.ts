import type { Database } from '../catalog/database.js';
import type { ExternalTableDefinition, FileFormatDefinition, TableColumn } from '../catalog/objects.js';
import type { OptionMap } from '../dialect/ast.js';
import type { ExternalUse } from '../dialect/translate/translation.js';
import { errors } from '../errors/catalogue.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { resolveName } from '../interpreter/names.js';
import type { Session } from '../interpreter/session.js';
import { below, type Location, parseLocation } from './location.js';
import { checkParquet } from './parquet.js';
import { toPlainText } from './plain-text.js';
import { RejectedRows } from './rejected-rows.js';
import { type CsvOptions, csvOptions, csvSource, emptySource, parquetSource } from './source-text.js';
import { type Access, download, type LocalFiles, listFiles, openContainer, scratchDirectory } from './storage.js';

export interface ExternalFiles {
  /** Placeholder → DuckDB text of the rows. */
  readonly sources: ReadonlyMap<string, string>;
  /** Removes the local files and what was staged of them. May be called twice. */
  remove(): Promise<void>;
}

/** IDENTITY and SECRET of a scoped credential of the database. @throws SqlError 15151 */
export function accessOf(session: Session, database: Database, credential: string | undefined): Access | undefined {
  if (credential === undefined) return undefined;
  const found = database.find('credential', credential);
  if (!found) throw errors.notFound('credential', credential);
  return {
    identity: found.identity,
    secret: found.secret === undefined ? undefined : session.services.catalog.secrets.open(found.secret),
  };
}

export function locationOf(
  session: Session,
  database: Database,
  dataSource: string,
  path: string,
): { readonly location: Location; readonly access: Access | undefined } {
  const source = database.find('dataSource', dataSource);
  if (!source) throw errors.notFound('external data source', dataSource);
  return {
    location: below(parseLocation(source.location), path),
    access: accessOf(session, database, source.credential),
  };
}

export function formatOf(database: Database, name: string): FileFormatDefinition {
  const found = database.find('fileFormat', name);
  if (!found) throw errors.notFound('external file format', name);
  return found;
}

/** Brings the files of every external table and OPENROWSET of a statement here. */
export async function fetchExternals(session: Session, uses: readonly ExternalUse[]): Promise<ExternalFiles> {
  const scratch = scratchDirectory(session);
  const sources = new Map<string, string>();
  const staged: RejectedRows[] = [];
  const remove = async () => {
    for (const rejected of staged) await rejected.drop();
    scratch.remove();
  };
  try {
    for (const [index, use] of uses.entries()) {
      if (use.table) {
        const resolved = resolveName(session, use.table);
        const table = resolved.database.find('externalTable', resolved.schema, resolved.name);
        if (!table) throw errors.invalidObject(use.table.join('.'));
        sources.set(
          use.placeholder,
          await externalTableSource(session, resolved.database, table, scratch.path, `t${index}`, staged),
        );
      } else if (use.rowset) {
        const columns = (use.rowset.columns ?? []).map(
          (column): TableColumn => ({ name: column.name, type: column.type, nullable: true }),
        );
        const format = use.rowset.options.get('FORMAT')?.toUpperCase() ?? 'PARQUET';
        const texts: string[] = [];
        for (const [part, text] of use.rowset.locations.entries()) {
          const named = use.rowset.options.get('DATA_SOURCE');
          const { location, access } = named
            ? locationOf(session, session.database, named, text)
            : { location: parseLocation(text), access: undefined };
          const options: OptionMap = Object.fromEntries(use.rowset.options);
          texts.push(
            await filesSource(
              session,
              location,
              access,
              format === 'CSV' ? { kind: 'csv', options } : { kind: 'parquet' },
              columns,
              scratch.path,
              `r${index}-${part}`,
              text,
            ),
          );
        }
        sources.set(
          use.placeholder,
          texts.length === 1 ? texts[0]! : `(${texts.map((text) => `SELECT * FROM ${text}`).join(' UNION ALL ')})`,
        );
      }
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { sources, remove };
}

async function externalTableSource(
  session: Session,
  database: Database,
  table: ExternalTableDefinition,
  directory: string,
  prefix: string,
  staged: RejectedRows[],
): Promise<string> {
  const { location, access } = locationOf(session, database, table.dataSource, table.location);
  const format = formatOf(database, table.fileFormat);
  const kind = String(format.options.FORMAT_TYPE ?? '').toUpperCase();
  if (kind === 'PARQUET')
    return filesSource(
      session,
      location,
      access,
      { kind: 'parquet' },
      table.columns,
      directory,
      prefix,
      table.location,
    );
  if (kind === 'DELIMITEDTEXT') {
    const inner = (format.options.FORMAT_OPTIONS ?? {}) as OptionMap;
    const options = {
      ...inner,
      ...(format.options.DATA_COMPRESSION ? { DATA_COMPRESSION: format.options.DATA_COMPRESSION } : {}),
    };
    const rejected = (table.rejectValue ?? 0) > 0 ? new RejectedRows(session, table.rejectValue!) : undefined;
    if (rejected) staged.push(rejected);
    const source = await filesSource(
      session,
      location,
      access,
      { kind: 'format', options },
      table.columns,
      directory,
      prefix,
      table.location,
      rejected,
    );
    await rejected?.check(undefined, directory);
    return source;
  }
  throw notSupported(`external files of the format ${kind}`, 0, 'PARQUET and DELIMITEDTEXT are there.');
}

export type FileKind = { readonly kind: 'parquet' } | { readonly kind: 'csv' | 'format'; readonly options: OptionMap };

/** Downloads what a location means and gives the DuckDB text of its rows. @param rejected takes text files of which rows may be bad */
export async function filesSource(
  session: Session,
  location: Location,
  access: Access | undefined,
  kind: FileKind,
  columns: readonly TableColumn[],
  directory: string,
  prefix: string,
  shown: string,
  rejected?: RejectedRows,
): Promise<string> {
  const container = await openContainer(session, location, access);
  const found = await listFiles(container, location);
  if (found.length === 0) {
    const path = `${location.container}@${location.account}/${location.path}`;
    throw new SqlError(13807, `Content of directory on path '${shown}' cannot be listed: there is no file at ${path}.`);
  }
  const filled = found.filter((file) => file.bytes > 0);
  if (filled.length === 0) return emptySource(columns);
  const extension = kind.kind === 'parquet' ? '.parquet' : '.txt';
  const local = await download(
    container,
    location,
    filled.map((file) => file.path),
    directory,
    prefix,
    extension,
  );
  if (kind.kind === 'parquet') {
    for (const [index, file] of local.files.entries())
      await checkParquet(session.connection, file, local.names[index]!, columns);
    return parquetSource(local.files, columns);
  }
  const options = csvOptions(kind.options, kind.kind === 'csv' ? 'copy' : 'format');
  const texts = await plainTexts(local, options);
  if (rejected) return rejected.stage(texts.files, columns, texts.options);
  return csvSource(texts.files, columns, texts.options);
}

/** DuckDB reads UTF-8, plain or all of it gzip: what is other is made so first. */
async function plainTexts(
  { files, names }: LocalFiles,
  options: CsvOptions,
): Promise<{ readonly files: readonly string[]; readonly options: CsvOptions }> {
  const zipped = names.map((name) => options.gzip || (options.detect && /\.gz(ip)?$/i.test(name)));
  if (!options.utf16 && new Set(zipped).size === 1) return { files, options: { ...options, gzip: zipped[0]! } };
  const plain: string[] = [];
  for (const [index, file] of files.entries())
    plain.push(
      zipped[index] || options.utf16 ? await toPlainText(file, { gzip: zipped[index]!, utf16: options.utf16 }) : file,
    );
  return { files: plain, options: { ...options, gzip: false } };
}
