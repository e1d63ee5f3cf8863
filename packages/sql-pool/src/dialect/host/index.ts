import { formatFunctions } from './format.js';
import { hashFunctions } from './hash.js';
import type { HostFunction } from './host-function.js';
import { jsonFunctions } from './json.js';
import { textFunctions } from './text.js';

/** Every host function by name; in DuckDB it is `system.main.host_NAME`. */
export const hostFunctions = {
  ...formatFunctions,
  ...hashFunctions,
  ...jsonFunctions,
  ...textFunctions,
} as const satisfies Readonly<Record<string, HostFunction>>;

export type HostFunctionName = keyof typeof hostFunctions;
