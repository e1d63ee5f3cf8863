import type { Name } from '../../dialect/ast.js';
import { castTo } from '../../dialect/translate/cast.js';
import { quoteText } from '../../dialect/translate/quote.js';
import type { Relation } from '../../dialect/translate/translation.js';
import { errors } from '../../errors/catalogue.js';
import type { Session } from '../../interpreter/session.js';
import { type SqlType, storageType, varchar } from '../../types/sql-type.js';
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

export function systemViewNames(): readonly {
  readonly schema: string;
  readonly name: string;
  readonly id: number;
  readonly columns: SystemView['columns'];
}[] {
  const named = (schema: string, views: Readonly<Record<string, SystemView>>) =>
    Object.entries(views).map(([name, { columns }]) => ({ schema, name, id: -objectId(schema, name), columns }));
  return [...named('sys', sys), ...named('INFORMATION_SCHEMA', informationSchema)];
}

/** The rows of a view as a DuckDB query: literals, and the type of each column said once. */
export function valuesText(view: SystemView, session: Session): string {
  const rows = view.rows(session);
  const types = view.columns.map(([, type]) => storageType(type));
  if (rows.length === 0) return `SELECT ${types.map((type) => `CAST(NULL AS ${type})`).join(', ')} WHERE false`;
  const lines = rows.map((row) => `(${view.columns.map(([, type], index) => cellText(row[index], type)).join(', ')})`);
  const items = types.map((type, index) => `CAST(v.c${index} AS ${type})`);
  const names = types.map((_, index) => `c${index}`);
  return `SELECT ${items.join(', ')} FROM (VALUES ${lines.join(', ')}) AS v(${names.join(', ')})`;
}

function cellText(cell: Cell, type: SqlType): string {
  if (cell === null || cell === undefined) return 'NULL';
  if (cell instanceof Date) {
    const constant = cell.toISOString().replace('T', ' ').replace('Z', '');
    return castTo({ sql: quoteText(constant), type: varchar(30), constant }, type).sql;
  }
  const storage = storageType(type);
  if (typeof cell === 'object') return `CAST(${cell.sql} AS ${storage})`;
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  if (storage === 'VARCHAR') return quoteText(String(cell).replaceAll('\0', ''));
  return typeof cell === 'string' ? `CAST(${quoteText(cell)} AS ${storage})` : String(cell);
}
