import type { HostFunctionName } from '../host/index.js';

/** A DuckDB identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A host function of the pool; see dialect/host/. */
export function host(name: HostFunctionName, ...values: readonly string[]): string {
  return `system.main.host_${name}(${values.join(', ')})`;
}

/** A macro of the pool, wherever the session stands. */
export function macro(name: string, ...values: readonly string[]): string {
  return `memory.main.${name}(${values.join(', ')})`;
}
