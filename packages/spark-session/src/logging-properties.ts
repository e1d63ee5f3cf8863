/**
 * Logging of the JVM: warnings and worse, to the descriptor of standard error, which is the session's log file. Not to
 * `System.err`: that one follows the running cell.
 */
export const loggingProperties = `status = error
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = Console
appender.file.name = file
appender.file.direct = true
appender.file.target = SYSTEM_ERR
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.packages.name = org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol
logger.packages.level = error
`;
