import type { SelectCore, StatementOf } from '../../dialect/ast.js';
import { translateQuery } from '../../dialect/translate/query.js';
import { readRows, streamRows } from '../../duckdb/run.js';
import type { Context } from '../context.js';
import { accumulate, accumulates } from './accumulate.js';
import type { Handler } from './handler.js';
import { next } from './handler.js';
import { createTableAs } from './table.js';

function coreOf(statement: StatementOf<'select'>): SelectCore | undefined {
  return statement.query.body.kind === 'select' ? statement.query.body : undefined;
}

/** SELECT: rows to the client, variables (`SELECT @v = …`), or a new table (`SELECT … INTO`). */
export const select: Handler<'select'> = async (context, statement) => {
  const { session, output } = context;
  const core = coreOf(statement);
  if (core?.items.some((item) => item.assign !== undefined)) {
    await assignVariables(context, statement, core);
    return next;
  }
  if (core?.into) {
    session.refuseRowLimit('SELECT INTO', statement.line);
    const query = { ...statement.query, body: { ...core, into: undefined } };
    const rows = await createTableAs(
      context,
      core.into,
      [],
      { distribution: undefined, index: undefined, partition: undefined },
      query,
    );
    session.rowCount = rows;
    output.done('select', rows);
    return next;
  }
  const { query, translation } = context.translate(statement.query);
  context.demandReads(translation);
  const rows = await context.withExternals(
    translation,
    session.formatOnly
      ? `SELECT * FROM (${query.sql}) LIMIT 0`
      : session.rowLimit > 0
        ? `SELECT * FROM (${query.sql})${session.limitText}`
        : query.sql,
    (sql) =>
      streamRows(
        session.connection,
        sql,
        context.bound(translation),
        query.columns.map((column) => ({
          name: column.name,
          type: column.type,
          nullable: column.nullable ?? true,
          ...(column.identity ? { identity: true } : {}),
          ...(column.stored ? { stored: true } : {}),
        })),
        (encoder) => output.columns(encoder),
        (encoder, chunk, count) => output.rows(encoder, chunk, count),
      ),
  );
  session.rowCount = rows;
  output.done('select', rows);
  return next;
};

/** Every variable gets the value of the last row; without a row it keeps its own. */
async function assignVariables(context: Context, statement: StatementOf<'select'>, core: SelectCore): Promise<void> {
  const { session } = context;
  if (accumulates(core) && core.items.every((item) => item.assign !== undefined)) {
    session.rowCount = await accumulate(context, statement, core);
    return;
  }
  const targets = core.items.map((item) => {
    if (item.assign === undefined) throw new Error('every item assigns');
    return context.variable(item.assign);
  });
  const items = core.items.map((item, index) => {
    const own = { kind: 'variable', name: item.assign!, line: statement.line } as const;
    const value = item.assignOperator
      ? ({ kind: 'binaryOperation', operator: item.assignOperator, left: own, right: item.value } as const)
      : item.value;
    return {
      value: { kind: 'cast', value, type: targets[index]!.type, attempt: false } as const,
      alias: `v${index}`,
      assign: undefined,
      assignOperator: undefined,
    };
  });
  const translation = context.newTranslation();
  const query = translateQuery({ ...statement.query, body: { ...core, items } }, undefined, translation);
  context.demandReads(translation);
  const limited = session.rowLimit > 0 ? `SELECT * FROM (${query.sql})${session.limitText}` : query.sql;
  const { rows } = await context.withExternals(translation, limited, (sql) =>
    readRows(
      session.connection,
      sql,
      context.bound(translation),
      targets.map(({ type }) => type),
    ),
  );
  const last = rows.at(-1);
  if (last) for (const [index, target] of targets.entries()) target.value = last[index]!;
  session.rowCount = rows.length;
}
