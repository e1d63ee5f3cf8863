import { type Column, fromArrowSchema } from '@crossview/columns';
import { CrossviewError } from '@crossview/contracts';
import type { Table } from 'apache-arrow';
import { sqlTypeKey } from '../sql-client/index.js';
import { identifier } from '../tsql/quote.js';

/** A column of a read: what Spark gets, and how the pool makes it. */
export interface ReadColumn extends Column {
  readonly sqlType: string;
}

/** T-SQL types that the pool's Parquet or Spark's reader does not have, and what they are exported as. */
const conversions: readonly (readonly [RegExp, (column: string) => string])[] = [
  [/^time/, (column) => `CONVERT(nvarchar(16), ${column})`],
  [/^datetimeoffset/, (column) => `CAST(SWITCHOFFSET(${column}, '+00:00') AS datetime2(7))`],
  [/^(datetime|smalldatetime)$/, (column) => `CAST(${column} AS datetime2(7))`],
  [/^uniqueidentifier/, (column) => `CONVERT(nvarchar(36), ${column})`],
  [/^money/, (column) => `CAST(${column} AS decimal(19,4))`],
  [/^smallmoney/, (column) => `CAST(${column} AS decimal(10,4))`],
  [/^tinyint/, (column) => `CAST(${column} AS smallint)`],
];

/** The column as the pool is to export it. */
export function exportExpression({ name, sqlType }: ReadColumn): string {
  const quoted = identifier(name);
  return conversions.find(([type]) => type.test(sqlType))?.[1](quoted) ?? quoted;
}

/**
 * What Spark sees of a result of the pool: wall clocks are read as instants in UTC, as they were written; times become text.
 * @throws CrossviewError `QUERY_INVALID` for columns without a name, or with a name that is there twice.
 */
export function readColumns(result: Table): ReadColumn[] {
  const columns = fromArrowSchema(result.schema);
  const seen = new Set<string>();
  for (const [index, { name }] of columns.entries()) {
    if (seen.has(name.toLowerCase()))
      throw new CrossviewError('QUERY_INVALID', `Two columns of the query are called "${name}".`, {
        hint: 'Give each column a name of its own by AS.',
        facts: { column: name, position: index + 1 },
      });
    seen.add(name.toLowerCase());
  }
  return columns.map((column, index) => {
    const { kind } = column.type;
    const type: Column['type'] =
      kind === 'timestampNtz' ? { kind: 'timestamp' } : kind === 'time' ? { kind: 'string' } : column.type;
    return {
      name: column.name,
      type: type.kind === 'string' ? { kind: 'string' } : type.kind === 'binary' ? { kind: 'binary' } : type,
      nullable: true,
      sqlType: result.schema.fields[index]?.metadata.get(sqlTypeKey) ?? '',
    };
  });
}
