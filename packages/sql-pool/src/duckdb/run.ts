import type { TdsValue } from '@crossview/tds-wire';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import type { SqlType } from '../types/sql-type.js';
import { type Chunk, type ResultColumn, RowEncoder } from './row-encoder.js';
import { declaredType, duckType, fromDuckDB, toDuckDB } from './values.js';

export interface Bound {
  readonly type: SqlType;
  readonly value: TdsValue;
}

async function prepare(
  connection: DuckDBConnection,
  sql: string,
  values: readonly Bound[],
): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(sql);
  values.forEach(({ type, value }, index) => {
    prepared.bindValue(index + 1, toDuckDB(value, type), duckType(type));
  });
  return prepared;
}

/** Runs a query and hands out its rows in chunks as they come. @returns number of rows */
export async function streamRows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly Bound[],
  columns: readonly ResultColumn[],
  begin: (encoder: RowEncoder) => void,
  take: (encoder: RowEncoder, chunk: Chunk, count: number) => Promise<void>,
): Promise<number> {
  const prepared = await prepare(connection, sql, values);
  try {
    const result = await prepared.stream();
    const encoder = new RowEncoder(columns, result.columnTypes());
    begin(encoder);
    let rows = 0;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return rows;
      rows += chunk.rowCount;
      await take(encoder, chunk, chunk.rowCount);
    }
  } finally {
    prepared.destroySync();
  }
}

/** The types of a query's columns, without running it. */
export async function describeColumns(connection: DuckDBConnection, sql: string): Promise<readonly SqlType[]> {
  const prepared = await connection.prepare(sql);
  try {
    return Array.from({ length: prepared.columnCount }, (_, index) => declaredType(prepared.columnType(index)));
  } finally {
    prepared.destroySync();
  }
}

/** Runs a statement that changes rows. @returns their number */
export async function changeRows(connection: DuckDBConnection, sql: string, values: readonly Bound[]): Promise<number> {
  const prepared = await prepare(connection, sql, values);
  try {
    const result = await prepared.run();
    if (result.rowsChanged > 0) return result.rowsChanged;
    return result.rowsChanged;
  } finally {
    prepared.destroySync();
  }
}

/** All rows as wire values, with the types DuckDB gave them: for expressions, catalog lookups and assignments. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly Bound[] = [],
): Promise<{
  readonly rows: readonly TdsValue[][];
  readonly types: readonly SqlType[];
  readonly names: readonly string[];
}> {
  const prepared = await prepare(connection, sql, values);
  try {
    const result = await prepared.runAndReadAll();
    const types = result.columnTypes();
    return {
      rows: result.getRows().map((row) => row.map((value, index) => fromDuckDB(value, types[index]!))),
      types: types.map(declaredType),
      names: result.columnNames(),
    };
  } finally {
    prepared.destroySync();
  }
}
