package com.microsoft.spark.sqlanalytics.utils

/** Option keys of `synapsesql`, by the names that the Synapse connector documents. Case does not matter in an option's key. */
object Constants {
  val SERVER = "SERVER"
  val USER = "USER"
  val PASSWORD = "PASSWORD"
  val DATABASE = "DATABASE"
  val QUERY = "QUERY"
  val DATA_SOURCE = "DATA_SOURCE"
  val DATASOURCE = "DATA_SOURCE"
  val FILE_FORMAT = "FILE_FORMAT"
  val TEMP_FOLDER = "TEMP_FOLDER"
  val TEMP_FOLDERS = "TEMP_FOLDER"
  val STAGING_STORAGE_ACCOUNT_KEY = "STAGING_STORAGE_ACCOUNT_KEY"

  /** A table whose rows are in the pool. */
  val INTERNAL = "INTERNAL"

  /** A table whose rows are files in a storage account. */
  val EXTERNAL = "EXTERNAL"

  /** Keys of the map that a write's callback gets. */
  object FeedbackConstants {
    val SPARK_APPLICATION_ID = "SparkApplicationId"
    val SPARK_APPLICATION_NAME = "SparkApplicationName"
    val TARGET_TABLE_NAME = "ThreePartFullyQualifiedTargetTableName"
    val SAVE_MODE_REQUESTED = "SaveModeRequested"
    val SAVE_MODE_APPLIED = "SaveModeApplied"
    val STATUS = "status"
    val COMMAND = "command"
    val REQUEST_ID = "request_id"
    val ROWS_PROCESSED = "rows_processed"
    val RECORDS_STAGED = "NumberOfRecordsStagedForSQLCommit"
    val SQL_DURATION = "SQLStatementExecutionDurationInMilliseconds"
    val STAGING_DURATION = "DataStagingSparkJobDurationInMilliseconds"
    val STAGING_STARTED = "DataStagingSparkJobStartedAtEPOCH"
    val STAGING_ENDED = "DataStagingSparkJobEndedAtEPOCH"
    val WRITE_REQUEST_RECEIVED = "WriteRequestReceivedAtEPOCH"
    val WRITE_REQUEST_PROCESSED = "WriteRequestProcessedAtEPOCH"
    val STAGING_CHECK_DURATION = "StagingDataFileSystemCheckDurationInMilliseconds"
    val FOLDER_CHECK_DURATION = "StagingFolderConfigurationCheckDurationInMilliseconds"
    val FOLDER_CHECKED = "StagingFolderConfigurationCheckCompletedAtEPOCH"
    val SCHEMA_CHECKED = "SchemaInferenceAssertionCompletedAtEPOCH"
    val SCHEMA_CHECK_DURATION = "SchemaInferenceCheckDurationInMilliseconds"
    val FORMAT_CHECK_DURATION = "DurationInMillisecondsToValidateFileFormat"
    val FORMAT_CHECKED = "FileFormatValidationsCompletedAtEPOCHTime"
    val JDBC_CONFIGURED = "JDBCConfigurationsSetupAtEPOCH"
    val STATEMENTS_DURATION = "DurationInMillisecondsTakenToGenerateWriteSQLStatements"
    val WRITE_FAILURE_CAUSE = "WriteFailureCause"
  }
}
