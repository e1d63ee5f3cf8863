import { systemViewNames } from '../catalog/views/index.js';
import { userObjects } from '../catalog/views/sys-objects.js';
import type { Context } from '../interpreter/context.js';
import { relationOf } from '../interpreter/relations.js';
import type { SqlType } from '../types/sql-type.js';
import { describeQuery } from './described-query.js';

export interface KnownTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'TABLE' | 'VIEW' | 'SYSTEM VIEW';
}

export interface KnownColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly identity: boolean;
}

/** Tables and views of the database that the user may know of, the system's own last. */
export function knownTables(context: Context): readonly KnownTable[] {
  const own = userObjects(context.session)
    .filter(({ type }) => type === 'U ' || type === 'V ')
    .map(({ schema, name, type }): KnownTable => ({ schema, name, kind: type === 'U ' ? 'TABLE' : 'VIEW' }));
  const system = systemViewNames().map(({ schema, name }): KnownTable => ({ schema, name, kind: 'SYSTEM VIEW' }));
  return [...own, ...system];
}

/** Columns in their order. A view whose query no longer holds has none. */
export async function columnsOf(context: Context, table: KnownTable): Promise<readonly KnownColumn[]> {
  const relation = relationOf(context.session, [table.schema, table.name]);
  if (relation.kind === 'view') {
    const described = await describeQuery(context, relation.query).catch(() => []);
    return described.map((column, index) => ({ ...column, name: relation.columns[index] ?? column.name }));
  }
  return relation.columns.flatMap(({ name, type, nullable, identity }) =>
    type ? [{ name, type, nullable: nullable ?? true, identity: identity === true }] : [],
  );
}
