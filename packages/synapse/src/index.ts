export type { SparkStorageConf, SynapseOptions } from './context.js';
export { defaultSparkStorageConf } from './spark-storage-conf.js';
export { createSqlClient } from './sql-client/index.js';
export { type Step, type StepHook, steps } from './steps.js';
export { createStorageClient } from './storages/azure-blob.js';
export type { SweepOptions, SweepReport } from './sweep.js';
export { createSynapse, type SynapseService } from './synapse.js';
export { identifier, literal, plainLiteral, tableName } from './tsql/quote.js';
export { isThreePartName, parseThreePartName, type ThreePartName } from './tsql/table-name.js';
