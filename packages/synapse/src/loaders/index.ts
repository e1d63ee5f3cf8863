import { copyInto } from './copy-into.js';
import type { Loader } from './loader.js';
import { polybase } from './polybase.js';

export const loaders: Readonly<Record<Loader['name'], Loader>> = { copy: copyInto, polybase };
export type { Loaded, Loader, LoadJob } from './loader.js';
