package crossview.spark.sql

import java.nio.file.Paths

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.cells.{CellOutput, Failure, Outcome}
import crossview.spark.views.ViewExport
import org.apache.spark.sql.{DataFrame, SparkSession}

/** Runs the statements of a SQL cell; the last one's rows are the result. */
final class SqlCell(session: SparkSession) {

  /** @param headRows rows of the result written into `directory` as Arrow
    * @param view a temporary view to make of the whole result
    */
  def execute(cell: String, code: String, headRows: Long, directory: String, view: Option[String]): JsonNode =
    Outcome.of(cell)(CellOutput.during(cell) { _ =>
      SparkSession.setActiveSession(session)
      try {
        val statements = SqlStatements.split(code)
        val results = statements.map(session.sql)
        results.lastOption.fold(Outcome.ok("head" -> None, "view" -> None))(result(_, headRows, directory, view))
      } catch { case thrown: Throwable => failed(cell, thrown) }
    })

  private def result(frame: DataFrame, headRows: Long, directory: String, view: Option[String]): JsonNode = {
    view.foreach(name => frame.createOrReplaceTempView(s"`${name.replace("`", "``")}`"))
    // A statement without rows leaves the last rows where they are.
    if (!frame.schema.isEmpty) frame.createOrReplaceTempView(SqlCell.lastResult)
    val head = if (frame.schema.isEmpty) None else Some(ViewExport.shown(frame, Paths.get(directory), headRows))
    Outcome.ok("head" -> head, "view" -> view)
  }

  /** Spark's own words say place and reason; a stack of the engine's frames would bury them. */
  private def failed(cell: String, thrown: Throwable): JsonNode = Outcome.unlessStopped(cell) {
    val root = Failure.root(thrown)
    val text = Failure.message(root)
    Outcome.error(Failure.name(root), text, Seq(s"${Failure.name(root)}: $text"))
  }
}

object SqlCell {

  /** Databricks' name for the rows of the last SQL cell. */
  val lastResult = "_sqldf"
}
