package crossview.spark.cells

import java.lang.reflect.InvocationTargetException
import java.util.concurrent.ExecutionException

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
    val whole = Option(thrown.getMessage).getOrElse("")
    val end = Seq("\n\tat ", "\nDriver stacktrace:").map(whole.indexOf).filter(_ >= 0).minOption
    end.fold(whole)(whole.substring(0, _)).trim
  }

  /** @param lineOffset added to the line numbers of REPL frames */
  def traceback(thrown: Throwable): Seq[String] = {
    val lines = mutable.ArrayBuffer.empty[String]
    var current = root(thrown)
    var lead = ""
    val seen = mutable.Set.empty[Throwable]
    while (current != null && seen.add(current)) {
      lines += s"$lead${current.getClass.getName}: ${message(current)}"
      lines ++= frames(current.getStackTrace.toSeq)
      current = current.getCause
      lead = "Caused by: "
    }
    lines.toSeq
  }

  private val cellFrame = """^\$line\d+\.\$read.*""".r

  /** The frames from where the failure rose down to the user's cell; what lies under it is the machinery that ran it. */
  private def frames(stack: Seq[StackTraceElement]): Seq[String] = {
    val last = stack.lastIndexWhere(frame => cellFrame.matches(frame.getClassName))
    val inside = if (last >= 0) stack.take(last + 1) else stack.take(6)
    val shown = if (inside.length <= 24) inside else inside.take(12) ++ inside.takeRight(11)
    val lines = shown.map(frame => s"  at ${readable(frame)}")
    if (inside.length > 24) lines.patch(12, Seq(s"  ... ${inside.length - 23} frames"), 0) else lines
  }

  private def readable(frame: StackTraceElement): String = {
    val owner = frame.getClassName.replaceAll("""^\$line\d+\.\$read\$""", "cell").replaceAll("""(\$iw)+""", "").replace("$$", "")
    val place =
      if (frame.isNativeMethod) "Native Method"
      else if (frame.getFileName == null) "Unknown Source"
      else s"${frame.getFileName}:${frame.getLineNumber}"
    s"$owner.${frame.getMethodName}($place)"
  }
}
