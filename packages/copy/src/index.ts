export type { CopyOutput } from './activities/copy-activity.js';
export { describeRun } from './activities/describe-run.js';
export type { LookupOutput } from './activities/lookup-activity.js';
export { copyActivity, lookupActivity } from './activities/run-activity.js';
export {
  type ActivityRun,
  type ActivityStatus,
  type PipelineOptions,
  type PipelineRun,
  runPipeline,
} from './activities/run-pipeline.js';
export { runReport } from './activities/run-report.js';
export type { CopyProgress, CopyServices, RunOptions } from './activities/services.js';
export type { ConnectorVersion, InterimType, SourceColumn } from './columns/column.js';
export {
  type DocumentKind,
  Factory,
  type FactoryDocument,
  factoryFrom,
  parseFactory,
  readFactory,
} from './documents/factory.js';
export { ParquetFile } from './parquet/parquet-file.js';
export type { SparkConnection } from './sources/spark-connection.js';
export { SparkSource } from './sources/spark-source.js';
export type { Storages } from './stores/open-store.js';
