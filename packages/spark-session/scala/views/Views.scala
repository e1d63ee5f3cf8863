package crossview.spark.views

import java.nio.file.Paths

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.CrossviewError
import crossview.spark.cells.{Failure, RunningCells}
import crossview.spark.rpc.Json
import org.apache.spark.sql.{AnalysisException, DataFrame, SparkSession}
import org.apache.spark.sql.crossview.{ArrowIn, TemporaryViews}

/** Spark's temporary views, offered to the kernel. */
final class Views(session: SparkSession) {
  private val catalog = new TemporaryViews(session)

  def list(): JsonNode = {
    val views = catalog.list().map(view => Map("name" -> view.name, "scope" -> view.scope, "version" -> view.version))
    Json.of("views" -> views)
  }

  def describe(name: String): JsonNode = {
    val fields = frame(name).schema.fields.map { field =>
      Map("name" -> field.name, "type" -> field.dataType.catalogString, "nullable" -> field.nullable)
    }
    Json.of("fields" -> fields.toSeq)
  }

  /** @throws CrossviewError `VIEW_NOT_FOUND`, `COLUMN_TYPE_UNSUPPORTED`, `VIEW_EXPORT_FAILED` naming the view */
  def exportTo(name: String, directory: String, limit: Option[Long], cell: String): JsonNode = {
    val from = frame(name)
    RunningCells.during(cell) {
      try limit.fold(ViewExport.whole(from, Paths.get(directory)))(ViewExport.head(from, Paths.get(directory), _))
      catch {
        case error: CrossviewError => throw error
        case thrown: Throwable     =>
          if (thrown.isInstanceOf[InterruptedException]) RunningCells.cancel(cell, hard = false)
          throw failed(name, thrown, RunningCells.wasStopped(cell))
      }
    }
  }

  def importFrom(name: String, parts: Seq[String]): JsonNode = {
    ArrowIn.frame(session, name, parts).createOrReplaceTempView(quoted(name))
    Json.of("version" -> catalog.find(name).map(_.version))
  }

  def drop(name: String): JsonNode = Json.of("dropped" -> catalog.drop(name))

  /** A temporary view by its exact name; otherwise whatever table the text names. */
  private def frame(name: String): DataFrame =
    try catalog.find(name) match {
      case Some(view) if view.scope == "session" => session.table(quoted(view.name))
      case Some(view)                            => session.table(view.name.split("\\.", 2).map(quoted).mkString("."))
      case None                                  => session.table(name)
    } catch {
      case error: AnalysisException if error.getCondition == "TABLE_OR_VIEW_NOT_FOUND" || catalog.find(name).isEmpty =>
        throw new CrossviewError("VIEW_NOT_FOUND", s"Spark has no view or table $name.", null, Map("name" -> name))
    }

  private def quoted(name: String): String = s"`${name.replace("`", "``")}`"

  private def failed(name: String, thrown: Throwable, cancelled: Boolean): CrossviewError = {
    val root = Failure.root(thrown)
    val facts = Map("name" -> name, "class" -> root.getClass.getName)
    if (cancelled) new CrossviewError("CANCELLED", s"Reading the view $name was stopped.", null, facts)
    else
      new CrossviewError("VIEW_EXPORT_FAILED", s"The view $name could not be read: ${Failure.message(root)}", null, facts, root)
  }
}
