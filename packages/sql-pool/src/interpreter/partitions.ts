import type { TableDefinition } from '../catalog/objects.js';
import { parseValue } from '../dialect/parse/batch.js';
import { castTo } from '../dialect/translate/cast.js';
import { translateValue } from '../dialect/translate/expression.js';
import { quoteName } from '../dialect/translate/quote.js';
import { Scope } from '../dialect/translate/scope.js';
import { SqlError } from '../errors/sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import type { Context } from './context.js';

/** What a table is parted by: the column, its type and the boundaries as DuckDB text, lowest first. */
export interface Partitioning {
  readonly column: string;
  readonly type: SqlType;
  readonly right: boolean;
  readonly bounds: readonly string[];
}

/** A boundary as DuckDB text, in the type of the column. */
export function boundText(context: Context, text: string, type: SqlType): string {
  const translation = context.newTranslation();
  return castTo(translateValue(parseValue(text), new Scope(), translation), type).sql;
}

export function partitioningOf(context: Context, table: TableDefinition): Partitioning | undefined {
  const { partition } = table;
  const column = table.columns.find((known) => known.name.toLowerCase() === partition?.column.toLowerCase());
  if (!partition || !column) return undefined;
  return {
    column: column.name,
    type: column.type,
    right: partition.range === 'RIGHT',
    bounds: (partition.values ?? []).map((text) => boundText(context, text, column.type)),
  };
}

/** The condition for rows of one partition, counted from 1; NULL is in the first. @throws SqlError 7722 for a number that there is not */
export function partitionCondition({ column, right, bounds }: Partitioning, number: number): string {
  if (!(number >= 1 && number <= bounds.length + 1))
    throw new SqlError(
      7722,
      `Invalid partition number ${number} specified for table, partition number can range from 1 to ${bounds.length + 1}.`,
    );
  const name = quoteName(column);
  const low = bounds[number - 2];
  const high = bounds[number - 1];
  const parts = [
    ...(low === undefined ? [] : [`${name} ${right ? '>=' : '>'} ${low}`]),
    ...(high === undefined ? [] : [`${name} ${right ? '<' : '<='} ${high}`]),
  ];
  if (parts.length === 0) return 'true';
  return number === 1 ? `(${parts.join(' AND ')} OR ${name} IS NULL)` : `(${parts.join(' AND ')})`;
}
