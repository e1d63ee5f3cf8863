import { checksums } from './checksum.js';
import { conditional } from './conditional.js';
import { dates } from './dates.js';
import { facts } from './facts.js';
import type { ScalarFunction } from './function.js';
import { json } from './json.js';
import { mathematics } from './mathematics.js';
import { strings } from './strings.js';

/** Every built-in scalar function by upper-case name. A new one is a line in the table of its family. */
export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = {
  ...checksums,
  ...conditional,
  ...dates,
  ...facts,
  ...json,
  ...mathematics,
  ...strings,
};
