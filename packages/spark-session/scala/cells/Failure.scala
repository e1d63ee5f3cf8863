package crossview.spark.cells

import java.lang.reflect.InvocationTargetException
import java.util.concurrent.ExecutionException

import org.apache.spark.sql.AnalysisException
import org.apache.spark.sql.catalyst.parser.ParseException

import scala.collection.mutable

/** A failure in the words that a notebook shows: class, message, and a traceback of the user's own frames. */
object Failure {

  /** Without the wrappers of reflection, of class initialisation and of futures. */
  def root(thrown: Throwable): Throwable = thrown match {
    case wrapper @ (_: InvocationTargetException | _: ExceptionInInitializerError | _: ExecutionException)
        if wrapper.getCause != null =>
      root(wrapper.getCause)
    case other => other
  }

  /** The message without the stack that Spark appends to the message of a failed job. */
  def message(thrown: Throwable): String = {
    val whole = thrown match {
      case parse: ParseException       => parse.getMessage
      case analysis: AnalysisException => analysis.getSimpleMessage // the long form appends the whole plan
      case other                       => Option(other.getMessage).getOrElse("")
    }
    val end = Seq("\n\tat ", "\nDriver stacktrace:").map(whole.indexOf).filter(_ >= 0).minOption
    end.fold(whole)(whole.substring(0, _)).trim
  }

  /** The name a user can catch: Spark throws a private kind of AnalysisException. */
  def name(thrown: Throwable): String =
    if (thrown.isInstanceOf[AnalysisException] && thrown.getClass.getName.contains(".catalyst.")) thrown match {
      case parse: ParseException => parse.getClass.getName
      case _                     => classOf[AnalysisException].getName
    }
    else thrown.getClass.getName

  /** The messages of the failure and of its causes, in one line. */
  def chain(thrown: Throwable): String =
    Iterator.iterate(thrown)(_.getCause).takeWhile(_ != null).take(10).map(t => s"${t.getClass.getSimpleName}: ${message(t)}").mkString("; because: ")

  /** Class and message of the failure and of its causes, each with the frames that a user can do something about. */
  def traceback(thrown: Throwable): Seq[String] = {
    val lines = mutable.ArrayBuffer.empty[String]
    val seen = mutable.Set.empty[Throwable]
    var current = root(thrown)
    while (current != null && seen.add(current)) {
      val lead = if (seen.size == 1) "" else "Caused by: "
      lines += s"$lead${name(current)}: ${message(current)}"
      lines ++= frames(current.getStackTrace.toSeq)
      current = current.getCause
    }
    lines.toSeq
  }

  private val deepest = 40

  /** The frames down to the user's cell; what lies under it is the machinery that ran it. Of Spark's and Scala's own
    * frames only the two next to the user's code are of use.
    */
  private def frames(stack: Seq[StackTraceElement]): Seq[String] = {
    val last = stack.lastIndexWhere(isCell)
    if (last < 0) stack.take(3).map(shown)
    else {
      val inside = stack.take(last + 1)
      val kept = inside.indices.filter(i => isUsers(inside(i)) || (i + 1 to i + 2).exists(j => j <= last && isUsers(inside(j))))
      val lines = kept.map(i => shown(inside(i)))
      if (lines.length <= deepest) lines
      else lines.take(deepest / 2) ++ Seq(s"  ... ${lines.length - deepest} frames") ++ lines.takeRight(deepest / 2)
    }
  }

  private def isCell(frame: StackTraceElement): Boolean =
    frame.getClassName.matches("""\$line\d+\.\$read\$.*\$iw.*""") && frame.getMethodName != "<clinit>"

  private def isUsers(frame: StackTraceElement): Boolean =
    isCell(frame) || !engine.exists(frame.getClassName.startsWith)

  private val engine = Seq("org.apache.", "scala.", "java.", "jdk.", "sun.", "py4j.", "crossview.", "$line")

  private def shown(frame: StackTraceElement): String =
    if (isCell(frame)) {
      val path = frame.getClassName.replaceAll("""^.*\$iw\$?""", "")
      val method = frame.getMethodName.replaceAll("""^\$anonfun\$(.+?)(\$\d+)?(\$adapted)?$""", "$1")
      val name = Seq(path, if (method == "<init>") "" else method).filter(_.nonEmpty).mkString(".")
      s"  at ${if (name.isEmpty) "" else s"$name, "}cell line ${frame.getLineNumber}"
    } else {
      val place = if (frame.getFileName == null) "" else s" (${frame.getFileName}:${frame.getLineNumber})"
      s"  at ${frame.getClassName}.${frame.getMethodName}$place"
    }
}
