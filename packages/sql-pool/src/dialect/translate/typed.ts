import type { SqlType } from '../../types/sql-type.js';

/** DuckDB text with the T-SQL type that it gives; `undefined` where only DuckDB's binder knows. */
export interface Typed {
  readonly sql: string;
  readonly type: SqlType | undefined;
  /** The value of a literal: for integers in decimal arithmetic, LIKE patterns and functions that want constants. */
  readonly constant?: string | number | null;
}

/** A column of a result or of a table in scope. */
export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType | undefined;
  readonly nullable?: boolean;
  readonly identity?: boolean;
  /** Straight from a table, not computed. */
  readonly stored?: boolean;
  /** NULL and nothing else: it takes whatever type stands beside or before it. */
  readonly untyped?: boolean;
}
