import type { Pool } from '../pool.js';
import { identifier, literal, type TableName, tableName } from '../tsql/quote.js';

/** The `WITH (…)` that makes another table of the same distribution and index. */
export async function tableOptionsOf(pool: Pool, table: TableName): Promise<string> {
  const id = `OBJECT_ID(${literal(tableName(table))})`;
  const policies = await pool.rows(
    'inspectDistribution',
    `SELECT distribution_policy_desc AS policy FROM sys.pdw_table_distribution_properties WHERE object_id = ${id}`,
  );
  const columns = await pool.rows(
    'inspectDistribution',
    `SELECT c.name AS column_name FROM sys.pdw_column_distribution_properties AS d
JOIN sys.columns AS c ON c.object_id = d.object_id AND c.column_id = d.column_id
WHERE d.object_id = ${id} AND d.distribution_ordinal > 0 ORDER BY d.distribution_ordinal`,
  );
  const indexes = await pool.rows(
    'inspectDistribution',
    `SELECT type_desc AS index_type FROM sys.indexes WHERE object_id = ${id} AND index_id IN (0, 1)`,
  );
  return `DISTRIBUTION = ${distribution(
    String(policies[0]?.policy ?? ''),
    columns.map((row) => String(row.column_name)),
  )}, ${index(String(indexes[0]?.index_type ?? ''))}`;
}

function distribution(policy: string, columns: readonly string[]): string {
  if (policy === 'REPLICATE') return 'REPLICATE';
  if (policy === 'HASH' && columns.length > 0) return `HASH(${columns.map(identifier).join(', ')})`;
  return 'ROUND_ROBIN';
}

function index(type: string): string {
  return type === 'HEAP' ? 'HEAP' : 'CLUSTERED COLUMNSTORE INDEX';
}
