package org.apache.spark.sql.crossview.synapse

import scala.collection.mutable

import _root_.crossview.spark.{CrossviewError, Session}
import _root_.crossview.spark.cells.RunningCells
import _root_.crossview.spark.rpc.Json
import org.apache.spark.sql.{DataFrame, DataFrameReader, DataFrameWriter}

/** The calls that Python makes over Py4J. A failure of ours comes back as JSON, so that Python need not show a Java trace. */
object PythonCalls {

  /** A read: the frame, or the failure; and what is to be printed. */
  final class Answer(val frame: DataFrame, val json: String)

  def read(reader: DataFrameReader, source: String): Answer = {
    var frame: DataFrame = null
    val json = answer {
      frame = SynapseReads.read(reader, source)
      Map.empty
    }
    new Answer(frame, json)
  }

  def write(writer: DataFrameWriter[_], table: String, tableType: String, location: String): String =
    answer(SynapseWrites.run(writer, table, tableType, Option(location)), SynapseWrites.failed(writer, table, _))

  /** @param failed what a callback is to get besides the error */
  private def answer(body: => Map[String, Any], failed: Throwable => Map[String, Any] = _ => Map.empty): String = {
    val lines = mutable.ArrayBuffer.empty[String]
    val result =
      try Map("metrics" -> Calls.output.withValue(line => lines += line)(asCell(body)))
      catch {
        case thrown: Throwable =>
          Calls.reason(thrown) match {
            case error: CrossviewError =>
              Map("failed" -> failed(error), "error" -> Map("code" -> error.code, "message" -> error.text, "hint" -> Option(error.hint), "facts" -> error.facts))
            case _ => throw thrown
          }
      }
    Json.from(result + ("lines" -> lines.toSeq)).toString
  }

  /** Lets Stop interrupt this thread, and leaves Python's own settings of the thread as they were. */
  private def asCell[A](body: => A): A = {
    val cell = Session.currentCell
    if (cell.isEmpty) body
    else {
      val context = Session.spark.sparkContext
      val kept = settings.map(name => name -> context.getLocalProperty(name))
      try RunningCells.during(cell)(body)
      finally kept.foreach { case (name, value) => context.setLocalProperty(name, value) }
    }
  }

  private val settings =
    Seq("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel", "spark.job.tags", Session.cellProperty)
}
