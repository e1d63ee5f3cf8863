/** Values that `notebook.exit` was called with, by cell, until the cell is over. */
export class Exits {
  readonly #values = new Map<string, string>();

  set(cell: string, value: string): void {
    this.#values.set(cell, value);
  }

  /** The value, once. */
  take(cell: string): string | undefined {
    const value = this.#values.get(cell);
    this.#values.delete(cell);
    return value;
  }

  has(cell: string): boolean {
    return this.#values.has(cell);
  }
}

/** How a front end that runs a whole notebook learns that it ended. */
export const exitMime = 'application/vnd.crossview.exit+json';
