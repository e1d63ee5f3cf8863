import type { Json } from '@crossview/contracts';
import type { PlannedWrite, WriteWay } from './plan.js';

const applied: Readonly<Record<WriteWay, string>> = {
  create: 'CREATE',
  append: 'APPEND',
  switch: 'OVERWRITE_SWITCH',
  rename: 'OVERWRITE_RENAME',
  truncate: 'TRUNCATE_COPY',
  external: 'EXTERNAL',
};

/** Times are milliseconds since 1970. */
export interface WriteFacts {
  /** The way that the rows went. */
  readonly way: WriteWay;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  readonly command: string;
  readonly requestId: string | undefined;
  readonly stagingMilliseconds: number;
  /** When the second half began. */
  readonly started: number;
  readonly checked: number;
  readonly connected: number;
  readonly finished: number;
}

/** The documented keys of the Synapse connector's feedback, with our own behind them. */
export function metricsOf(write: PlannedWrite, facts: WriteFacts): { [key: string]: Json } {
  const { table, times } = write;
  return {
    SparkApplicationId: write.conf['spark.app.id'] ?? '',
    SparkApplicationName: write.conf['spark.app.name'] ?? '',
    ThreePartFullyQualifiedTargetTableName: `${table.database}.${table.schema}.${table.name}`,
    SaveModeRequested: write.mode,
    SaveModeApplied: applied[facts.way],
    status: 'Completed',
    command: facts.command,
    request_id: facts.requestId ?? '',
    rows_processed: facts.rows,
    NumberOfRecordsStagedForSQLCommit: facts.rows,
    SQLStatementExecutionDurationInMilliseconds: facts.finished - facts.connected,
    DataStagingSparkJobStartedAtEPOCH: facts.started - facts.stagingMilliseconds,
    DataStagingSparkJobEndedAtEPOCH: facts.started,
    DataStagingSparkJobDurationInMilliseconds: facts.stagingMilliseconds,
    WriteRequestReceivedAtEPOCH: times.received,
    WriteRequestProcessedAtEPOCH: facts.finished,
    StagingDataFileSystemCheckDurationInMilliseconds: facts.checked - facts.started,
    StagingFolderConfigurationCheckDurationInMilliseconds: times.planned - times.inferred,
    StagingFolderConfigurationCheckCompletedAtEPOCH: times.planned,
    SchemaInferenceAssertionCompletedAtEPOCH: times.inferred,
    SchemaInferenceCheckDurationInMilliseconds: times.inferred - times.connected,
    // Spark's own writer made the files: their format is checked with the schema, before anything is staged.
    DurationInMillisecondsToValidateFileFormat: times.inferred - times.connected,
    FileFormatValidationsCompletedAtEPOCHTime: times.inferred,
    JDBCConfigurationsSetupAtEPOCH: times.connected,
    DurationInMillisecondsTakenToGenerateWriteSQLStatements: facts.connected - facts.checked,
    StagedBytes: facts.bytes,
    StagedFiles: facts.files,
  };
}

const words: Readonly<Record<WriteWay, string>> = {
  create: 'new table',
  append: 'appended',
  switch: 'overwritten at once',
  rename: 'overwritten by a new table',
  truncate: 'overwritten by TRUNCATE',
  external: 'files and table',
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
  return `${facts.rows.toLocaleString('en')} rows (${bytesText(facts.bytes)}) to ${table.database}.${table.schema}.${table.name} in ${seconds} s: ${words[facts.way]}, ${title}`;
}
