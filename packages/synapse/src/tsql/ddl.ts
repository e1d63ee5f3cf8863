import { definedWidth } from '@crossview/columns';
import { identifier, literal, plainLiteral, type TableName, tableName } from './quote.js';

/** A column of a table that is made or loaded. */
export interface TableColumn {
  readonly name: string;
  readonly sqlType: string;
}

export function columnDefinitions(columns: readonly TableColumn[]): string {
  return columns.map(({ name, sqlType }) => `${identifier(name)} ${sqlType} NULL`).join(', ');
}

export function columnList(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => identifier(name)).join(', ');
}

/** What stands in `WITH (…)` of a new table when nothing else is asked for. A clustered columnstore index takes no `(max)` column. */
export function defaultTableOptions(columns: readonly TableColumn[]): string {
  const hasLob = columns.some(({ sqlType }) => definedWidth(sqlType) === undefined);
  return `DISTRIBUTION = ROUND_ROBIN, ${hasLob ? 'HEAP' : 'CLUSTERED COLUMNSTORE INDEX'}`;
}

export function createTable(table: TableName, columns: readonly TableColumn[], tableOptions: string): string {
  return `CREATE TABLE ${tableName(table)} (${columnDefinitions(columns)}) WITH (${tableOptions})`;
}

export function dropTableIfExists(table: TableName): string {
  return `IF OBJECT_ID(${literal(tableName(table))}) IS NOT NULL DROP TABLE ${tableName(table)}`;
}

/** @param external its quoted name. */
export function dropExternalTable(external: string): string {
  return `IF OBJECT_ID(${literal(external)}) IS NOT NULL DROP EXTERNAL TABLE ${external}`;
}

/** The new name has one part: a table does not change its schema by RENAME. */
export function renameTable(table: TableName, name: string): string {
  return `RENAME OBJECT ${tableName(table)} TO ${identifier(name)}`;
}

export function countRows(table: TableName): string {
  return `SELECT COUNT_BIG(*) AS row_count FROM ${tableName(table)}`;
}

export function labelOption(label: string): string {
  return ` OPTION (LABEL = ${plainLiteral(label)})`;
}
