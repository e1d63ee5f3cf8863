package crossview.spark.cells

import java.util.{Collections, LinkedHashMap}
import java.util.concurrent.ConcurrentHashMap

import crossview.spark.Session

import scala.jdk.CollectionConverters._

/** The cells that run now: their threads, and the Spark jobs that belong to them whichever language started them. */
object RunningCells {
  private def cancelJobs(cell: String): Unit = {
    val context = Session.spark.sparkContext
    context.cancelJobGroupAndFutureJobs(cell, "the cell was stopped")
    context.cancelJobsWithTag(tag(cell), "the cell was stopped")
  }

  private final class Running(val thread: Thread) {
    private var over = false

    def end(): Unit = synchronized {
      over = true
      Thread.interrupted()
    }

    /** Under the lock, so that a thread that has just left the cell is not hit. */
    def hit(action: Thread => Unit): Unit = synchronized { if (!over) action(thread) }
  }

  private val cells = new ConcurrentHashMap[String, Running]

  /** Cells that were stopped, whichever language they are in; an id is never given twice. */
  private val stopped = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap[String, java.lang.Boolean] {
    override def removeEldestEntry(eldest: java.util.Map.Entry[String, java.lang.Boolean]): Boolean = size > 1000
  }))

  /** Runs `body` as the cell of this id, with a job group and a tag of that name on its Spark jobs. */
  def during[A](cell: String)(body: => A): A = {
    val running = new Running(Thread.currentThread)
    cells.put(cell, running)
    // Each call of the kernel has a thread of its own: a Stop may come before its cell.
    if (wasStopped(cell)) running.hit(_.interrupt())
    val context = Session.spark.sparkContext
    context.setJobGroup(cell, s"cell $cell", interruptOnCancel = true)
    context.addJobTag(tag(cell))
    context.setLocalProperty(Session.cellProperty, cell)
    try body
    finally {
      running.end()
      cells.remove(cell, running)
      context.clearJobGroup()
      context.removeJobTag(tag(cell))
      context.setLocalProperty(Session.cellProperty, null)
    }
  }

  /** The tag stays on a job when the user's code sets a job group of its own. Spark forbids commas in tags. */
  def tag(cell: String): String = s"crossview-cell-${cell.replace(',', '_')}"

  /** Whether Stop was pressed for this cell, which may have ended since. */
  def wasStopped(cell: String): Boolean = stopped.contains(cell)

  /** Whether this is the thread of a cell that was stopped. */
  def isStopped(thread: Thread): Boolean =
    cells.asScala.exists { case (cell, running) => running.thread == thread && wasStopped(cell) }

  /** Cancels the cell's Spark jobs, also those it would start next, and interrupts its thread.
    *
    * @param hard stops the thread as well, where Java still can (before 20)
    * @return whether a thread of this cell was found
    */
  def cancel(cell: String, hard: Boolean): Boolean = {
    stopped.add(cell)
    val running = cells.get(cell)
    StopCheck.want()
    cancelJobs(cell)
    if (running != null) {
      running.hit(_.interrupt())
      if (hard) running.hit(HardStop(_))
    }
    running != null
  }
}

/** `Thread.stop` for the thread of a cell that does not look, where Java has it (before 20). Never for the tasks of Spark:
  * a thread that is hit while it holds a lock of the executor, or reports its end, keeps its core for ever.
  */
private object HardStop {
  def apply(thread: Thread): Unit =
    try classOf[Thread].getMethod("stop").invoke(thread)
    catch { case _: java.lang.reflect.InvocationTargetException | _: NoSuchMethodException => () }
}
