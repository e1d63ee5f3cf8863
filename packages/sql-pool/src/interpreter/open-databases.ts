import type { Statement } from '../dialect/ast.js';
import { openDatabases } from './names.js';
import type { Session } from './session.js';

/**
 * Opens the databases that three-part names of a statement mention, so that the translator, which does not wait, finds them.
 * A login sees only databases that it has a user in.
 */
export async function openNamedDatabases(session: Session, statement: Statement): Promise<void> {
  const names = new Set<string>();
  collect(statement, names);
  for (const name of names) {
    const lower = name.toLowerCase();
    if (lower === session.database.name.toLowerCase()) continue;
    const database = await session.services.catalog.database(name);
    if (!database || session.userIn(database) === undefined) continue;
    if (!session.isAdministrator) continue;
    let open = openDatabases.get(session);
    if (!open) {
      open = new Map();
      openDatabases.set(session, open);
    }
    open.set(lower, database);
  }
}

function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, names);
    return;
  }
  if (typeof node !== 'object' || node === null || node instanceof Map) return;
  for (const [key, value] of Object.entries(node)) {
    if (
      (key === 'name' || key === 'table' || key === 'into' || key === 'from' || key === 'to' || key === 'procedure') &&
      Array.isArray(value) &&
      value.length >= 3 &&
      value.every((part) => typeof part === 'string')
    )
      names.add(String(value.at(-3)));
    else if (typeof value === 'object') collect(value, names);
  }
}
