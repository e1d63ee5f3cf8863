export { createSqlClient } from './sql-client/index.js';
export { createStorageClient } from './storages/azure-blob.js';
