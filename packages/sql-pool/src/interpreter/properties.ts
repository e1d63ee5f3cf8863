import type { TableColumn } from '../catalog/objects.js';
import { typeShape } from '../catalog/views/types.js';
import { isString } from '../types/sql-type.js';
import { kindOf } from './facts.js';
import type { Session } from './session.js';

/** COLUMNPROPERTY; `undefined` for a property that is not known. */
export function columnProperty(column: TableColumn, number: number, property: string): number | undefined {
  const shape = typeShape(column.type);
  switch (property.toLowerCase()) {
    case 'allowsnull':
      return column.nullable ? 1 : 0;
    case 'columnid':
    case 'ordinal':
      return number;
    case 'isidentity':
      return column.identity ? 1 : 0;
    case 'precision':
      return isString(column.type) ? (column.type.length ?? 1) : shape.precision;
    case 'scale':
      return shape.scale;
    case 'charmaxlen':
      return isString(column.type) ? (column.type.length ?? 1) : undefined;
    case 'iscomputed':
    case 'isrowguidcol':
    case 'isidnotforrepl':
    case 'issparse':
    case 'ishidden':
    case 'isxmlindexable':
    case 'generatedalwaystype':
      return 0;
    case 'usesansitrim':
      return 1;
    default:
      return undefined;
  }
}

const kindsOf: Readonly<Record<string, string>> = {
  istable: 'table',
  isusertable: 'table',
  isview: 'view',
  isprocedure: 'procedure',
  isscalarfunction: 'function',
};

/** OBJECTPROPERTY and OBJECTPROPERTYEX; `undefined` for a property that is not known. */
export function objectProperty(session: Session, name: readonly string[], property: string): number | undefined {
  const found = kindOf(session, name);
  if (!found) return undefined;
  const asked = property.toLowerCase();
  const kind = kindsOf[asked];
  if (kind !== undefined) return found.kind === kind || (kind === 'table' && found.kind === 'externalTable') ? 1 : 0;
  if (asked === 'tablehasidentity')
    return session.database.table(found.schema, found.name)?.columns.some((column) => column.identity) ? 1 : 0;
  if (asked === 'ownerid') return 1;
  if (
    /^(ismsshipped|isencrypted|tablehas|is(trigger|systemtable|inlinefunction|tablefunction|indexed|schemabound|constraint|foreignkey|primarykey|default|deterministic|quotedidenton|ansinullson))/.test(
      asked,
    )
  )
    return 0;
  return undefined;
}
