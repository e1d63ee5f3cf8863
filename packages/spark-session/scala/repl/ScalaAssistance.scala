package crossview.spark.repl

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json

import scala.tools.nsc.interpreter.IMain
import scala.tools.nsc.interpreter.shell.{Accumulator, ReplCompletion}

/** Completion and inspection by the REPL's presentation compiler, which knows the session's names and types. */
final class ScalaAssistance(main: IMain, reporter: CellReporter) {
  private val completer = new ReplCompletion(main, new Accumulator)

  def complete(code: String, cursor: Int): JsonNode = {
    val found = reporter.suppressOutput(completer.complete(code, cursor))
    val names = found.candidates.map(_.name).filterNot(_.isEmpty).distinct
    Json.of("matches" -> names, "start" -> found.cursor, "end" -> cursor)
  }

  /** The declarations of the name at the cursor, one per line, as Scala writes them. */
  def inspect(code: String, cursor: Int): Option[String] = {
    val (start, end) = nameAt(code, cursor)
    if (start == end) None
    else {
      val name = code.substring(start, end)
      val found = reporter.suppressOutput(completer.complete(code.substring(0, end), end))
      val declarations = found.candidates.filter(_.name == name).map(_.declString()).filter(_.nonEmpty).distinct
      if (declarations.isEmpty) None else Some(declarations.mkString("\n"))
    }
  }

  private def nameAt(code: String, cursor: Int): (Int, Int) = {
    def part(character: Char) = Character.isJavaIdentifierPart(character)
    val at = cursor.max(0).min(code.length)
    val start = code.lastIndexWhere(!part(_), at - 1) + 1
    val end = code.indexWhere(!part(_), at)
    (start, if (end < 0) code.length else end)
  }
}
