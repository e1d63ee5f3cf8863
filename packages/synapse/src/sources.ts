import { fileURLToPath } from 'node:url';

/** Folder of this package's Scala, to be compiled with that of the Spark session. */
export const scalaFolder = fileURLToPath(new URL('../scala/', import.meta.url));
/** Folder of this package's Python packages, for `PYTHONPATH`. */
export const pythonFolder = fileURLToPath(new URL('../python/', import.meta.url));
