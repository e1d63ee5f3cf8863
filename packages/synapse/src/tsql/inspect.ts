import type { SqlColumn } from '@crossview/columns';
import { CrossviewError } from '@crossview/contracts';
import { parseOwnName } from '../names.js';
import type { Pool } from '../pool.js';
import { parseStorageAddress, type StorageAddress } from '../staging.js';
import { literal, type TableName, tableName } from './quote.js';

export interface PoolColumn extends SqlColumn {
  readonly identity: boolean;
}

/** The columns of a table or view, in order; none when there is no such table, or none that this login may see. */
export async function tableColumns(pool: Pool, table: TableName): Promise<PoolColumn[]> {
  const rows = await pool.rows(
    'inspectTable',
    `SELECT c.name AS column_name, t.name AS type_name, CAST(c.max_length AS int) AS max_length, CAST(c.precision AS int) AS type_precision,
  CAST(c.scale AS int) AS type_scale, CAST(c.is_nullable AS int) AS is_nullable, CAST(c.is_identity AS int) AS is_identity
FROM sys.columns AS c JOIN sys.types AS t ON t.user_type_id = c.user_type_id
WHERE c.object_id = OBJECT_ID(${literal(tableName(table))}) ORDER BY c.column_id`,
  );
  return rows.map((row) => ({
    name: String(row.column_name),
    type: String(row.type_name),
    maxLength: Number(row.max_length),
    precision: Number(row.type_precision),
    scale: Number(row.type_scale),
    nullable: Number(row.is_nullable) === 1,
    identity: Number(row.is_identity) === 1,
  }));
}

/** Where an external data source points. @throws CrossviewError `DATA_SOURCE_NOT_FOUND`. */
export async function dataSource(pool: Pool, name: string): Promise<StorageAddress> {
  const rows = await pool.rows(
    'inspectDataSource',
    `SELECT location FROM sys.external_data_sources WHERE name = ${literal(name)}`,
  );
  const location = rows[0]?.location;
  if (typeof location !== 'string')
    throw new CrossviewError(
      'DATA_SOURCE_NOT_FOUND',
      `Database "${pool.target.database}" has no external data source "${name}", or none that this login may see.`,
      {
        hint: `Create it: CREATE EXTERNAL DATA SOURCE ${name} WITH (TYPE = HADOOP, LOCATION = 'abfss://container@account.dfs.core.windows.net', CREDENTIAL = …);`,
        facts: { dataSource: name, database: pool.target.database },
      },
    );
  return parseStorageAddress(location);
}

/** The names of Parquet file formats that are there, ours left out. */
export async function parquetFormats(pool: Pool): Promise<string[]> {
  const rows = await pool.rows(
    'inspectFileFormat',
    `SELECT name FROM sys.external_file_formats WHERE format_type = ${literal('PARQUET')} ORDER BY name`,
  );
  return rows.map((row) => String(row.name)).filter((name) => parseOwnName(name) === undefined);
}

/** `PARQUET`, `DELIMITEDTEXT`, … or nothing when there is no such format. */
export async function formatType(pool: Pool, name: string): Promise<string | undefined> {
  const rows = await pool.rows(
    'inspectFileFormat',
    `SELECT format_type FROM sys.external_file_formats WHERE name = ${literal(name)}`,
  );
  return rows[0] === undefined ? undefined : String(rows[0].format_type).toUpperCase();
}

/** Where an external table points. */
export interface ExternalTableAt {
  readonly location: string;
  readonly dataSource: string;
  readonly fileFormat: string;
}

export async function externalTableAt(pool: Pool, table: TableName): Promise<ExternalTableAt | undefined> {
  const rows = await pool.rows(
    'readExternalTable',
    `SELECT t.location AS place, d.name AS source_name, f.name AS format_name FROM sys.external_tables AS t
JOIN sys.external_data_sources AS d ON d.data_source_id = t.data_source_id
JOIN sys.external_file_formats AS f ON f.file_format_id = t.file_format_id
WHERE t.object_id = OBJECT_ID(${literal(tableName(table))})`,
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return { location: String(row.place), dataSource: String(row.source_name), fileFormat: String(row.format_name) };
}
