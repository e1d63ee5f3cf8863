import { valuesText } from '../catalog/views/index.js';
import type { SystemView } from '../catalog/views/view.js';
import { parseBatch } from '../dialect/parse/batch.js';
import { toRegularExpression } from '../dialect/translate/like.js';
import { streamRows } from '../duckdb/run.js';
import { SqlError } from '../errors/sql-error.js';
import { runStatements } from '../interpreter/batch.js';
import type { Context } from '../interpreter/context.js';

export interface ProcedureArguments {
  readonly positional: readonly (string | number | null)[];
  /** Lower-case name with `@`. */
  readonly named: ReadonlyMap<string, string | number | null>;
}

/** A procedure of the system. @returns its status, 0 for success */
export type SystemProcedure = (context: Context, values: ProcedureArguments) => Promise<number>;

/** @throws SqlError 201 when it was not given */
export function required(values: ProcedureArguments, index: number, ...names: readonly string[]): string {
  const found = names.map((name) => optional(values, index, name)).find((value) => value !== undefined);
  if (found === undefined)
    throw new SqlError(201, `Procedure or function expects parameter '${names[0]}', which was not supplied.`, {
      state: 4,
    });
  return found;
}

export function optional(values: ProcedureArguments, index: number, name: string): string | undefined {
  const found = values.named.get(name) ?? values.positional[index];
  return found === undefined || found === null ? undefined : String(found);
}

/** Runs a query of our own for its rows. */
export async function runText(context: Context, text: string): Promise<number> {
  await runStatements(context, parseBatch(text));
  return 0;
}

/** Sends a result set of columns and rows that were made here. */
export async function sendTable(
  context: Context,
  columns: SystemView['columns'],
  rows: ReturnType<SystemView['rows']>,
): Promise<number> {
  const { session, output } = context;
  const count = await streamRows(
    await session.evaluator(),
    valuesText({ columns, rows: () => rows }, session),
    [],
    columns.map(([name, type]) => ({ name, type, nullable: true })),
    (encoder) => output.columns(encoder),
    (encoder, chunk, size) => output.rows(encoder, chunk, size),
  );
  session.rowCount = count;
  output.done('select', count);
  return 0;
}

/** Whether a name is meant: by LIKE with `\` as escape, or, when patterns are not asked for, by itself. Nothing means all. */
export function named(pattern: string | undefined, exact = false): (name: string) => boolean {
  if (pattern === undefined || pattern === '%') return () => true;
  if (exact) return (name) => name.toLowerCase() === pattern.toLowerCase();
  const expression = new RegExp(`^${toRegularExpression(pattern, '\\')}$`, 'is');
  return (name) => expression.test(name);
}

/** Rows in the order ODBC promises. */
export function sorted<T>(items: readonly T[], ...keys: readonly ((item: T) => string | number)[]): readonly T[] {
  return [...items].sort((left, right) => {
    for (const key of keys) {
      const [a, b] = [key(left), key(right)];
      const [first, second] = [
        typeof a === 'string' ? a.toLowerCase() : a,
        typeof b === 'string' ? b.toLowerCase() : b,
      ];
      if (first < second) return -1;
      if (first > second) return 1;
    }
    return 0;
  });
}
