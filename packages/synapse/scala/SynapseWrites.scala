package org.apache.spark.sql.crossview.synapse

import scala.util.control.NonFatal

import com.microsoft.spark.sqlanalytics.utils.Constants.FeedbackConstants
import _root_.crossview.spark.Session
import com.fasterxml.jackson.databind.JsonNode
import org.apache.spark.sql.{DataFrameWriter, Row}
import org.apache.spark.sql.SqlAnalyticsConnector.WriteCallback
import org.apache.spark.sql.classic.Dataset

/** Writes to a dedicated SQL pool: the kernel plans and loads, Spark's tasks stage the rows in between. */
object SynapseWrites {

  def write(
      writer: DataFrameWriter[_],
      table: String,
      tableType: String,
      location: Option[String],
      callback: Option[WriteCallback]
  ): Unit =
    try {
      val metrics = run(writer, table, tableType, location)
      callback.foreach(_(metrics, None))
    } catch {
      case thrown: Throwable if NonFatal(thrown) && callback.isDefined =>
        val failure = Calls.reason(thrown)
        callback.foreach(_(failed(writer, table, failure), Some(failure)))
    }

  /** What a callback gets of a write that failed. */
  private[synapse] def failed(writer: DataFrameWriter[_], table: String, failure: Throwable): Map[String, Any] = {
    val context = FrameAccess.frame(writer).sparkSession.sparkContext
    Map(
      FeedbackConstants.SPARK_APPLICATION_ID -> context.applicationId,
      FeedbackConstants.SPARK_APPLICATION_NAME -> context.appName,
      FeedbackConstants.TARGET_TABLE_NAME -> table,
      FeedbackConstants.SAVE_MODE_REQUESTED -> FrameAccess.mode(writer).name,
      FeedbackConstants.STATUS -> "Failed",
      FeedbackConstants.WRITE_FAILURE_CAUSE -> String.valueOf(failure.getMessage)
    )
  }

  /** Writes, and gives the metrics. */
  private[synapse] def run(writer: DataFrameWriter[_], table: String, tableType: String, location: Option[String]): Map[String, Any] = {
    val frame = FrameAccess.frame(writer)
    val plan = Calls.call(
      "write.plan",
      "table" -> table,
      "tableType" -> tableType,
      "location" -> location,
      "mode" -> FrameAccess.mode(writer).name,
      "options" -> FrameAccess.options(writer),
      "conf" -> Calls.conf(frame.sparkSession),
      "schema" -> frame.schema.json,
      "cellId" -> Session.currentCell
    )
    Calls.say(plan.path("note").asText)
    if (plan.path("skip").asBoolean) {
      Calls.say(s"$table exists; nothing was written (mode ignore)")
      Map(FeedbackConstants.TARGET_TABLE_NAME -> table, FeedbackConstants.STATUS -> "Skipped")
    } else load(frame, plan)
  }

  private def load(frame: Dataset[Row], plan: JsonNode): Map[String, Any] = {
    val planId = plan.path("planId").asText
    val started = System.nanoTime
    val staged =
      try
        ParquetStaging.write(
          frame,
          Calls.list(plan.path("select")),
          plan.path("location").asText,
          Calls.texts(plan.path("hadoopConf")),
          Calls.texts(plan.path("writerOptions")),
          plan.path("append").asBoolean,
          Calls.list(plan.path("measure"))
        )
      catch {
        case thrown: Throwable =>
          abandon(planId, thrown)
          throw thrown
      }
    val answer = Calls.call(
      "write.load",
      "planId" -> planId,
      "rows" -> staged.rows,
      "stagingMilliseconds" -> (System.nanoTime - started) / 1000000,
      "lengths" -> staged.lengths,
      "files" -> staged.files
    )
    Calls.say(answer.path("summary").asText)
    Calls.values(answer.path("metrics"))
  }

  /** Tells the kernel, also from a thread that was just interrupted. */
  private def abandon(planId: String, thrown: Throwable): Unit = {
    val interrupted = Thread.interrupted()
    try Calls.call("write.abandon", "planId" -> planId, "reason" -> thrown.getClass.getName)
    catch { case NonFatal(_) => () }
    finally if (interrupted) Thread.currentThread.interrupt()
  }
}
