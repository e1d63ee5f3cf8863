package crossview.utils

import crossview.spark.Session
import crossview.spark.rpc.Json

import scala.jdk.CollectionConverters._
import scala.util.control.ControlThrowable

/** Ends a cell and the run; not an error, so `catch { case e: Exception => }` of a notebook does not hold it up. */
final class NotebookExit(val value: String) extends ControlThrowable {
  override def getMessage: String = value
}

/** The outcome of one notebook of `runMultiple`; `exception` is empty when it passed. */
final case class RunOutcome(exitVal: String, exception: String)

/** `mssparkutils.notebook`: run other notebooks, and end this one with a value. */
object NotebookUtils {
  private val functions = Seq(
    "exit(value: String): Nothing" -> "Ends this notebook with a value; it is no failure",
    "run(path: String, timeoutSeconds: Int = 90, arguments: Map[String, Any]): String" -> "Runs a notebook and gives its exit value",
    "runMultiple(paths: Seq[String] or dag: String): Map[String, RunOutcome]" -> "Runs several notebooks in the order of their dependencies",
    "validateDAG(dag: String): Boolean" -> "Whether runMultiple would take this DAG, as JSON"
  )

  def exit(value: String = ""): Nothing = {
    Calls.call("notebook.exit", "cell" -> Session.currentCell, "value" -> value)
    throw new NotebookExit(value)
  }

  def run(path: String, timeoutSeconds: Int = 90, arguments: Map[String, Any] = Map.empty, workspace: String = ""): String = {
    if (workspace.nonEmpty) Calls.refuse("notebook.run", "other workspaces are not there; give a path of this one.")
    val answer = Calls.call("notebook.run", "path" -> path, "timeoutSeconds" -> timeoutSeconds, "arguments" -> arguments)
    print(answer.path("output").asText)
    answer.path("exitValue").asText
  }

  def runMultiple(paths: Seq[String]): Map[String, RunOutcome] = many(Json.list(paths))

  /** @param dag as JSON, with `activities` */
  def runMultiple(dag: String): Map[String, RunOutcome] = many(Json.parse(dag))

  def validateDAG(dag: String): Boolean = Calls.call("notebook.validateDAG", "dag" -> Json.parse(dag)).path("valid").asBoolean

  def help(method: String = ""): Unit = Calls.help("notebook", method, functions)

  private def many(dag: com.fasterxml.jackson.databind.JsonNode): Map[String, RunOutcome] = {
    val answer = Calls.call("notebook.runMultiple", "dag" -> dag)
    print(answer.path("output").asText)
    val results = answer.path("results").properties.asScala.map { entry =>
      val exception = if (entry.getValue.path("exception").isNull) "" else entry.getValue.path("exception").asText
      entry.getKey -> RunOutcome(entry.getValue.path("exitVal").asText, exception)
    }.toMap
    val failed = results.filter(_._2.exception.nonEmpty)
    if (failed.nonEmpty)
      throw new RuntimeException(failed.map { case (name, outcome) => s"$name: ${outcome.exception}" }.mkString(s"${failed.size} of ${results.size} notebooks failed:\n", "\n", ""))
    results
  }
}
