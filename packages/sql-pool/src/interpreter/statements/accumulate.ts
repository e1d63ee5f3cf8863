import type { Expression, SelectCore, StatementOf } from '../../dialect/ast.js';
import { translateQuery } from '../../dialect/translate/query.js';
import { readRows } from '../../duckdb/run.js';
import type { Context } from '../context.js';

function reads(node: unknown, names: ReadonlySet<string>): boolean {
  if (Array.isArray(node)) return node.some((item) => reads(item, names));
  if (typeof node !== 'object' || node === null) return false;
  const record = node as { readonly kind?: string; readonly name?: unknown };
  if (record.kind === 'variable') return names.has(String(record.name).toLowerCase());
  return Object.values(node).some((item) => reads(item, names));
}

/** Whether a SELECT reads variables that it assigns, so that each row builds on the one before. */
export function accumulates(core: SelectCore): boolean {
  const names = new Set(core.items.flatMap((item) => (item.assign === undefined ? [] : [item.assign.toLowerCase()])));
  return (
    core.from.length > 0 && core.items.some((item) => item.assignOperator !== undefined || reads(item.value, names))
  );
}

/** Parts of an expression that variables have no say in come from the rows; the rest is computed row by row. */
function split(value: Expression, names: ReadonlySet<string>, parts: Expression[]): Expression {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    const { kind } = node as { readonly kind?: string };
    if (kind !== undefined && isPart(kind) && !reads(node, names)) {
      parts.push(node as Expression);
      return { kind: 'variable', name: `@$row${parts.length - 1}`, line: 0 };
    }
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value) as Expression;
}

/** Values that a row may give; literals, types and conditions stay where they are. */
function isPart(kind: string): boolean {
  return ['column', 'call', 'cast', 'convert', 'binaryOperation', 'case', 'subquery', 'collate', 'atTimeZone'].includes(
    kind,
  );
}

/** `SELECT @s = @s + name FROM …`: one row after the other, in the order of the query. @returns rows */
export async function accumulate(
  context: Context,
  statement: StatementOf<'select'>,
  core: SelectCore,
): Promise<number> {
  const { session } = context;
  const names = new Set(core.items.map((item) => item.assign!.toLowerCase()));
  const parts: Expression[] = [];
  const items = core.items.map((item) => {
    const own: Expression = { kind: 'variable', name: item.assign!, line: statement.line };
    const value: Expression = item.assignOperator
      ? { kind: 'binaryOperation', operator: item.assignOperator, left: own, right: item.value }
      : item.value;
    return { name: item.assign!.toLowerCase(), value: split(value, names, parts) };
  });
  const translation = context.newTranslation();
  const selected = (parts.length > 0 ? parts : [{ kind: 'number', text: '1' } as const]).map((value, index) => ({
    value,
    alias: `c${index}`,
    assign: undefined,
    assignOperator: undefined,
  }));
  const query = translateQuery({ ...statement.query, body: { ...core, items: selected } }, undefined, translation);
  context.demandReads(translation);
  const { rows, types } = await context.withExternals(translation, query.sql, (sql) =>
    readRows(
      session.connection,
      sql,
      context.bound(translation),
      query.columns.map(({ type }) => type),
    ),
  );
  try {
    for (const row of rows) {
      if (session.cancelled) break;
      parts.forEach((_, index) => {
        const type = query.columns[index]!.type ?? types[index]!;
        context.variables.set(`@$row${index}`, { type, value: row[index]! });
      });
      for (const { name, value } of items) {
        const target = context.variable(name);
        target.value = (await context.evaluate(value, target.type)).value;
      }
    }
  } finally {
    parts.forEach((_, index) => {
      context.variables.delete(`@$row${index}`);
    });
  }
  return rows.length;
}
