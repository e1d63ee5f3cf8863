import type { Pool } from '../pool.js';
import { identifier, literal, type TableName, tableName } from './quote.js';

/** What a name stands for in a pool. */
export type TableKind = 'table' | 'external table' | 'view';

export async function tableKind(pool: Pool, table: TableName): Promise<TableKind> {
  const id = `OBJECT_ID(${literal(tableName(table))})`;
  const [row] = await pool.rows(
    'inspectTable',
    `SELECT (SELECT COUNT(*) FROM sys.external_tables WHERE object_id = ${id}) AS externals, (SELECT COUNT(*) FROM sys.views WHERE object_id = ${id}) AS views`,
  );
  if (Number(row?.externals) > 0) return 'external table';
  return Number(row?.views) > 0 ? 'view' : 'table';
}

/** How a table is laid out. */
export interface TableLayout {
  /** What stands in `WITH (…)` to make another table like it. */
  readonly options: string;
  readonly partitioned: boolean;
  /** Columns that distribution, index and partitions name. */
  readonly columns: readonly string[];
}

const names = (rows: readonly { readonly [name: string]: unknown }[]): string[] =>
  rows.map((row) => String(row.column_name));

function distribution(policy: string, columns: readonly string[]): string {
  if (policy === 'REPLICATE') return 'REPLICATE';
  if (policy === 'HASH' && columns.length > 0) return `HASH(${columns.map(identifier).join(', ')})`;
  return 'ROUND_ROBIN';
}

async function distributionOf(pool: Pool, id: string): Promise<{ text: string; columns: string[] }> {
  const policies = await pool.rows(
    'inspectDistribution',
    `SELECT distribution_policy_desc AS policy FROM sys.pdw_table_distribution_properties WHERE object_id = ${id}`,
  );
  const columns = names(
    await pool.rows(
      'inspectDistribution',
      `SELECT c.name AS column_name FROM sys.pdw_column_distribution_properties AS d
JOIN sys.columns AS c ON c.object_id = d.object_id AND c.column_id = d.column_id
WHERE d.object_id = ${id} AND d.distribution_ordinal > 0 ORDER BY d.distribution_ordinal`,
    ),
  );
  return { text: distribution(String(policies[0]?.policy ?? ''), columns), columns };
}

async function indexOf(pool: Pool, id: string, first: string): Promise<{ text: string; columns: string[] }> {
  const indexes = await pool.rows(
    'inspectDistribution',
    `SELECT type_desc AS index_type FROM sys.indexes WHERE object_id = ${id} AND index_id IN (0, 1)`,
  );
  const type = String(indexes[0]?.index_type ?? '');
  if (type === 'HEAP') return { text: 'HEAP', columns: [] };
  if (type !== 'CLUSTERED') return { text: 'CLUSTERED COLUMNSTORE INDEX', columns: [] };
  const keys = await pool.rows(
    'inspectDistribution',
    `SELECT c.name AS column_name, CAST(i.is_descending_key AS int) AS descending FROM sys.index_columns AS i
JOIN sys.columns AS c ON c.object_id = i.object_id AND c.column_id = i.column_id
WHERE i.object_id = ${id} AND i.index_id = 1 AND i.key_ordinal > 0 ORDER BY i.key_ordinal`,
  );
  // A pool that does not keep the columns of its index does not compare them either; one has to be named.
  const list = keys.length === 0 ? [{ column_name: first, descending: 0 }] : keys;
  const text = list.map(
    (row) => `${identifier(String(row.column_name))}${Number(row.descending) === 1 ? ' DESC' : ''}`,
  );
  return { text: `CLUSTERED INDEX (${text.join(', ')})`, columns: names(list) };
}

/** `PARTITION (…)`, or nothing for a table that is in one piece. */
async function partitionsOf(pool: Pool, id: string): Promise<{ text: string; columns: string[] } | undefined> {
  const [count] = await pool.rows(
    'inspectDistribution',
    `SELECT COUNT(DISTINCT partition_number) AS parts FROM sys.partitions WHERE object_id = ${id} AND index_id IN (0, 1)`,
  );
  if (Number(count?.parts) <= 1) return undefined;
  const bounds = await pool.rows(
    'inspectDistribution',
    `SELECT c.name AS column_name, CAST(f.boundary_value_on_right AS int) AS on_right, CONVERT(nvarchar(200), r.value, 126) AS bound, t.name AS bound_type
FROM sys.indexes AS i JOIN sys.partition_schemes AS s ON s.data_space_id = i.data_space_id
JOIN sys.partition_functions AS f ON f.function_id = s.function_id
JOIN sys.partition_range_values AS r ON r.function_id = f.function_id
JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.partition_ordinal = 1
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
JOIN sys.types AS t ON t.user_type_id = c.user_type_id
WHERE i.object_id = ${id} AND i.index_id IN (0, 1) ORDER BY r.boundary_id`,
  );
  const column = String(bounds[0]?.column_name ?? '');
  const values = bounds.map(({ bound, bound_type: type }) =>
    /^(?:(?:tiny|small|big)?int|decimal|numeric)$/i.test(String(type)) && /^-?\d+(?:\.\d+)?$/.test(String(bound))
      ? String(bound)
      : literal(String(bound)),
  );
  const side = Number(bounds[0]?.on_right) === 1 ? 'RIGHT' : 'LEFT';
  return {
    text: `PARTITION (${identifier(column)} RANGE ${side} FOR VALUES (${values.join(', ')}))`,
    columns: [column],
  };
}

/** @param first the table's first column. */
export async function tableLayout(pool: Pool, table: TableName, first: string): Promise<TableLayout> {
  const id = `OBJECT_ID(${literal(tableName(table))})`;
  const spread = await distributionOf(pool, id);
  const index = await indexOf(pool, id, first);
  const partitions = await partitionsOf(pool, id);
  const parts = [`DISTRIBUTION = ${spread.text}`, index.text, ...(partitions === undefined ? [] : [partitions.text])];
  return {
    options: parts.join(', '),
    partitioned: partitions !== undefined,
    columns: [...spread.columns, ...index.columns, ...(partitions?.columns ?? [])],
  };
}
