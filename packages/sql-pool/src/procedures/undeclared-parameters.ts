import type { Statement, TableSource } from '../dialect/ast.js';
import { relationOf } from '../interpreter/relations.js';
import type { Session } from '../interpreter/session.js';
import { bigint, nvarchar, type SqlType } from '../types/sql-type.js';

interface Node {
  readonly kind?: string;
  readonly [key: string]: unknown;
}

/** Where nothing says what a parameter is: a text. */
const unknown = nvarchar(4000);

/**
 * Variables that a text uses and does not declare, in the order they come, each with the type of the column it is compared
 * with, assigned to or inserted into.
 */
export function undeclaredParameters(
  session: Session,
  statements: readonly Statement[],
  declared: readonly string[],
): readonly { readonly name: string; readonly type: SqlType }[] {
  const known = new Set(declared.map((name) => name.toLowerCase()));
  const found = new Map<string, { name: string; type: SqlType | undefined }>();
  const columns = new Map<string, SqlType>();

  const suggest = (node: unknown, type: SqlType | undefined) => {
    const { kind, name } = (node ?? {}) as Node;
    if (kind !== 'variable' || typeof name !== 'string' || name.startsWith('@@')) return;
    const key = name.toLowerCase();
    if (known.has(key)) return;
    const entry = found.get(key);
    if (!entry) found.set(key, { name, type });
    else entry.type ??= type;
  };
  const typeOf = (node: unknown): SqlType | undefined => {
    const { kind, name, type } = (node ?? {}) as Node;
    if (kind === 'column') return columns.get((name as readonly string[]).at(-1)!.toLowerCase());
    return kind === 'cast' || kind === 'convert' ? (type as SqlType) : undefined;
  };
  const addColumns = (name: readonly string[]) => {
    try {
      const relation = relationOf(session, name);
      if (relation.kind === 'view') return [];
      for (const column of relation.columns)
        if (column.type && !columns.has(column.name.toLowerCase())) columns.set(column.name.toLowerCase(), column.type);
      return relation.columns;
    } catch {
      // A name that is not there yet: its columns say nothing.
      return [];
    }
  };
  /** Both sides of a comparison are of one type. */
  const pair = (...nodes: readonly unknown[]) => {
    const type = nodes.map(typeOf).find((one) => one !== undefined);
    for (const node of nodes) suggest(node, type);
  };

  const collect = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) collect(item);
    else if (typeof node === 'object' && node !== null) {
      const source = node as TableSource;
      if (source.kind === 'table') addColumns(source.name);
      for (const value of Object.values(node)) collect(value);
    }
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const one = node as Node;
    switch (one.kind) {
      case 'declare':
        for (const variable of (one.variables as readonly { name: string }[] | undefined) ?? [])
          known.add(variable.name.toLowerCase());
        break;
      case 'comparison':
      case 'binaryOperation':
        pair(one.left, one.right);
        break;
      case 'between':
        pair(one.value, one.low, one.high);
        break;
      case 'inList':
        pair(one.value, ...(one.items as readonly unknown[]));
        break;
      case 'like':
        pair(one.value, one.pattern);
        break;
      case 'cast':
      case 'convert':
        suggest(one.value, one.type as SqlType);
        break;
      default:
    }
    if ('count' in one && 'percent' in one) suggest(one.count, bigint);
    for (const key of ['offset', 'fetch']) if (key in one) suggest(one[key], bigint);
    suggest(one, undefined);
    for (const value of Object.values(one)) visit(value);
  };

  for (const statement of statements) {
    columns.clear();
    collect(statement);
    if (statement.kind === 'insert') {
      const all = addColumns(statement.table);
      const names = statement.columns.length > 0 ? statement.columns : all.map(({ name }) => name);
      const rows = (statement.source as { rows?: readonly (readonly unknown[])[] }).rows ?? [];
      for (const row of rows)
        for (const [index, value] of row.entries())
          suggest(value, all.find(({ name }) => name.toLowerCase() === names[index]?.toLowerCase())?.type);
    }
    if (statement.kind === 'update' || statement.kind === 'delete' || statement.kind === 'merge') {
      const target = statement as unknown as { table?: readonly string[]; target?: readonly string[] };
      const name = target.table ?? target.target;
      if (Array.isArray(name)) addColumns(name);
      const assignments = (
        statement as unknown as { assignments?: readonly { column: readonly string[]; value: unknown }[] }
      ).assignments;
      for (const { column, value } of assignments ?? []) suggest(value, columns.get(column.at(-1)!.toLowerCase()));
    }
    visit(statement);
  }
  return [...found.values()].map(({ name, type }) => ({ name, type: type ?? unknown }));
}
