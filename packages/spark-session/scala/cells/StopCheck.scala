package crossview.spark.cells

import java.util.concurrent.TimeUnit

import crossview.spark.Session
import org.apache.spark.sql.crossview.StoppedTask

import scala.util.control.ControlThrowable

/** Thrown where a cell that was stopped looks. Not an Exception: `catch { case e: Exception => }` is not meant for it. */
final class CellStopped extends ControlThrowable("The cell was stopped.")

/** The look at Stop that is compiled into the loops and functions of Scala cells (`repl/StopChecks.scala`), on the driver
  * as in the tasks of executors. Java can no longer end a thread by force, and code that is hit anywhere leaves locks of
  * Spark's behind; code that looks by itself ends where it is safe to end.
  */
object StopCheck {
  private val seconds = 30L
  @volatile private var wanted = false
  @volatile private var until = 0L

  /** A flag and the thread's own: some nanoseconds, so that it may stand in the innermost loop. */
  def apply(): Unit = if (wanted || Thread.currentThread.isInterrupted) look()

  /** Call when a cell was cancelled; its tasks may go on for a while after the cell has ended. */
  def want(): Unit = {
    until = System.nanoTime + TimeUnit.SECONDS.toNanos(seconds)
    wanted = true
  }

  private def look(): Unit = {
    val inTask = StoppedTask.check()
    if (!inTask && (RunningCells.isStopped(Thread.currentThread) || RunningCells.wasStopped(Session.currentCell)))
      throw new CellStopped
    if (wanted && System.nanoTime > until) wanted = false
  }
}
