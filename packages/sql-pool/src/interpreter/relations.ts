import type { TableDefinition } from '../catalog/objects.js';
import { systemView } from '../catalog/views/index.js';
import type { Name, StatementOf } from '../dialect/ast.js';
import { parseBatch } from '../dialect/parse/batch.js';
import type { Relation } from '../dialect/translate/translation.js';
import { errors } from '../errors/catalogue.js';
import { notSupported } from '../errors/sql-error.js';
import { type ResolvedName, resolveName, storedName } from './names.js';
import type { Session } from './session.js';

/** The definition of a table that rows can be written to. @throws SqlError 208 */
export function tableOf(
  session: Session,
  name: Name,
): { readonly resolved: ResolvedName; readonly table: TableDefinition } {
  const resolved = resolveName(session, name);
  const table = resolved.temporary
    ? session.temporary.get(resolved.name.toLowerCase())
    : resolved.database.table(resolved.schema, resolved.name);
  if (!table) {
    if (!resolved.temporary && resolved.database.find('view', resolved.schema, resolved.name))
      throw notSupported(
        `changing the view ${name.join('.')}`,
        0,
        'Views of a dedicated SQL pool are read only: name its table.',
      );
    throw errors.invalidObject(name.join('.'));
  }
  return { resolved: { ...resolved, schema: table.schema, name: table.name }, table };
}

const views = new WeakMap<object, StatementOf<'createView'>>();

/** What a name in FROM is. @throws SqlError 208 */
export function relationOf(session: Session, name: Name): Relation {
  const system = systemView(session, name);
  if (system) return system;
  const resolved = resolveName(session, name);
  const full = [resolved.database.name, resolved.schema, resolved.name];
  if (resolved.temporary) {
    const table = session.temporary.get(resolved.name.toLowerCase());
    if (!table) throw errors.invalidObject(name.join('.'));
    return {
      kind: 'stored',
      sql: storedName(resolved),
      columns: table.columns.map((column) => ({ ...column, stored: true, identity: column.identity !== undefined })),
      name: full,
    };
  }
  const { database } = resolved;
  const table = database.table(resolved.schema, resolved.name);
  if (table)
    return {
      kind: 'stored',
      sql: storedName({ ...resolved, schema: table.schema, name: table.name }),
      columns: table.columns.map((column) => ({ ...column, stored: true, identity: column.identity !== undefined })),
      name: full,
    };
  const view = database.find('view', resolved.schema, resolved.name);
  if (view) {
    let statement = views.get(view);
    if (!statement) {
      statement = parseBatch(view.text)[0] as StatementOf<'createView'>;
      views.set(view, statement);
    }
    return { kind: 'view', query: statement.query, columns: statement.columns, name: full };
  }
  const external = database.find('externalTable', resolved.schema, resolved.name);
  if (external)
    return {
      kind: 'external',
      columns: external.columns.map((column) => ({ ...column, stored: true, identity: false })),
      name: full,
    };
  throw errors.invalidObject(name.join('.'));
}
