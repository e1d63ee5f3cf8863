import type { Json } from '@crossview/contracts';
import type { PlannedWrite, WriteWay } from './plan.js';

const applied: Readonly<Record<WriteWay, string>> = {
  create: 'CREATE',
  append: 'APPEND',
  swap: 'OVERWRITE_SWAP',
  truncate: 'TRUNCATE_COPY',
};

export interface WriteFacts {
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  readonly command: string;
  readonly requestId: string | undefined;
  readonly stagingMilliseconds: number;
  readonly checkMilliseconds: number;
  readonly sqlMilliseconds: number;
  readonly finished: number;
}

/** The documented keys of the Synapse connector's feedback, with our own behind them. */
export function metricsOf(write: PlannedWrite, facts: WriteFacts): { [key: string]: Json } {
  const { table, times } = write;
  const stagingEnded = facts.finished - facts.sqlMilliseconds;
  return {
    SparkApplicationId: write.conf['spark.app.id'] ?? '',
    SparkApplicationName: write.conf['spark.app.name'] ?? '',
    ThreePartFullyQualifiedTargetTableName: `${table.database}.${table.schema}.${table.name}`,
    SaveModeRequested: write.mode,
    SaveModeApplied: applied[write.way],
    status: 'Completed',
    command: facts.command,
    request_id: facts.requestId ?? '',
    rows_processed: facts.rows,
    NumberOfRecordsStagedForSQLCommit: facts.rows,
    SQLStatementExecutionDurationInMilliseconds: facts.sqlMilliseconds,
    DataStagingSparkJobStartedAtEPOCH: stagingEnded - facts.stagingMilliseconds,
    DataStagingSparkJobEndedAtEPOCH: stagingEnded,
    DataStagingSparkJobDurationInMilliseconds: facts.stagingMilliseconds,
    WriteRequestReceivedAtEPOCH: times.received,
    WriteRequestProcessedAtEPOCH: facts.finished,
    StagingDataFileSystemCheckDurationInMilliseconds: facts.checkMilliseconds,
    StagingFolderConfigurationCheckDurationInMilliseconds: times.planned - times.inferred,
    StagingFolderConfigurationCheckCompletedAtEPOCH: times.planned,
    SchemaInferenceAssertionCompletedAtEPOCH: times.inferred,
    SchemaInferenceCheckDurationInMilliseconds: times.inferred - times.received,
    StagedBytes: facts.bytes,
    StagedFiles: facts.files,
  };
}

const ways: Readonly<Record<WriteWay, string>> = {
  create: 'new table',
  append: 'appended',
  swap: 'overwritten by swap',
  truncate: 'overwritten by TRUNCATE',
};

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]}`;
}

export function summaryOf(write: PlannedWrite, facts: WriteFacts, title: string): string {
  const { table, times } = write;
  const seconds = ((facts.finished - times.received) / 1000).toFixed(1);
  return `${facts.rows.toLocaleString('en')} rows (${bytesText(facts.bytes)}) to ${table.database}.${table.schema}.${table.name} in ${seconds} s: ${ways[write.way]}, ${title}`;
}
