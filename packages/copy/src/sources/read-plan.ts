import { CrossviewError } from '@crossview/contracts';
import { Field, Schema } from 'apache-arrow';
import { type ConnectorVersion, type Destination, type SourceColumn, sourceColumns } from '../columns/column.js';
import type { ThriftSession } from '../thrift/session.js';

export interface ReadPlan {
  readonly columns: readonly SourceColumn[];
  readonly schema: Schema;
  /** What is really asked: the query, or the query with some columns put into a form that loses nothing on the wire. */
  readonly statement: string;
  /** The session's time zone on the server. */
  readonly timeZone: string;
}

export interface ReadOptions {
  readonly version: ConnectorVersion;
  readonly destination: Destination;
  readonly signal?: AbortSignal | undefined;
  /** Rows that are wanted at most; the server is told, where the statement is a query. */
  readonly limit?: number | undefined;
}

/** `` a`b `` → `` `a``b` ``. */
export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/**
 * Asks the server for the query's columns. The result's own metadata do not tell `timestamp_ntz` from `timestamp`, so they
 * come from `DESCRIBE QUERY`; a statement that this cannot describe (`SHOW TABLES`) is run as it is and read by its metadata.
 */
export async function planRead(session: ThriftSession, query: string, options: ReadOptions): Promise<ReadPlan> {
  const statement = query.trim().replace(/(;\s*)+$/, '');
  const timeZone = await sessionTimeZone(session, options.signal);
  const described = await describeQuery(session, statement, options.signal);
  if (described === undefined) {
    const cursor = await session.execute(statement, { signal: options.signal });
    const fields = cursor.fields;
    await cursor.close();
    return finish(statement, sourceColumns(fields, { ...options, timeZone }), timeZone);
  }
  const columns = sourceColumns(described, { ...options, timeZone });
  const exact = exactStatement(statement, columns, options.limit);
  if (exact !== undefined && (await describeQuery(session, exact, options.signal)) !== undefined)
    return finish(exact, columns, timeZone);
  return finish(statement, columns, timeZone);
}

const finish = (statement: string, columns: readonly SourceColumn[], timeZone: string): ReadPlan => ({
  statement,
  timeZone,
  columns,
  schema: new Schema(columns.map(({ name, arrow }) => new Field(name, arrow, true))),
});

/**
 * Two kinds of columns lose something as the server's text: an instant on the clock of a zone (the hour that a zone has twice),
 * and nested values (quotes inside strings are not escaped). The first travels as microseconds, the second as JSON.
 * The sub-query's columns are named by position, so that names may repeat.
 */
export function exactStatement(
  statement: string,
  columns: readonly SourceColumn[],
  limit?: number,
): string | undefined {
  const expressions = columns.map(({ kind, interim, arrow }, index) => {
    const name = `c${index}`;
    if (kind === 'timestamp' && (interim === 'DateTimeOffset' || hasZone(arrow))) return `unix_micros(${name})`;
    if (kind === 'array' || kind === 'struct' || kind === 'map')
      return `to_json(${name}, map('ignoreNullFields', 'false'))`;
    return name;
  });
  if (limit === undefined && expressions.every((expression, index) => expression === `c${index}`)) return undefined;
  const selected = expressions.map((expression, index) => `${expression} AS ${quoteName(columns[index]!.name)}`);
  const positions = columns.map((_, index) => `c${index}`).join(', ');
  return `SELECT ${selected.join(', ')} FROM (\n${statement}\n) AS crossview_source(${positions})${limit === undefined ? '' : ` LIMIT ${limit}`}`;
}

const hasZone = (type: object): boolean => 'timezone' in type && Boolean(type.timezone);

async function describeQuery(
  session: ThriftSession,
  statement: string,
  signal: AbortSignal | undefined,
): Promise<{ name: string; type: string }[] | undefined> {
  try {
    const rows = await readTexts(session, `DESCRIBE QUERY ${statement}`, signal);
    return rows.map(([name = '', type = '']) => ({ name, type }));
  } catch (error) {
    // A statement that is no query, a server before Spark 3, a function that the server does not have.
    const condition = error instanceof CrossviewError ? error.facts.condition : undefined;
    if (
      error instanceof CrossviewError &&
      error.code === 'COPY_QUERY_FAILED' &&
      (condition === null || /^(PARSE_SYNTAX_ERROR|UNRESOLVED_ROUTINE|DATATYPE_MISMATCH)/.test(String(condition)))
    )
      return undefined;
    throw error;
  }
}

async function sessionTimeZone(session: ThriftSession, signal: AbortSignal | undefined): Promise<string> {
  const rows = await readTexts(session, 'SET spark.sql.session.timeZone', signal).catch((error) => {
    if (error instanceof CrossviewError && error.code === 'COPY_QUERY_FAILED') return [];
    throw error;
  });
  const zone = rows[0]?.[1];
  return zone === undefined || zone.startsWith('<') ? 'UTC' : zone;
}

async function readTexts(
  session: ThriftSession,
  statement: string,
  signal: AbortSignal | undefined,
): Promise<string[][]> {
  const cursor = await session.execute(statement, { signal });
  const table: string[][] = [];
  try {
    for await (const { columns, rows } of cursor.rows(10_000)) {
      const texts = columns.map(({ bytes, length, kind }) => {
        const values: string[] = [];
        for (let row = 0, position = 0; kind === 7 && row < length; row += 1) {
          const end = position + 4 + bytes.readInt32BE(position);
          values.push(bytes.toString('utf8', position + 4, end));
          position = end;
        }
        return values;
      });
      for (let row = 0; row < rows; row += 1) table.push(texts.map((values) => values[row] ?? ''));
    }
  } finally {
    await cursor.close();
  }
  return table;
}
