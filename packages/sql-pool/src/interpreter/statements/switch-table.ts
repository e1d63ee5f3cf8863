import type { TableColumn, TableDefinition } from '../../catalog/objects.js';
import { quoteName } from '../../dialect/translate/quote.js';
import { SqlError } from '../../errors/sql-error.js';
import { printType } from '../../types/sql-type.js';
import type { Context } from '../context.js';
import { type ResolvedName, shownName, storedName } from '../names.js';
import { partitionCondition, partitioningOf } from '../partitions.js';
import { tableOf } from '../relations.js';
import { tableOptions } from './partition.js';
import { tableComment } from './table.js';

/** The condition of a partition in SWITCH; all rows when none is named. */
function switched(context: Context, table: TableDefinition, number: string | undefined): string {
  if (number === undefined) return 'true';
  const parting = partitioningOf(context, table);
  if (!parting) {
    if (number === '1') return 'true';
    throw new SqlError(
      7722,
      `Invalid partition number ${number} specified for table '${table.name}', partition number can range from 1 to 1.`,
    );
  }
  return partitionCondition(parting, Number(number));
}

/** Moves all rows, or those of one partition, into a table of the same shape; one transaction. */
export async function switchTable(
  context: Context,
  name: readonly string[],
  action: {
    readonly partition: string | undefined;
    readonly to: readonly string[];
    readonly toPartition: string | undefined;
    readonly truncateTarget: boolean;
  },
): Promise<void> {
  const { session } = context;
  const from = tableOf(session, name);
  const to = tableOf(session, action.to);
  session.demand('ALTER', to.resolved);
  const shape = (table: typeof from.table) =>
    JSON.stringify(table.columns.map((column) => [column.name.toLowerCase(), printType(column.type), column.nullable]));
  if (shape(from.table) !== shape(to.table))
    throw new SqlError(
      4943,
      `ALTER TABLE SWITCH statement failed because table '${shownName(from.resolved)}' has different columns than table '${shownName(to.resolved)}'.`,
    );
  if (from.table.distribution !== to.table.distribution || from.table.index !== to.table.index)
    throw new SqlError(
      4947,
      `ALTER TABLE SWITCH statement failed. The tables '${shownName(from.resolved)}' and '${shownName(to.resolved)}' differ in distribution or index.`,
    );
  const target = storedName(to.resolved);
  const source = storedName(from.resolved);
  const leaving = switched(context, from.table, action.partition);
  const place = switched(context, to.table, action.toPartition);
  const holds = async (condition: string, table: string) =>
    (
      await session.connection.runAndReadAll(`SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${condition} LIMIT 1)`)
    ).getRows()[0]![0] !== 0n;
  if (!action.truncateTarget && (await holds(place, target)))
    throw new SqlError(
      4904,
      `ALTER TABLE SWITCH statement failed. The specified ${action.toPartition === undefined ? 'target table' : `partition ${action.toPartition} of target table`} '${shownName(to.resolved)}' must be empty.`,
    );
  if (await holds(`(${leaving}) AND NOT coalesce(${place}, false)`, source))
    throw new SqlError(
      4972,
      `ALTER TABLE SWITCH statement failed. Check constraints or partition function of source table '${shownName(from.resolved)}' allows values that are not allowed by check constraints or partition function on target table '${shownName(to.resolved)}'.`,
    );
  const { database } = to.resolved;
  if (whole(from, to, action)) await database.change(session.connection, exchange(from, to));
  else
    await database.change(session.connection, [
      `DELETE FROM ${target} WHERE ${place}`,
      `INSERT INTO ${target} SELECT * FROM ${source} WHERE ${leaving}`,
      `DELETE FROM ${source} WHERE ${leaving}`,
    ]);
}

interface Found {
  readonly resolved: ResolvedName;
  readonly table: TableDefinition;
}

/** Whether two tables can take each other's names: then no row is moved. */
function whole(
  from: Found,
  to: Found,
  action: { readonly partition: string | undefined; readonly toPartition: string | undefined },
): boolean {
  if (action.partition !== undefined || action.toPartition !== undefined) return false;
  const { partition: leaving } = from.table;
  const { partition: place } = to.table;
  if (leaving !== undefined || place !== undefined) return false;
  if (from.resolved.temporary || to.resolved.temporary) return false;
  if (from.resolved.database !== to.resolved.database || from.table.schema !== to.table.schema) return false;
  // A default or an identity belongs to the table, and its rows would leave without it.
  const plain = ({ hasDefault, identity }: TableColumn) => hasDefault !== true && identity === undefined;
  if (!from.table.columns.every(plain) || !to.table.columns.every(plain)) return false;
  return JSON.stringify(from.table.columns) === JSON.stringify(to.table.columns);
}

/** The two tables change names, and what DuckDB does not know of them stays with the names. The rows that were there go. */
function exchange(from: Found, to: Found): readonly string[] {
  const source = storedName(from.resolved);
  const target = storedName(to.resolved);
  const aside = `$switched ${from.table.name}`;
  return [
    `ALTER TABLE ${target} RENAME TO ${quoteName(aside)}`,
    `ALTER TABLE ${source} RENAME TO ${quoteName(to.table.name)}`,
    `ALTER TABLE ${storedName({ ...to.resolved, name: aside })} RENAME TO ${quoteName(from.table.name)}`,
    tableComment(target, tableOptions(to.table)),
    tableComment(source, tableOptions(from.table)),
    `DELETE FROM ${source}`,
  ];
}
