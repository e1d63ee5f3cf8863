import type { ViewCatalog } from '@crossview/contracts';

export interface SqlColumn {
  readonly name: string;
  readonly type: string;
}

/** A table or view that a statement can name. */
export interface SqlTable {
  readonly schema?: string;
  readonly name: string;
  /** `View of python, 3 rows`, `Table`. */
  readonly what: string;
  /** `undefined` when they are not known, or were not asked for. */
  readonly columns: readonly SqlColumn[] | undefined;
}

/** What completion and inspection of a SQL cell know. */
export interface SqlNames {
  readonly tables: readonly SqlTable[];
  readonly functions: readonly string[];
  readonly keywords: readonly string[];
  /** How the language quotes a name that is not plain. */
  quote(name: string): string;
}

/** The session's views as tables; asks no engine. */
export async function viewTables(views: ViewCatalog): Promise<readonly SqlTable[]> {
  return (await views.list()).map(({ name, language, rows, fields }) => ({
    name,
    what: `View of ${language}${rows === undefined ? '' : `, ${rows.toLocaleString('en-US')} rows`}`,
    columns: fields,
  }));
}
