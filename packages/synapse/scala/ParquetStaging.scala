package org.apache.spark.sql.crossview.synapse

import org.apache.spark.sql.{Row, SaveMode}
import org.apache.spark.sql.catalyst.plans.logical.CommandResult
import org.apache.spark.sql.classic.{Dataset, SparkSession}
import org.apache.spark.sql.execution.{CollectMetricsExec, SparkPlan}
import org.apache.spark.sql.execution.adaptive.{AdaptiveSparkPlanExec, QueryStageExec}
import org.apache.spark.sql.execution.command.DataWritingCommandExec
import org.apache.spark.sql.execution.datasources.DataSource
import org.apache.spark.sql.functions.{encode, max, octet_length}
import org.apache.spark.sql.internal.SQLConf
import org.apache.spark.sql.types.BinaryType

/** Writes a frame as the Parquet that a dedicated SQL pool reads. */
private[synapse] object ParquetStaging {

  /** Settings that make the files readable for the pool, and the write safe on a blob store. */
  private val settings = Map(
    // The pool reads no INT64 MICROS timestamps.
    SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE.key -> "INT96",
    SQLConf.PARQUET_WRITE_LEGACY_FORMAT.key -> "false",
    SQLConf.PARQUET_INT96_REBASE_MODE_IN_WRITE.key -> "CORRECTED",
    SQLConf.PARQUET_REBASE_MODE_IN_WRITE.key -> "CORRECTED",
    // Renaming is slow on a blob store, and the other version lists directories that an emulator lists twice.
    "mapreduce.fileoutputcommitter.algorithm.version" -> "2",
    // hadoop-azure has a committer of its own, for which Spark's protocol gives every attempt of a task the same file, so that none but the first can write it.
    "mapreduce.outputcommitter.factory.class" -> "org.apache.hadoop.mapreduce.lib.output.FileOutputCommitterFactory",
    "mapreduce.fileoutputcommitter.marksuccessfuljobs" -> "false"
  )

  /** Runs the job in this thread, with the job group of its cell. The settings and the credential are those of a copy of the
    * session, which ends with this call; they are not seen by other cells nor by the plan's description.
    *
    * @param select Spark SQL expressions to write in place of the frame's columns; none writes them as they are
    * @param visible the files are added to a place where others look while they are written
    * @param measure columns of which the longest value is wanted
    * @return the rows written, and the longest values: UTF-16 units of a text, bytes of a binary
    */
  def write(
      frame: Dataset[Row],
      select: Seq[String],
      location: String,
      hadoopConf: Map[String, String],
      writerOptions: Map[String, String],
      visible: Boolean,
      measure: Seq[String]
  ): Staged = {
    val direct = !visible && StagingCommit.isSafe(frame.sparkSession.sparkContext.getConf)
    val session = copy(frame.sparkSession, hadoopConf ++ (if (direct) directly else Map.empty))
    val own = Dataset.ofRows(session, frame.logicalPlan)
    val shaped = if (select.isEmpty) own else own.selectExpr(select: _*)
    val measured = if (measure.isEmpty) shaped else observed(shaped, measure)
    // The directory is nobody else's, and has a heartbeat in it when Spark began late, after a long shuffle: that is no reason to refuse.
    // Files that are looked at later have statistics, and Spark's own writer.
    val format = if (!visible && ColumnChunk.writes(measured.schema)) classOf[StagingFormat].getName else "parquet"
    val command = DataSource(session, format, options = writerOptions + ("path" -> location))
      .planForWriting(SaveMode.Append, measured.queryExecution.analyzed)
    session.withActive {
      val execution = session.sessionState.executePlan(command)
      execution.assertCommandExecuted()
      execution.commandExecuted match {
        case result: CommandResult =>
          val plan = result.commandPhysicalPlan
          new Staged(rowsWritten(plan), lengths(plan, measure), StagingCommit.take(location))
        case other                 => throw new IllegalStateException(s"the write ended as ${other.nodeName}")
      }
    }
  }

  private val directly = Map(SQLConf.FILE_COMMIT_PROTOCOL_CLASS.key -> classOf[StagingCommit].getName)

  /** What was written, the longest value of each measured column, and the names of the files when they are known. */
  final class Staged(val rows: Long, val lengths: Map[String, Long], val files: Option[Seq[String]])

  private val observation = "crossview_lengths"

  /** Measures while the rows go by, so that they need not be gone through twice. */
  private def observed(frame: Dataset[Row], measure: Seq[String]): Dataset[Row] = {
    val kinds = frame.schema.map(field => field.name -> field.dataType).toMap
    val measures = measure.zipWithIndex.map { case (name, index) =>
      val column = frame.col(s"`${name.replace("`", "``")}`")
      val length = kinds.get(name) match {
        case Some(BinaryType) => octet_length(column)
        case _                => octet_length(encode(column, "UTF-16LE")) / 2
      }
      max(length.cast("long")).as(s"m$index")
    }
    frame.observe(observation, measures.head, measures.tail: _*)
  }

  private def lengths(plan: SparkPlan, measure: Seq[String]): Map[String, Long] =
    if (measure.isEmpty) Map.empty
    else
      CollectMetricsExec.collect(plan).get(observation).fold(Map.empty[String, Long]) { row =>
        measure.zipWithIndex.map { case (name, index) => name -> (if (row.isNullAt(index)) 0L else row.getLong(index)) }.toMap
      }

  /** A plan with a shuffle in it is planned adaptively, and the command stands inside of that plan. */
  private def rowsWritten(plan: SparkPlan): Long = plan match {
    case adaptive: AdaptiveSparkPlanExec => rowsWritten(adaptive.executedPlan)
    case stage: QueryStageExec           => rowsWritten(stage.plan)
    case other =>
      other
        .collectFirst { case command: DataWritingCommandExec => command.metrics("numOutputRows").value }
        .getOrElse(throw new IllegalStateException(s"the write ended as ${other.nodeName}"))
  }

  private def copy(session: SparkSession, hadoopConf: Map[String, String]): SparkSession = {
    val own = session.cloneSession()
    (settings ++ hadoopConf).foreach { case (key, value) => own.sessionState.conf.setConfString(key, value) }
    own
  }
}
