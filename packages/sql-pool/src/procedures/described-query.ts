import type { Query } from '../dialect/ast.js';
import { describeColumns } from '../duckdb/run.js';
import type { Context } from '../interpreter/context.js';
import type { SqlType } from '../types/sql-type.js';

export interface DescribedColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly identity: boolean;
  readonly stored: boolean;
}

/** The columns of a query without running it: declared types where they are known, else what DuckDB makes of them. */
export async function describeQuery(context: Context, query: Query): Promise<readonly DescribedColumn[]> {
  const { query: translated, translation } = context.translate(query);
  context.demandReads(translation);
  return context.withExternals(translation, translated.sql, async (sql) => {
    const types = await describeColumns(await context.session.evaluator(), sql);
    return translated.columns.map((column, index) => ({
      name: column.name,
      type: column.type ?? types[index]!,
      nullable: column.nullable ?? true,
      identity: column.identity === true,
      stored: column.stored === true,
    }));
  });
}
