import { type RpcParameter, writeReturnStatus } from '@crossview/tds-wire';
import { parseBatch, parseParameterList } from '../dialect/parse/batch.js';
import { changeRows, streamRows } from '../duckdb/run.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { runBatch } from '../interpreter/batch.js';
import type { Context } from '../interpreter/context.js';
import type { PreparedText, ServerCursor } from '../interpreter/session.js';
import { int } from '../types/sql-type.js';
import type { Response } from './response.js';
import { bindText, numberOutput, prepareText, textOf } from './rpc-text.js';

/** Bits of scrollopt ("sp_cursoropen"). */
const Scroll = { forwardOnly: 0x0004, static: 0x0008, fastForward: 0x0010, parameterized: 0x1000, autoFetch: 0x2000 };
const readOnly = 1;
/** Bits of fetchtype ("sp_cursorfetch"). */
const Fetch = {
  first: 0x0001,
  next: 0x0002,
  previous: 0x0004,
  last: 0x0008,
  absolute: 0x0010,
  relative: 0x0020,
  refresh: 0x0080,
  info: 0x0100,
  previousUnadjusted: 0x0200,
};

type Parameters = readonly RpcParameter[];
type CursorCall = (context: Context, response: Response, parameters: Parameters) => Promise<void>;

function numberOf(parameter: RpcParameter | undefined, otherwise = 0): number {
  return parameter === undefined || parameter.value === null ? otherwise : Number(parameter.value);
}

let nextTable = 1;

interface Opening {
  readonly text: string;
  readonly declarations: string;
  readonly values: Parameters;
}

/** Rows are taken once, into a table of the session: what SQL Server calls a static, read-only cursor. */
async function open(context: Context, opening: Opening): Promise<number> {
  const { session } = context;
  await bindText(context, parseParameterList(opening.declarations), opening.values);
  const statements = parseBatch(opening.text);
  const [statement] = statements;
  if (statements.length !== 1 || statement?.kind !== 'select' || /^\s*exec/i.test(opening.text)) {
    // No cursor can be opened on such a text: its results come as they are, and the handle says that there is none.
    await runBatch(context, opening.text);
    return 0;
  }
  const { query, translation } = context.translate(statement.query);
  context.demandReads(translation);
  const table = `temp.main."$cursor${nextTable++}"`;
  const names = query.columns.map((_, index) => `c${index}`).join(', ');
  await context.withExternals(translation, `SELECT * FROM (${query.sql}) AS q(${names})`, (sql) =>
    changeRows(session.connection, `CREATE TEMP TABLE ${table} AS ${sql}`, context.bound(translation)),
  );
  const columns = query.columns.map((column) => ({
    name: column.name,
    type: column.type,
    nullable: column.nullable ?? true,
    ...(column.identity ? { identity: true } : {}),
    ...(column.stored ? { stored: true } : {}),
  }));
  const counted = await session.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${table}`);
  const rows = Number(counted.getRows()[0]![0]);
  const handle = session.nextCursor++;
  const cursor: ServerCursor = { table, columns, rows, position: 0, fetched: 0 };
  session.cursors.set(handle, cursor);
  return handle;
}

/** The rows from `start`, with the column ROWSTAT that every cursor has behind its own: 1 for a row that is there. */
async function send(context: Context, cursor: ServerCursor, start: number, count: number): Promise<void> {
  const { session, output } = context;
  const rows = await streamRows(
    session.connection,
    `SELECT *, 1::INTEGER AS rowstat FROM ${cursor.table} LIMIT ${Math.max(0, count)} OFFSET ${Math.max(0, start - 1)}`,
    [],
    [...cursor.columns, { name: 'ROWSTAT', type: int, nullable: false }],
    (encoder) => output.columns(encoder),
    (encoder, chunk, size) => output.rows(encoder, chunk, size),
  );
  cursor.fetched = rows;
  session.rowCount = rows;
  output.done('select', rows);
}

/** Shows the columns, and with AUTO_FETCH the first rows. */
async function begin(context: Context, handle: number, scroll: number, count: number): Promise<void> {
  const cursor = context.session.cursors.get(handle);
  if (!cursor) return;
  const fetch = (scroll & Scroll.autoFetch) !== 0;
  if (fetch) cursor.position = 1;
  await send(context, cursor, 1, fetch ? count : 0);
}

function cursorOf(context: Context, parameter: RpcParameter | undefined): ServerCursor {
  const handle = numberOf(parameter);
  const cursor = context.session.cursors.get(handle);
  if (!cursor) throw new SqlError(16916, `A cursor with the name '${handle}' does not exist.`, { severity: 16 });
  return cursor;
}

/** Where a fetch starts, 1-based; `undefined` before the first row. */
function startOf(cursor: ServerCursor, type: number, row: number, count: number): number | undefined {
  const behind = cursor.position === 0 ? 1 : cursor.position + cursor.fetched;
  if (type & Fetch.first) return 1;
  if (type & (Fetch.previous | Fetch.previousUnadjusted)) {
    if (cursor.position <= 1) return undefined;
    return Math.max(1, cursor.position - count);
  }
  if (type & Fetch.last) return Math.max(1, cursor.rows - count + 1);
  if (type & Fetch.absolute) {
    const at = row >= 0 ? row : cursor.rows + row + 1;
    return at < 1 ? undefined : at;
  }
  if (type & Fetch.relative) {
    const at = cursor.position + row;
    return at < 1 ? undefined : at;
  }
  return type & Fetch.refresh ? Math.max(1, cursor.position) : behind;
}

/**
 * The OUTPUT parameters that opening gives back: cursor, scrollopt, ccopt, rowcount.
 * @param at where each of the four stands in the call
 */
function opened(
  context: Context,
  response: Response,
  handle: number,
  parameters: Parameters,
  at: readonly [cursor: number, scroll: number, concurrency: number, rows: number],
): void {
  const asked = numberOf(parameters[at[1]], Scroll.static);
  const given = [
    handle,
    asked & (Scroll.fastForward | Scroll.forwardOnly) || Scroll.static,
    readOnly,
    context.session.cursors.get(handle)?.rows ?? -1,
  ];
  for (const [index, value] of given.entries()) {
    const parameter = parameters[at[index]!];
    if (parameter?.output) numberOutput(response, parameter.name, value, at[index]);
  }
}

/** Calls that drivers use for cursors ("Cursor stored procedures"), by name. */
export const cursorCalls: Readonly<Record<string, CursorCall>> = {
  /** cursor OUT, stmt, scrollopt OUT, ccopt OUT, rowcount OUT, declarations, values… */
  sp_cursoropen: async (context, response, parameters) => {
    const scroll = numberOf(parameters[2], Scroll.static);
    const handle = await open(context, {
      text: textOf(parameters[1]),
      declarations: scroll & Scroll.parameterized ? textOf(parameters[5]) : '',
      values: parameters.slice(6),
    });
    await begin(context, handle, scroll, numberOf(parameters[4], 1));
    writeReturnStatus(response.writer, 0);
    opened(context, response, handle, parameters, [0, 2, 3, 4]);
  },
  /** prepared OUT, declarations, stmt, options, scrollopt OUT, ccopt OUT */
  sp_cursorprepare: async (context, response, parameters) => {
    const handle = prepareText(context.session, textOf(parameters[1]), textOf(parameters[2]));
    writeReturnStatus(response.writer, 0);
    numberOutput(response, parameters[0]?.name ?? '', handle);
    if (parameters[4]?.output) numberOutput(response, parameters[4].name, Scroll.static, 4);
    if (parameters[5]?.output) numberOutput(response, parameters[5].name, readOnly, 5);
  },
  /** prepared, cursor OUT, scrollopt OUT, ccopt OUT, rowcount OUT, values… */
  sp_cursorexecute: async (context, response, parameters) => {
    const prepared = context.session.prepared.get(numberOf(parameters[0]));
    if (!prepared)
      throw new SqlError(8179, `Could not find prepared statement with handle ${numberOf(parameters[0])}.`);
    const at = [1, 2, 3, 4] as const;
    const cursor = await execute(context, prepared, parameters, at, parameters.slice(5));
    writeReturnStatus(response.writer, 0);
    opened(context, response, cursor, parameters, at);
  },
  /** prepared OUT, cursor OUT, declarations, stmt, scrollopt OUT, ccopt OUT, rowcount OUT, values… */
  sp_cursorprepexec: async (context, response, parameters) => {
    const handle = prepareText(context.session, textOf(parameters[2]), textOf(parameters[3]));
    const prepared = context.session.prepared.get(handle)!;
    const at = [1, 4, 5, 6] as const;
    const cursor = await execute(context, prepared, parameters, at, parameters.slice(7));
    writeReturnStatus(response.writer, 0);
    numberOutput(response, parameters[0]?.name ?? '', handle);
    opened(context, response, cursor, parameters, at);
  },
  sp_cursorunprepare: async (context, response, parameters) => {
    context.session.prepared.delete(numberOf(parameters[0]));
    writeReturnStatus(response.writer, 0);
  },
  /** cursor, fetchtype, rownum, nrows */
  sp_cursorfetch: async (context, response, parameters) => {
    const cursor = cursorOf(context, parameters[0]);
    const type = numberOf(parameters[1], Fetch.next);
    if (type & Fetch.info) {
      writeReturnStatus(response.writer, 0);
      if (parameters[2]?.output) numberOutput(response, parameters[2].name, cursor.position, 2);
      if (parameters[3]?.output) numberOutput(response, parameters[3].name, cursor.rows, 3);
      return;
    }
    const row = numberOf(parameters[2]);
    const count = Math.max(0, numberOf(parameters[3], 1));
    const start = startOf(cursor, type, row, count);
    // Without adjustment, what lies before the fetched rows is given, and no row of them again.
    const wanted =
      start !== undefined && type & Fetch.previousUnadjusted ? Math.min(count, cursor.position - start) : count;
    await send(context, cursor, start ?? 1, start === undefined ? 0 : wanted);
    cursor.position = start === undefined ? 0 : Math.min(start, cursor.rows + 1);
    writeReturnStatus(response.writer, 0);
  },
  /** Names of cursors and text sizes change nothing here. */
  sp_cursoroption: async (context, response, parameters) => {
    cursorOf(context, parameters[0]);
    writeReturnStatus(response.writer, 0);
  },
  sp_cursorclose: async (context, response, parameters) => {
    const handle = numberOf(parameters[0]);
    const closing = handle === -1 ? [...context.session.cursors.keys()] : [handle];
    if (handle !== -1) cursorOf(context, parameters[0]);
    for (const one of closing) {
      const cursor = context.session.cursors.get(one);
      context.session.cursors.delete(one);
      if (cursor) await context.session.connection.run(`DROP TABLE IF EXISTS ${cursor.table}`).catch(() => undefined);
    }
    writeReturnStatus(response.writer, 0);
  },
  sp_cursor: async () => {
    throw notSupported(
      'changing rows through a cursor',
      0,
      'Use UPDATE or DELETE; a dedicated SQL pool has no such cursor either.',
    );
  },
};

async function execute(
  context: Context,
  prepared: PreparedText,
  parameters: Parameters,
  at: readonly [cursor: number, scroll: number, concurrency: number, rows: number],
  values: Parameters,
): Promise<number> {
  await bindText(context, prepared.parameters, values);
  const handle = await open(context, { text: prepared.text, declarations: '', values: [] });
  await begin(context, handle, numberOf(parameters[at[1]], Scroll.static), numberOf(parameters[at[3]], 1));
  return handle;
}
