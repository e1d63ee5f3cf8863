import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableColumn } from '../catalog/objects.js';
import { castTo } from '../dialect/translate/cast.js';
import { macro, quoteName } from '../dialect/translate/quote.js';
import { readRows } from '../duckdb/run.js';
import { SqlError } from '../errors/sql-error.js';
import type { Session } from '../interpreter/session.js';
import { familyOf, max, printType } from '../types/sql-type.js';
import { below, type Location } from './location.js';
import { type CsvOptions, dateStyle, readCsvText } from './source-text.js';
import { type Access, openContainer, upload } from './storage.js';

let next = 1;

interface Stage {
  readonly table: string;
  readonly rejects: string;
  readonly columns: readonly TableColumn[];
}

/** Where rejected rows are described: below the directory that ERRORFILE names. */
export interface ErrorFile {
  readonly location: Location;
  readonly access: Access | undefined;
}

/**
 * Text files of which some rows may be bad (MAXERRORS, ERRORFILE): each file is read once into a temporary table with the
 * value of every field that could be converted and the number of the first that could not.
 */
export class RejectedRows {
  readonly #session: Session;
  readonly #most: number;
  readonly #stages: Stage[] = [];

  /** @param most rows that may be rejected */
  constructor(session: Session, most: number) {
    this.#session = session;
    this.#most = most;
  }

  /** @returns the DuckDB text of the good rows of the files */
  async stage(files: readonly string[], columns: readonly TableColumn[], options: CsvOptions): Promise<string> {
    const number = next++;
    const table = `temp.main."$staged${number}"`;
    const rejects = `crossview_rejects_${number}`;
    const style = options.dateFormat === undefined ? undefined : dateStyle(options.dateFormat);
    const values: string[] = [];
    const reasons: string[] = [];
    for (const [index, column] of columns.entries()) {
      const raw = { sql: `f.c${index}`, type: { name: 'varchar' as const, length: max } };
      const { type } = column;
      const text = familyOf(type) === 'string';
      const value = text
        ? raw.sql
        : castTo(raw, type, { attempt: true, ...(style === undefined ? {} : { style }) }).sql;
      values.push(`${value} AS v${index}`);
      const long = text && type.length !== undefined && type.length !== max;
      if (long) reasons.push(`WHEN ${macro('utf16_length', raw.sql)} > ${type.length} THEN ${index}`);
      else if (!text) reasons.push(`WHEN ${raw.sql} IS NOT NULL AND ${value} IS NULL THEN ${index}`);
    }
    const bad = reasons.length === 0 ? '-1' : `CASE ${reasons.join(' ')} ELSE -1 END`;
    const source = readCsvText(files, columns.length, options, [
      'ignore_errors = true',
      'store_rejects = true',
      `rejects_table = '${rejects}'`,
      `rejects_scan = 'crossview_scans_${number}'`,
    ]);
    await this.#session.connection.run(
      `CREATE TEMP TABLE ${table} AS SELECT f.*, ${values.join(', ')}, CAST(${bad} AS INTEGER) AS bad FROM ${source} AS f`,
    );
    this.#stages.push({ table, rejects, columns });
    const items = columns.map((column, index) => `v${index} AS ${quoteName(column.name)}`);
    return `(SELECT ${items.join(', ')} FROM ${table} WHERE bad < 0)`;
  }

  /**
   * Counts the rejected rows and writes them to the error file.
   * @throws SqlError 107090 when there are more than may be
   */
  async check(target: ErrorFile | undefined, directory: string): Promise<void> {
    const { connection } = this.#session;
    const lines: string[] = [];
    const reasons: string[] = [];
    let rejected = 0;
    let total = 0;
    for (const { table, rejects, columns } of this.#stages) {
      const fields = columns.map((_, index) => `c${index}`).join(', ');
      const bad = await readRows(connection, `SELECT bad, ${fields} FROM ${table} WHERE bad >= 0 LIMIT 100000`);
      const counted = await readRows(connection, `SELECT count(*), count(*) FILTER (WHERE bad >= 0) FROM ${table}`);
      const broken = await readRows(
        connection,
        `SELECT line, any_value(error_message), any_value(csv_line) FROM "${rejects}" GROUP BY line, file_id`,
      );
      for (const [index, ...values] of bad.rows) {
        const column = columns[Number(index)]!;
        lines.push(values.map((value) => (value === null ? '' : String(value))).join('\t'));
        reasons.push(
          `Column ${Number(index) + 1} '${column.name}': '${values[Number(index)]}' cannot be converted to ${printType(column.type)}.`,
        );
      }
      for (const [line, message, text] of broken.rows) {
        lines.push(String(text ?? ''));
        reasons.push(`Line ${line}: ${String(message).split('\n')[0]}`);
      }
      rejected += Number(counted.rows[0]![1]) + broken.rows.length;
      total += Number(counted.rows[0]![0]) + broken.rows.length;
    }
    if (target && rejected > 0) await this.#tell(target, directory, lines, reasons);
    if (rejected > this.#most)
      throw new SqlError(
        107090,
        `Query aborted-- the maximum reject threshold (${this.#most} rows) was reached while reading from an external source: ${rejected} rows rejected out of total ${total} rows processed. ${reasons[0] ?? ''}`,
      );
  }

  /** As the real pool lays it out: a directory for the time of the load with one file of rows and one of reasons. */
  async #tell(
    target: ErrorFile,
    directory: string,
    lines: readonly string[],
    reasons: readonly string[],
  ): Promise<void> {
    const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
    const name = `${this.#session.lastRequest ?? 'QID0'}_${next++}`;
    const container = await openContainer(this.#session, target.location, target.access);
    const files = [
      ['Row.Txt', lines],
      ['Error.Txt', reasons],
    ].map(([end, content]) => {
      const file = join(directory, `rejected-${end}`);
      writeFileSync(file, `${(content as readonly string[]).join('\n')}\n`);
      return { file, path: below(target.location, `_rejectedrows/${stamp}/${name}_${end}`).path };
    });
    await upload(container, target.location, files);
  }

  /** Drops what was staged. May be called twice. */
  async drop(): Promise<void> {
    for (const { table, rejects } of this.#stages.splice(0))
      for (const name of [table, `"${rejects}"`, `"${rejects.replace('rejects', 'scans')}"`])
        await this.#session.connection.run(`DROP TABLE IF EXISTS ${name}`).catch(() => undefined);
  }
}
