package crossview.spark.repl

import java.io.{PrintWriter, StringWriter}

import scala.collection.mutable
import scala.reflect.internal.Reporter.{ERROR, Severity}
import scala.reflect.internal.util.{CodeAction, NoPosition, Position}
import scala.tools.nsc.Settings
import scala.tools.nsc.interpreter.shell.{ReplReporterImpl, ShellConfig}

/** What the compiler said about one place of a cell. Lines and columns count from 1; 0 is nowhere. */
final case class Problem(line: Int, column: Int, message: String, text: String) {

  /** As the compiler prints it: line, message, the line itself with a caret under the column. */
  def lines: Seq[String] =
    if (line == 0) Seq(s"error: $message")
    else Seq(s"cell line $line: error: $message", s"  $text", s"  ${" " * (column - 1)}^")
}

/** Takes what the REPL would print and keeps it apart: problems, results, stack traces. */
final class CellReporter(config: ShellConfig, settings: Settings)
    extends ReplReporterImpl(config, settings, new PrintWriter(new StringWriter)) {
  private val found = mutable.ArrayBuffer.empty[Problem]
  private val results = new mutable.StringBuilder
  private var thrown = false

  def problems: Seq[Problem] = found.toSeq
  def resultText: String = results.toString
  def threw: Boolean = thrown

  def begin(): Unit = {
    reset()
    found.clear()
    results.clear()
    thrown = false
  }

  override def printResult(result: Either[String, String]): Unit = result match {
    case Left(_)     => thrown = true
    // An import of implicits makes names of the compiler's own, which no user wrote.
    case Right(text) => if (!text.startsWith("def $ires")) results.append(text)
  }

  override def doReport(pos: Position, msg: String, severity: Severity, actions: List[CodeAction]): Unit =
    if (severity == ERROR && !totalSilence) {
      val place = if (pos == null || !pos.isDefined) NoPosition else pos.finalPosition
      found += (if (place == NoPosition) Problem(0, 0, msg, "")
                else Problem(place.line, place.column, msg, place.lineContent.stripLineEnd))
    }

  override def printMessage(msg: String): Unit = ()
}
