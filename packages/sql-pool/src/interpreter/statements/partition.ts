import type { TableDefinition } from '../../catalog/objects.js';
import { readRows } from '../../duckdb/run.js';
import { SqlError } from '../../errors/sql-error.js';
import type { Context } from '../context.js';
import { type ResolvedName, shownName, storedName } from '../names.js';
import { boundText, partitionCondition, partitioningOf } from '../partitions.js';
import { type TableFacts, tableComment } from './table.js';

/** The facts of a table without its name and columns. */
export function tableOptions(table: TableDefinition): TableFacts {
  const { distribution, distributionColumns, index, partition, keys, created } = table;
  return { distribution, distributionColumns, index, partition, keys, created };
}

async function truth(context: Context, sql: string): Promise<boolean> {
  const { rows } = await readRows(context.session.connection, `SELECT ${sql}`);
  return rows[0]![0] === true;
}

/** ALTER TABLE … SPLIT RANGE (value) and MERGE RANGE (value): boundaries come and go; only empty partitions may be cut. */
export async function changeRange(
  context: Context,
  resolved: ResolvedName,
  table: TableDefinition,
  action: { readonly kind: 'splitRange' | 'mergeRange'; readonly value: string },
): Promise<void> {
  const parting = partitioningOf(context, table);
  const shown = shownName(resolved);
  if (!parting) throw new SqlError(7726, `The table '${shown}' is not partitioned.`);
  const bound = boundText(context, action.value, parting.type);
  const values = [...(table.partition!.values ?? [])];
  let position = 0;
  while (position < values.length && (await truth(context, `${parting.bounds[position]} < ${bound}`))) position++;
  const there = position < values.length && (await truth(context, `${parting.bounds[position]} = ${bound}`));
  const stored = storedName(resolved);
  const filled = (number: number) =>
    truth(context, `EXISTS (SELECT 1 FROM ${stored} WHERE ${partitionCondition(parting, number)})`);
  if (action.kind === 'splitRange') {
    if (there)
      throw new SqlError(
        7721,
        `Duplicate range boundary values are not allowed in partition function boundary values list.`,
      );
    if (table.index !== 'HEAP' && table.index !== 'CLUSTERED INDEX' && (await filled(position + 1)))
      throw new SqlError(
        35346,
        'SPLIT clause of ALTER PARTITION statement failed because the partition is not empty. Only empty partitions can be split in when a columnstore index exists on the table. Consider disabling the columnstore index before issuing the ALTER PARTITION statement, then rebuilding the columnstore index after ALTER PARTITION is complete.',
      );
    values.splice(position, 0, action.value);
  } else {
    if (!there) throw new SqlError(7715, `The specified partition range value could not be found.`);
    if (
      table.index !== 'HEAP' &&
      table.index !== 'CLUSTERED INDEX' &&
      (await filled(position + 1)) &&
      (await filled(position + 2))
    )
      throw new SqlError(
        35347,
        'MERGE clause of ALTER PARTITION statement failed because two nonempty partitions containing a columnstore index cannot be merged.',
      );
    values.splice(position, 1);
  }
  const options = tableOptions({ ...table, partition: { ...table.partition!, values } });
  await resolved.database.change(context.session.connection, [tableComment(stored, options)]);
}
