import { errors } from '../../errors/catalogue.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ColumnShape, Name, ProcedureParameter, Query } from '../ast.js';
import type { OutputColumn, Typed } from './typed.js';

/** What a name in FROM turned out to be. */
export type Relation =
  | { readonly kind: 'stored'; readonly sql: string; readonly columns: readonly OutputColumn[]; readonly name: Name }
  | { readonly kind: 'view'; readonly query: Query; readonly columns: readonly string[]; readonly name: Name }
  | { readonly kind: 'external'; readonly columns: readonly OutputColumn[]; readonly name: Name }
  | { readonly kind: 'system'; readonly sql: string; readonly columns: readonly OutputColumn[]; readonly name: Name };

/** What the translator asks of the session it works for. */
export interface TranslationSource {
  /** @throws SqlError 208 */
  relation(name: Name): Relation;
  /** Type of a declared variable. */
  variable(name: string): SqlType | undefined;
  /** `@@ROWCOUNT` and its like. */
  systemVariable(name: string): Typed | undefined;
  /** A fact about the session, the catalog or the error at hand: OBJECT_ID, USER_NAME, ERROR_MESSAGE. */
  fact(name: string, values: readonly (string | number | null)[]): Typed | undefined;
  /** Answers of a function of the catalog for every key there is, for calls over columns. */
  factTable(
    name: string,
    constants: readonly (string | number | null)[],
  ): { readonly type: SqlType; readonly entries: readonly (readonly [string, string | number])[] } | undefined;
  /** The value of a variable now, for functions that look things up while the text is made. */
  constant(name: string): string | number | null | undefined;
  /** An inline table-valued function of the user's own. */
  tableFunction(name: Name): { readonly parameters: readonly ProcedureParameter[]; readonly query: Query } | undefined;
  scalarFunction(name: Name):
    | {
        readonly parameters: readonly ProcedureParameter[];
        readonly returns: SqlType;
        readonly body: import('../ast.js').Expression;
      }
    | undefined;
}

/** Files that have to be fetched before the text can run; `placeholder` stands in the text until then. */
export interface ExternalUse {
  readonly placeholder: string;
  readonly table: Name | undefined;
  readonly rowset:
    | {
        readonly locations: readonly string[];
        readonly options: ReadonlyMap<string, string>;
        readonly columns: readonly ColumnShape[] | undefined;
      }
    | undefined;
}

/** Collects what one statement's text needs besides itself. */
export class Translation {
  readonly source: TranslationSource;
  /** Names of variables, in the order of `$1`, `$2`, …. */
  readonly parameters: string[] = [];
  readonly externals: ExternalUse[] = [];
  /** Objects that are read: permissions are asked for them. */
  readonly reads: Name[] = [];
  /** Of each object that is read, the columns that the text names; lower case. */
  readonly columnsRead = new Map<Name, Set<string>>();
  /** The text holds facts of this moment and may not be kept for the next run. */
  momentary = false;
  /** Views inside views. */
  viewDepth = 0;
  #names = 0;

  constructor(source: TranslationSource) {
    this.source = source;
  }

  parameter(name: string, line: number): { readonly position: string; readonly type: SqlType } {
    const type = this.source.variable(name);
    if (!type) throw errors.undeclaredVariable(name, line);
    const lower = name.toLowerCase();
    let index = this.parameters.indexOf(lower);
    if (index < 0) index = this.parameters.push(lower) - 1;
    return { position: `$${index + 1}`, type };
  }

  external(use: Omit<ExternalUse, 'placeholder'>): string {
    const placeholder = `"$external"."${this.externals.length}"`;
    this.externals.push({ placeholder, ...use });
    return placeholder;
  }

  /** Notes that an object is read. @returns where its columns are noted */
  read(name: Name): Set<string> {
    const columns = new Set<string>();
    this.reads.push(name);
    this.columnsRead.set(name, columns);
    return columns;
  }

  freshName(): string {
    return `$${++this.#names}`;
  }
}
