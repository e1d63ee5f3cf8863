import { randomUUID } from 'node:crypto';
import type { Statement, StatementKind } from '../dialect/ast.js';
import { parseBatch } from '../dialect/parse/batch.js';
import { SqlError } from '../errors/sql-error.js';
import { isConflict, toSqlError } from '../errors/to-sql-error.js';
import type { Context } from './context.js';
import { openNamedDatabases } from './open-databases.js';
import * as alter from './statements/alter.js';
import * as change from './statements/change.js';
import * as control from './statements/control.js';
import { dbcc } from './statements/dbcc.js';
import { drop } from './statements/drop.js';
import { explain } from './statements/explain.js';
import type * as External from './statements/external.js';
import type { Handler, Signal } from './statements/handler.js';
import { next } from './statements/handler.js';
import { insert } from './statements/insert.js';
import { transferObject } from './statements/move.js';
import * as routine from './statements/routine.js';
import * as security from './statements/security.js';
import { select } from './statements/select.js';
import * as table from './statements/table.js';
import { beginTransaction, rollbackTransaction } from './statements/transaction.js';
import { workload } from './statements/workload.js';

/** Reaching for storage needs much that other statements do not: loaded when it is first done. */
function external<N extends keyof typeof External>(name: N): (typeof External)[N] {
  const run = async (...given: never[]) =>
    ((await import('./statements/external.js'))[name] as (...given: never[]) => Promise<unknown>)(...given);
  return run as unknown as (typeof External)[N];
}

/** Every kind of statement has its handler: one that is forgotten does not compile. */
const handlers: { readonly [K in StatementKind]: Handler<K> } = {
  select,
  insert,
  update: change.update,
  delete: change.remove,
  merge: change.merge,
  createTable: table.createTable,
  createTableAs: table.createTableAsSelect,
  createExternalTable: external('createExternalTable'),
  createExternalTableAs: external('createExternalTableAs'),
  createExternalDataSource: external('createDataSource'),
  createExternalFileFormat: external('createFileFormat'),
  createCredential: external('createCredential'),
  alterCredential: external('createCredential'),
  createMasterKey: external('createMasterKey'),
  workload,
  // Whoever loads DBCC first loads this before it is done.
  dbcc: (context, statement) => dbcc(context, statement),
  explain,
  transferObject,
  alterUser: security.alterUser,
  executeAs: security.executeAs,
  revert: security.revert,
  createSchema: security.createSchema,
  createDatabase: security.createDatabase,
  createView: routine.createView,
  alterView: routine.createView,
  createProcedure: routine.createProcedure,
  alterProcedure: routine.createProcedure,
  createFunction: routine.createFunction,
  alterFunction: routine.createFunction,
  createStatistics: routine.createStatistics,
  updateStatistics: routine.onTable,
  createIndex: async (context, statement) => routine.onTable(context, { ...statement, kind: 'updateStatistics' }),
  createLogin: security.createLogin,
  alterLogin: security.createLogin,
  createUser: security.createUser,
  createRole: security.createRole,
  alterRole: security.alterRole,
  permission: security.permission,
  drop,
  renameObject: alter.renameObject,
  alterDatabase: alter.alterDatabase,
  alterTable: alter.alterTable,
  truncate: alter.truncate,
  copyInto: external('copyInto'),
  insertBulk: routine.insertBulk,
  declare: control.declare,
  setVariable: control.setVariable,
  setOption: control.setOption,
  if: control.ifElse,
  while: control.whileLoop,
  block: control.block,
  tryCatch: control.tryCatch,
  break: control.breakLoop,
  continue: control.breakLoop,
  return: control.giveBack,
  print: control.print,
  throw: control.throwError,
  raiseError: control.raiseError,
  execute: routine.execute,
  executeText: routine.executeText,
  use: control.use,
  begin: control.begin,
  commit: control.begin,
  rollback: control.begin,
  waitFor: control.waitFor,
  kill: control.kill,
  nothing: control.nothing,
};

/** Statements that hold others, and those that only steer: they are no requests of their own. */
const steering: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'declare',
  'setVariable',
  'setOption',
  'if',
  'while',
  'block',
  'tryCatch',
  'break',
  'continue',
  'return',
  'print',
  'throw',
  'raiseError',
  'execute',
  'executeText',
  'use',
  'nothing',
  'waitFor',
  'dbcc',
  'explain',
  'executeAs',
  'revert',
]);

const writing: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'insert',
  'update',
  'delete',
  'merge',
  'truncate',
  'copyInto',
]);

/**
 * What begins a transaction while IMPLICIT_TRANSACTIONS is ON. Reading does not: a transaction here sees the rows as they were
 * when it began, and a driver without autocommit would go on reading old ones.
 */
const beginning: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'insert',
  'update',
  'delete',
  'merge',
  'insertBulk',
]);

/** Errors that end the batch, as in SQL Server; after the others the next statement runs. */
function endsBatch(error: SqlError, statement: Statement): boolean {
  if (error.severity >= 19 || statement.kind === 'throw') return true;
  return [207, 208, 137, 102, 156, 4104, 245, 241, 8114, 1205, 3930, 111233, 40517].includes(error.number);
}

export async function runStatements(
  context: Context,
  statements: readonly Statement[],
  options: { readonly inTry?: boolean } = {},
): Promise<Signal> {
  const inner = options.inTry === true || context.inTry;
  const before = context.inTry;
  context.inTry = inner;
  try {
    for (const statement of statements) {
      if (context.session.cancelled) return next;
      const signal = await runOne(context, statement);
      if (signal.kind !== 'next') return signal;
    }
    return next;
  } finally {
    context.inTry = before;
  }
}

async function runOne(context: Context, statement: Statement): Promise<Signal> {
  const { session } = context;
  if (session.noExecute && statement.kind !== 'setOption') return next;
  const handler = handlers[statement.kind] as Handler<StatementKind>;
  if (steering.has(statement.kind)) {
    try {
      return await handler(context, statement as never);
    } catch (thrown) {
      return failed(context, statement, thrown);
    }
  }
  if (session.transaction === 'failed' && statement.kind !== 'rollback' && statement.kind !== 'commit')
    return failed(context, statement, await abandoned(context));
  const label = 'label' in statement ? statement.label : undefined;
  const record = session.services.catalog.requests.begin(
    session.sessionId,
    context.commandText(),
    label,
    session.database.name,
  );
  session.lastRequest = record.requestId;
  try {
    await openNamedDatabases(session, statement);
    if (session.implicitTransactions && session.transaction === 'none' && beginning.has(statement.kind))
      await beginTransaction(session, context.output);
    const signal = await withRetry(context, statement, () => handler(context, statement as never));
    session.lastError = 0;
    record.status = session.cancelled ? 'Cancelled' : 'Completed';
    record.rows = session.rowCount;
    return signal;
  } catch (thrown) {
    const error = toSqlError(thrown);
    record.status = session.cancelled ? 'Cancelled' : 'Failed';
    record.error = { id: randomUUID(), number: error.number, text: error.message };
    // An error inside DuckDB has ended its transaction: only ROLLBACK is left, as XACT_STATE() = -2 says.
    if (session.transaction === 'open' && !(await session.isAlive())) session.transaction = 'failed';
    return failed(context, statement, thrown);
  } finally {
    record.ended = new Date();
  }
}

/** The pool ends a failed transaction at the next statement that is not ROLLBACK, and says so. COMMIT has words of its own. */
async function abandoned(context: Context): Promise<SqlError> {
  await rollbackTransaction(context.session, context.output);
  return new SqlError(
    111233,
    "The current transaction has aborted, and any pending changes have been rolled back. The cause of this issue is that a transaction in a rollback-only state isn't explicitly rolled back before a DDL, DML, or SELECT statement.",
  );
}

/** Outside of a transaction a conflict with another session is tried again: the real pool would have waited. */
async function withRetry(context: Context, statement: Statement, run: () => Promise<Signal>): Promise<Signal> {
  const tries = context.session.transaction === 'none' && writing.has(statement.kind) ? 20 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (thrown) {
      if (attempt >= tries || !isConflict(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, attempt * 5));
    }
  }
}

function failed(context: Context, statement: Statement, thrown: unknown): Signal {
  const error = toSqlError(thrown);
  if (error.line === 0) error.line = statement.line;
  if (error.procedure === '') error.procedure = context.procedure;
  context.session.lastError = error.number;
  if (context.inTry || context.depth > 0 || context.session.cancelled || endsBatch(error, statement)) throw error;
  context.report(error);
  return next;
}

/** Parses and runs a text of the client's. Errors are thrown only when they end the batch. */
export async function runBatch(context: Context, text: string): Promise<Signal> {
  context.batch = text;
  return runStatements(context, parsed(text));
}

const cache = new Map<string, readonly Statement[]>();

/** Texts come again and again: the last few hundred are kept as parsed. */
export function parsed(text: string): readonly Statement[] {
  const found = cache.get(text);
  if (found) return found;
  const statements = parseBatch(text);
  if (text.length < 20_000) {
    if (cache.size >= 500) cache.delete(cache.keys().next().value!);
    cache.set(text, statements);
  }
  return statements;
}
