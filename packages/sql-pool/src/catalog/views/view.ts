import type { Session } from '../../interpreter/session.js';
import type { SqlType } from '../../types/sql-type.js';

/** A value, or DuckDB text that is computed when the view is read. */
export type Cell = string | number | bigint | boolean | Date | null | undefined | { readonly sql: string };

/** A system view: columns, and the rows of this moment. A new one is a new entry in its family's file. */
export interface SystemView {
  readonly columns: readonly (readonly [name: string, type: SqlType])[];
  rows(session: Session): readonly (readonly Cell[])[];
}
