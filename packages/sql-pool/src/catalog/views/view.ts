import type { Session } from '../../interpreter/session.js';
import type { SqlType } from '../../types/sql-type.js';

export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** A system view: columns, and the rows of this moment. A new one is a new entry in its family's file. */
export interface SystemView {
  readonly columns: readonly (readonly [name: string, type: SqlType])[];
  rows(session: Session): readonly (readonly Cell[])[];
}
