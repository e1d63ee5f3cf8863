import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFormatDefinition } from '../catalog/objects.js';
import type { OptionMap } from '../dialect/ast.js';
import { quoteName, quoteText } from '../dialect/translate/quote.js';
import type { OutputColumn } from '../dialect/translate/typed.js';
import { type Bound, changeRows } from '../duckdb/run.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { Session } from '../interpreter/session.js';
import { familyOf } from '../types/sql-type.js';
import { below, type Location } from './location.js';
import { ownMark } from './parquet.js';
import { csvOptions } from './source-text.js';
import { type Access, openContainer, scratchDirectory, upload } from './storage.js';

/**
 * Writes the rows of a query as files below a location: DuckDB writes one per thread, several are uploaded at a time.
 * Timestamps go out as INT96, as the real pool writes them.
 * @returns rows written
 */
export async function exportQuery(
  session: Session,
  sql: string,
  values: readonly Bound[],
  columns: readonly OutputColumn[],
  target: Location,
  access: Access | undefined,
  format: FileFormatDefinition,
  requestId: string,
): Promise<number> {
  const container = await openContainer(session, target, access);
  const scratch = scratchDirectory(session);
  try {
    const items = columns.map((column) => `${exported(column)} AS ${quoteName(column.name)}`).join(', ');
    const query = `SELECT ${items} FROM (${sql}) AS e(${columns.map((column) => quoteName(column.name)).join(', ')})`;
    const { options, extension } = writerOptions(format);
    const directory = join(scratch.path, 'out');
    const rows = await changeRows(
      session.connection,
      `COPY (${query}) TO ${quoteText(directory)} (${options}, PER_THREAD_OUTPUT true)`,
      values,
    );
    const stamp = new Date().toISOString().replaceAll('-', '').replace('T', '_').replaceAll(':', '').slice(0, 15);
    const { rewriteTimestamps } = await import('./int96/rewrite-timestamps.js');
    const names = readdirSync(directory).sort();
    const files = await Promise.all(
      names.map(async (name, index) => {
        const file = join(directory, name);
        const changed = `${file}.int96`;
        const isChanged = extension.endsWith('.parquet') && (await rewriteTimestamps(file, changed));
        return {
          file: isChanged ? changed : file,
          path: below(target, `${requestId}_${stamp}_${index}${extension}`).path,
        };
      }),
    );
    await upload(container, target, files);
    return rows;
  } catch (error) {
    if (error instanceof SqlError && error.number === 105209)
      throw new SqlError(
        105005,
        `CREATE EXTERNAL TABLE AS SELECT statement failed as the path name '${target.container}@${target.account}/${target.path}' could not be used for export. Please ensure that the specified path is a directory which exists or can be created, and that files can be created in that directory. ${error.message}`,
        { cause: error },
      );
    throw error;
  } finally {
    scratch.remove();
  }
}

function exported(column: OutputColumn): string {
  const name = `e.${quoteName(column.name)}`;
  if (!column.type) return name;
  switch (familyOf(column.type)) {
    case 'guid':
      return `upper(CAST(${name} AS VARCHAR))`;
    case 'time':
      return `CAST(${name} AS TIME)`;
    default:
      return column.type.name === 'tinyint' ? `CAST(${name} AS SMALLINT)` : name;
  }
}

function writerOptions(format: FileFormatDefinition): { readonly options: string; readonly extension: string } {
  const kind = String(format.options.FORMAT_TYPE ?? '').toUpperCase();
  const compression = String(format.options.DATA_COMPRESSION ?? '').toLowerCase();
  if (kind === 'PARQUET') {
    const codec = compression.includes('gzip') ? 'gzip' : compression.includes('snappy') ? 'snappy' : 'uncompressed';
    return {
      options: `FORMAT parquet, COMPRESSION ${codec}, KV_METADATA {${quoteText(ownMark)}: '1'}`,
      extension: codec === 'uncompressed' ? '.parquet' : `.${codec}.parquet`,
    };
  }
  if (kind === 'DELIMITEDTEXT') {
    const text = csvOptions((format.options.FORMAT_OPTIONS ?? {}) as OptionMap, 'format');
    const gzip = compression.includes('gzip');
    return {
      options: `FORMAT csv, HEADER false, DELIMITER ${quoteText(text.fieldTerminator)}, QUOTE ${quoteText(text.quote || '"')}${gzip ? ', COMPRESSION gzip' : ''}`,
      extension: gzip ? '.txt.gz' : '.txt',
    };
  }
  throw notSupported(`export to the format ${kind}`, 0, 'PARQUET and DELIMITEDTEXT are there.');
}
