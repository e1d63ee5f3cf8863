import { errors } from '../../errors/catalogue.js';
import type { Name } from '../ast.js';
import { quoteName } from './quote.js';
import type { OutputColumn, Typed } from './typed.js';

export interface ScopeTable {
  /** The name that column references may use: alias, or the name of the table. */
  readonly exposed: string;
  /** Schema and database of a table without alias, so that `dbo.t.c` resolves. */
  readonly qualifiers: readonly string[];
  /** The alias in the DuckDB text; unique among the scopes that can see it. */
  readonly alias: string;
  readonly columns: readonly OutputColumn[];
  /** Where columns that are read are noted, for permissions. */
  readonly read: Set<string> | undefined;
}

export interface CommonTableShape {
  readonly name: string;
  readonly sqlName: string;
  readonly columns: readonly OutputColumn[];
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The tables one query block can see, and through `parent` those of the blocks around it. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly tables: ScopeTable[] = [];
  readonly common: CommonTableShape[] = [];
  /** Output names that ORDER BY may use. */
  outputs: readonly OutputColumn[] = [];
  /**
   * Text of a grouped expression → what stands for it outside of aggregates. Text is grouped without its trailing blanks,
   * so the value itself is that of any row of the group.
   */
  groupKeys: ReadonlyMap<string, string> = new Map();

  /** The part of the block that is being translated: windows stand in SELECT and ORDER BY only. */
  clause: 'from' | 'where' | 'select' | 'having' = 'from';
  /** Inside of the arguments of an aggregate. */
  aggregating = false;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  add(
    exposed: string,
    columns: readonly OutputColumn[],
    qualifiers: readonly string[] = [],
    read?: Set<string>,
  ): ScopeTable {
    let alias = exposed;
    const twice = this.tables.find(
      (table) =>
        sameName(table.exposed, exposed) && (qualifiers.length === 0 || table.qualifiers.join() === qualifiers.join()),
    );
    if (twice && (twice.qualifiers.length === 0) === (qualifiers.length === 0))
      throw errors.exposedTwice(exposed, qualifiers.length === 0);
    for (let count = 2; this.#aliasInUse(alias); count++) alias = `${exposed}$${count}`;
    const table = { exposed, qualifiers, alias, columns, read };
    this.tables.push(table);
    return table;
  }

  #aliasInUse(alias: string): boolean {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent)
      if (scope.tables.some((table) => sameName(table.alias, alias))) return true;
    return false;
  }

  findCommon(name: string): CommonTableShape | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.common.find((table) => sameName(table.name, name));
      if (found) return found;
    }
    return undefined;
  }

  /** Tables that a qualifier (`t`, `dbo.t`, `db.dbo.t`) names in this block. */
  matching(qualifier: Name): readonly ScopeTable[] {
    const table = qualifier.at(-1)!;
    const outer = qualifier.slice(0, -1);
    return this.tables.filter((candidate) => {
      if (!sameName(candidate.exposed, table)) return false;
      if (outer.length === 0) return true;
      const known = candidate.qualifiers.slice(-outer.length);
      return outer.every((part, index) => part === '' || sameName(part, known[index] ?? ''));
    });
  }

  /** @throws SqlError 207, 209 or 4104 */
  column(name: Name, line: number): Typed {
    const column = name.at(-1)!;
    const qualifier = name.slice(0, -1);
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const candidates = qualifier.length > 0 ? scope.matching(qualifier) : scope.tables;
      const hits = candidates.flatMap((table) =>
        table.columns.filter((known) => sameName(known.name, column)).map((known) => ({ table, known })),
      );
      if (hits.length > 1) throw errors.ambiguousColumn(column);
      const hit = hits[0];
      hit?.table.read?.add(hit.known.name.toLowerCase());
      if (hit)
        return {
          sql: `${quoteName(hit.table.alias)}.${quoteName(hit.known.name)}`,
          type: hit.known.type,
        };
      if (qualifier.length > 0 && candidates.length > 0) throw errors.invalidColumn(column, line);
    }
    if (qualifier.length > 0) throw errors.unboundIdentifier(name.join('.'));
    throw errors.invalidColumn(column, line);
  }
}
