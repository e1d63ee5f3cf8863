import type { ViewCatalog } from '@crossview/contracts';

/** Databricks' name for what the last SQL cell gave. */
export const lastResult = '_sqldf';

const given = new WeakMap<ViewCatalog, Map<string, number>>();
let count = 0;

/**
 * Names that SQL cells gave to their results (`-o`, `<<`, `-bind`), each with a number that grows when it is given again:
 * Python cells that come after have a variable of that name, as in Fabric, Databricks and sparkmagic.
 */
export function givenNames(views: ViewCatalog): Readonly<Record<string, number>> {
  return Object.fromEntries(given.get(views) ?? []);
}

export function giveName(views: ViewCatalog, name: string): void {
  count += 1;
  const names = given.get(views) ?? new Map<string, number>();
  given.set(views, names.set(name, count));
}
