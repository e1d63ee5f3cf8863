import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileFormatDefinition } from '../catalog/objects.js';
import type { OptionMap } from '../dialect/ast.js';
import { castTo } from '../dialect/translate/cast.js';
import { seventhDigit, utcClock, wallClock } from '../dialect/translate/moment.js';
import { quoteName, quoteText } from '../dialect/translate/quote.js';
import type { OutputColumn } from '../dialect/translate/typed.js';
import { type Bound, changeRows } from '../duckdb/run.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { Session } from '../interpreter/session.js';
import { isExact, max } from '../types/sql-type.js';
import { eachFile, filesAsTheyEnd } from './files-as-they-end.js';
import { below, type Location } from './location.js';
import { ownMark } from './parquet.js';
import { csvOptions } from './source-text.js';
import { type Access, openContainer, scratchDirectory, upload } from './storage.js';

/** Some 500,000 rows: enough for readers, and few enough that a file goes out while the next ones are written. */
const rowGroupsOfFile = 4;
const parallelUploads = 4;

/**
 * Writes the rows of a query as files below a location: each thread of DuckDB's writes one after the other, and those that are
 * complete are uploaded meanwhile. Timestamps go out as INT96, as the real pool writes them.
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
  const sent: string[] = [];
  let written: Promise<number> | undefined;
  try {
    const text = String(format.options.FORMAT_TYPE ?? '').toUpperCase() === 'DELIMITEDTEXT';
    const items = columns.map((column) => `${exported(column, text)} AS ${quoteName(column.name)}`).join(', ');
    const query = `SELECT ${items} FROM (${sql}) AS e(${columns.map((column) => quoteName(column.name)).join(', ')})`;
    const { options, extension } = writerOptions(format);
    const directory = join(scratch.path, 'out');
    const stamp = new Date().toISOString().replaceAll('-', '').replace('T', '_').replaceAll(':', '').slice(0, 15);
    const { rewriteTimestamps } = await import('./int96/rewrite-timestamps.js');
    written = changeRows(
      session.connection,
      `COPY (${query}) TO ${quoteText(directory)} (${options}, PER_THREAD_OUTPUT true)`,
      values,
    );
    await eachFile(filesAsTheyEnd(directory, written), parallelUploads, async (file) => {
      const { path } = below(target, `${requestId}_${stamp}_${sent.length}${extension}`);
      sent.push(path);
      const changed = join(scratch.path, `${basename(file)}.int96`);
      const isChanged = extension.endsWith('.parquet') && (await rewriteTimestamps(file, changed));
      await upload(container, target, [{ file: isChanged ? changed : file, path }]);
      rmSync(file);
      rmSync(changed, { force: true });
    });
    return await written;
  } catch (thrown) {
    // Files that DuckDB has given up fail here as well, and say less.
    const error = await (written ?? Promise.resolve()).then(
      () => thrown,
      (reason: unknown) => reason,
    );
    for (const path of sent) await container.removeDirectory(path).catch(() => {});
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

/** A column as the files have it: what DuckDB keeps as a number is a time again, and an instant in Parquet. */
function exported({ name: column, type }: OutputColumn, text: boolean): string {
  const name = `e.${quoteName(column)}`;
  if (!type) return name;
  if (type.name === 'uniqueidentifier') return `upper(CAST(${name} AS VARCHAR))`;
  if (type.name === 'tinyint') return `CAST(${name} AS SMALLINT)`;
  if (type.name !== 'datetimeoffset' && !isExact(type)) return name;
  const value = { sql: name, type };
  if (text) return castTo(value, { name: 'varchar', length: max }).sql;
  const refusal = `§40517§not supported by the local pool: the seventh digit of the seconds of column ''${column.replaceAll("'", "''")}'' in Parquet; cast it to ${type.name}(6)`;
  const moment =
    type.name === 'time'
      ? `CAST(${wallClock(value)} AS TIME)`
      : `${utcClock(value)}${type.name === 'datetimeoffset' ? " AT TIME ZONE 'UTC'" : ''}`;
  return `CASE WHEN ${seventhDigit(value)} <> 0 THEN error('${refusal}') ELSE ${moment} END`;
}

function writerOptions(format: FileFormatDefinition): { readonly options: string; readonly extension: string } {
  const kind = String(format.options.FORMAT_TYPE ?? '').toUpperCase();
  const compression = String(format.options.DATA_COMPRESSION ?? '').toLowerCase();
  if (kind === 'PARQUET') {
    const codec = compression.includes('gzip') ? 'gzip' : compression.includes('snappy') ? 'snappy' : 'uncompressed';
    return {
      options: `FORMAT parquet, COMPRESSION ${codec}, ROW_GROUPS_PER_FILE ${rowGroupsOfFile}, KV_METADATA {${quoteText(ownMark)}: '1'}`,
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
