import * as arrow from 'apache-arrow';
import { createCopy } from './copy.js';
import { createDisplay } from './display.js';
import type { KernelCalls } from './kernel-calls.js';
import type { Outputs } from './outputs.js';
import { createSynapseSql } from './synapsesql.js';
import { createViews } from './views.js';

/** The names that every TypeScript cell finds, as property descriptors of the global scope. */
export function sessionGlobals(parts: {
  readonly outputs: Outputs;
  readonly calls: KernelCalls;
  readonly require: NodeJS.Require;
}): PropertyDescriptorMap {
  const synapsesql = createSynapseSql(parts.calls, parts.outputs);
  const display = createDisplay(parts.outputs);
  const values = {
    synapsesql,
    // Its older name.
    sqlanalytics: synapsesql,
    Constants: synapsesql.Constants,
    views: createViews(parts.calls),
    copy: createCopy(parts.calls),
    display,
    // The name that Synapse and Fabric notebooks know.
    displayHTML: display.html,
    arrow,
    require: parts.require,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { value, writable: true, configurable: true, enumerable: false },
    ]),
  );
}
