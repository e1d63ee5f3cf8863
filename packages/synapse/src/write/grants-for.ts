import { copyGrant, externalGrants, type NeededGrant, newTableGrants } from '../check-grants.js';
import type { Loader } from '../loaders/index.js';
import type { Options } from '../options.js';
import { type LoadColumn, readsInto } from '../preflight.js';
import type { ThreePartName } from '../tsql/table-name.js';
import type { WriteWay } from './plan.js';

/** Whether the pool's reader brings the staged values into the table's own types. */
export function readsStraight(columns: readonly LoadColumn[]): boolean {
  return columns.every(({ target, sqlType }) => target !== undefined && readsInto(sqlType, target));
}

/** What a write needs, by its way into the table. */
export function grantsFor(
  way: WriteWay,
  loader: Loader['name'],
  table: ThreePartName,
  columns: readonly LoadColumn[],
  options: Options,
): NeededGrant[] {
  const { schema } = table;
  const reader = loader === 'copy' ? [copyGrant] : externalGrants({ dataSource: options.dataSource, schema });
  const insert: NeededGrant = { on: table, permission: 'INSERT' };
  const between = [...newTableGrants(schema), { on: { schema }, permission: 'SELECT' } satisfies NeededGrant];
  switch (way) {
    case 'append':
      return [insert, ...reader, ...(readsStraight(columns) ? [] : between)];
    case 'truncate':
      return [insert, { on: table, permission: 'ALTER' }, ...reader, ...(readsStraight(columns) ? [] : between)];
    case 'create':
      return [...newTableGrants(schema), ...reader];
    case 'switch':
    case 'rename':
      return [...newTableGrants(schema), { on: table, permission: 'ALTER' }, ...reader];
    case 'external':
      return externalGrants({ dataSource: options.dataSource, schema });
  }
}
