package crossview.spark.cells

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json

/** How a cell ended, as `scala.execute` and `sql.execute` answer it. */
object Outcome {

  /** Runs the body as the cell of this id, unless its Stop has come before it. */
  def of(cell: String)(body: => JsonNode): JsonNode =
    RunningCells.during(cell)(unlessStopped(cell)(body))

  /** The outcome, or that of a cell that was stopped: whatever came of it then, it says only that. */
  def unlessStopped(cell: String)(outcome: => JsonNode): JsonNode =
    if (RunningCells.wasStopped(cell)) stopped else outcome

  def ok(fields: (String, Any)*): JsonNode = Json.of(("status" -> "ok") +: fields: _*)

  def error(name: String, value: String, traceback: Seq[String]): JsonNode =
    Json.of("status" -> "error", "name" -> name, "value" -> value, "traceback" -> traceback)

  /** A failure of the user's code. */
  def failed(cell: String, thrown: Throwable): JsonNode = unlessStopped(cell) {
    val root = Failure.root(thrown)
    error(Failure.name(root), Failure.message(root), Failure.traceback(root))
  }

  private val stopped: JsonNode = error("KeyboardInterrupt", "The cell was stopped.", Seq("KeyboardInterrupt: The cell was stopped."))
}
