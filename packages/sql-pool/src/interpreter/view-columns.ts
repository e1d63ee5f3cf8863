import type { TableColumn, ViewDefinition } from '../catalog/objects.js';
import { translateQuery } from '../dialect/translate/query.js';
import { Translation } from '../dialect/translate/translation.js';
import { factTables } from './fact-tables.js';
import { fact, systemVariable } from './facts.js';
import { relationOf } from './relations.js';
import { scalarFunctionOf, tableFunctionOf } from './routines.js';
import type { Session } from './session.js';

const known = new WeakMap<ViewDefinition, { readonly version: number; readonly columns: readonly TableColumn[] }>();
const underWay = new WeakSet<ViewDefinition>();

/** The columns of a view as its query gives them now; none for a view whose tables are gone. */
export function viewColumns(session: Session, view: ViewDefinition): readonly TableColumn[] {
  const { version } = session.database;
  const found = known.get(view);
  if (found?.version === version) return found.columns;
  // A view over sys.columns asks for itself.
  if (underWay.has(view)) return [];
  underWay.add(view);
  try {
    const columns = computed(session, view);
    known.set(view, { version, columns });
    return columns;
  } catch {
    return [];
  } finally {
    underWay.delete(view);
  }
}

function computed(session: Session, view: ViewDefinition): readonly TableColumn[] {
  const relation = relationOf(session, [view.schema, view.name]);
  if (relation.kind !== 'view') return [];
  const translation = new Translation({
    relation: (name) => relationOf(session, name),
    variable: () => undefined,
    systemVariable: (name) => systemVariable(session, name),
    fact: (name, values) => fact(session, name, values),
    factTable: (name, constants) => factTables[name]?.(session, constants),
    constant: () => undefined,
    scalarFunction: (name) => scalarFunctionOf(session, name),
    tableFunction: (name) => tableFunctionOf(session, name),
  });
  const { columns } = translateQuery(relation.query, undefined, translation);
  return columns.map((column, index) => ({
    name: relation.columns[index] ?? column.name,
    type: column.type ?? { name: 'nvarchar', length: 4000 },
    nullable: column.nullable !== false,
  }));
}
