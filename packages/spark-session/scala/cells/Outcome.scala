package crossview.spark.cells

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json

/** How a cell ended, as `scala.execute` and `sql.execute` answer it. */
object Outcome {
  def ok(fields: (String, Any)*): JsonNode = Json.of(("status" -> "ok") +: fields: _*)

  def error(name: String, value: String, traceback: Seq[String]): JsonNode =
    Json.of("status" -> "error", "name" -> name, "value" -> value, "traceback" -> traceback)

  /** A failure of the user's code; a cell that was cancelled says only that. */
  def failed(cell: String, thrown: Throwable): JsonNode =
    if (RunningCells.wasCancelled(cell)) stopped
    else {
      val root = Failure.root(thrown)
      error(Failure.name(root), Failure.message(root), Failure.traceback(root))
    }

  val stopped: JsonNode = error("KeyboardInterrupt", "The cell was stopped.", Seq("KeyboardInterrupt: The cell was stopped."))
}
