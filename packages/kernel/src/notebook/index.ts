/** Notebooks as files, for who reads and writes them without a kernel. */
export { type ClosedService, closedServices } from '../cell/closed-services.js';
export { exitMime } from './exits.js';
export { findNotebookFile } from './find-notebook.js';
export * from './formats/index.js';
export { isObject as isJsonObject, parseLenientJson } from './lenient-json.js';
export { assignments, parameterNames } from './parameters.js';
