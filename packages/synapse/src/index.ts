export { createStorageClient } from './storages/azure-blob.js';
