import type { TdsValue } from '@crossview/tds-wire';
import type { SqlType } from '../types/sql-type.js';
import type { DuckDBConnection, DuckDBPreparedStatement } from './api.js';
import { type Chunk, type ResultColumn, RowEncoder } from './row-encoder.js';
import { declaredType, duckType, fromStored, toDuckDB } from './values.js';

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

type Result = Awaited<ReturnType<DuckDBPreparedStatement['stream']>>;

/** Never rejects: nobody may be waiting yet. */
async function fetchNext(result: Result): Promise<Chunk | null | Error> {
  try {
    return await result.fetchChunk();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
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
    // DuckDB makes the next chunk while this one is written.
    let coming = fetchNext(result);
    try {
      for (;;) {
        const chunk = await coming;
        if (chunk instanceof Error) throw chunk;
        if (!chunk || chunk.rowCount === 0) return rows;
        rows += chunk.rowCount;
        coming = fetchNext(result);
        await take(encoder, chunk, chunk.rowCount);
      }
    } finally {
      await coming;
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

/**
 * All rows as wire values, with the types DuckDB gave them: for expressions, catalog lookups and assignments.
 * @param declared the translator's types of the columns, where they are known
 */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly Bound[] = [],
  declared: readonly (SqlType | undefined)[] = [],
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
      rows: result.getRows().map((row) => row.map((value, index) => fromStored(value, declared[index], types[index]!))),
      types: types.map(declaredType),
      names: result.columnNames(),
    };
  } finally {
    prepared.destroySync();
  }
}
