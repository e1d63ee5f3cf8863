import type { TableDefinition } from '../catalog/objects.js';

interface Entry {
  readonly table: TableDefinition;
  /** Nesting of procedures and dynamic text that made it; it goes when that ends. */
  readonly depth: number;
  /** The name in DuckDB. */
  readonly stored: string;
}

/** The temporary tables of a session, by name with `#`; one of an inner procedure hides an outer one of the same name. */
export class TemporaryTables {
  readonly #entries = new Map<string, Entry[]>();
  depth = 0;

  get(name: string): TableDefinition | undefined {
    return this.#entries.get(name.toLowerCase())?.at(-1)?.table;
  }
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }
  /** Whether the procedure at hand has made one of that name. */
  isTaken(name: string): boolean {
    return this.#entries.get(name.toLowerCase())?.at(-1)?.depth === this.depth;
  }
  storedName(name: string): string {
    return this.#entries.get(name.toLowerCase())?.at(-1)?.stored ?? name.toLowerCase();
  }
  /** The name that a new one is to have in DuckDB. */
  freshName(name: string): string {
    return this.has(name) && !this.isTaken(name) ? `${name.toLowerCase()}$${this.depth}` : name.toLowerCase();
  }
  set(name: string, table: TableDefinition): void {
    const key = name.toLowerCase();
    const list = (this.#entries.get(key) ?? []).filter((entry) => entry.depth !== this.depth);
    this.#entries.set(key, [...list, { table, depth: this.depth, stored: this.freshName(name) }]);
  }
  delete(name: string): boolean {
    const key = name.toLowerCase();
    const list = this.#entries.get(key);
    if (!list) return false;
    if (list.length > 1) this.#entries.set(key, list.slice(0, -1));
    else this.#entries.delete(key);
    return true;
  }

  #saved: ReadonlyMap<string, readonly Entry[]> = new Map();
  /** At the begin of a transaction: what {@link restore} goes back to. */
  save(): void {
    this.#saved = new Map([...this.#entries].map(([name, list]) => [name, [...list]]));
  }
  /** A transaction was rolled back, and with it what it made and dropped. */
  restore(): void {
    this.#entries.clear();
    for (const [name, list] of this.#saved) this.#entries.set(name, [...list]);
  }

  enter(): void {
    this.depth++;
  }
  /** Ends a procedure. @returns DuckDB's names of the tables that go with it */
  leave(): readonly string[] {
    const gone: string[] = [];
    for (const [key, list] of [...this.#entries]) {
      const last = list.at(-1)!;
      if (last.depth < this.depth) continue;
      gone.push(last.stored);
      this.delete(key);
    }
    this.depth--;
    return gone;
  }
  /** Forgets all. @returns DuckDB's names of them */
  clear(): readonly string[] {
    const names = [...this.#entries.values()].flatMap((list) => list.map((entry) => entry.stored));
    this.#entries.clear();
    return names;
  }
}
