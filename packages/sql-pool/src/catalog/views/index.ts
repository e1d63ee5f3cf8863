import type { Name } from '../../dialect/ast.js';
import { quoteText } from '../../dialect/translate/quote.js';
import type { Relation } from '../../dialect/translate/translation.js';
import { errors } from '../../errors/catalogue.js';
import type { Session } from '../../interpreter/session.js';
import { type SqlType, storageType } from '../../types/sql-type.js';
import { objectId } from '../objects.js';
import { informationSchema } from './information-schema.js';
import { sysCompatibility } from './sys-compatibility.js';
import { sysConstraints } from './sys-constraints.js';
import { sysEmpty } from './sys-empty.js';
import { sysExternal } from './sys-external.js';
import { sysNodes } from './sys-nodes.js';
import { sysObjects } from './sys-objects.js';
import { sysParameters } from './sys-parameters.js';
import { sysPartitions } from './sys-partitions.js';
import { sysRequests } from './sys-requests.js';
import { sysSecurity } from './sys-security.js';
import { sysServer } from './sys-server.js';
import { sysWorkload } from './sys-workload.js';
import type { Cell, SystemView } from './view.js';

const sys: Readonly<Record<string, SystemView>> = {
  ...sysEmpty,
  ...sysObjects,
  ...sysExternal,
  ...sysSecurity,
  ...sysRequests,
  ...sysServer,
  ...sysConstraints,
  ...sysPartitions,
  ...sysNodes,
  ...sysWorkload,
  ...sysParameters,
  ...sysCompatibility,
  database_credentials: sysExternal.database_scoped_credentials!,
};

/** The view, when the name is one of `sys.…` or `INFORMATION_SCHEMA.…`. @throws SqlError 208 for one that is not there */
export function systemView(session: Session, name: Name): Relation | undefined {
  const object = name.at(-1)!.toLowerCase();
  // The views of older versions are found without a schema, and as dbo's.
  const old = Object.hasOwn(sysCompatibility, object) && (name.length === 1 || name.at(-2)!.toLowerCase() === 'dbo');
  const schema = old ? 'sys' : name.at(-2)?.toLowerCase();
  if (schema !== 'sys' && schema !== 'information_schema') return undefined;
  const view = schema === 'sys' ? sys[object] : informationSchema[object];
  if (!view) throw errors.invalidObject(name.join('.'));
  return {
    kind: 'system',
    sql: valuesText(view, session),
    columns: view.columns.map(([column, type]) => ({ name: column, type })),
    name: [session.database.name, schema, object],
  };
}

/** Whether a view tells of something the local pool does not have. */
export function isEmptyView(name: string): boolean {
  return Object.hasOwn(sysEmpty, name);
}

export function systemViewNames(): readonly { readonly schema: string; readonly name: string; readonly id: number }[] {
  const named = (schema: string, names: readonly string[]) =>
    names.map((name) => ({ schema, name, id: -objectId(schema, name) }));
  return [...named('sys', Object.keys(sys)), ...named('INFORMATION_SCHEMA', Object.keys(informationSchema))];
}

/** The rows of a view as a DuckDB query. */
export function valuesText(view: SystemView, session: Session): string {
  const rows = view.rows(session);
  const empty = view.columns.map(([, type]) => cellText(null, type)).join(', ');
  if (rows.length === 0) return `SELECT ${empty} WHERE false`;
  const lines = rows.map((row) => `(${view.columns.map(([, type], index) => cellText(row[index], type)).join(', ')})`);
  return `VALUES ${lines.join(', ')}`;
}

function cellText(cell: Cell, type: SqlType): string {
  const storage = storageType(type);
  if (cell === null || cell === undefined) return `CAST(NULL AS ${storage})`;
  if (cell instanceof Date)
    return `CAST(${quoteText(cell.toISOString().replace('T', ' ').replace('Z', ''))} AS ${storage})`;
  if (typeof cell === 'object') return `CAST(${cell.sql} AS ${storage})`;
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (typeof cell === 'string')
    return storage === 'VARCHAR' ? quoteText(cell.replaceAll('\0', '')) : `CAST(${quoteText(cell)} AS ${storage})`;
  return `CAST(${cell} AS ${storage})`;
}
