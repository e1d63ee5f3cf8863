package org.apache.spark.sql.crossview

import org.apache.spark.TaskContext

/** What of a task's end Spark keeps to its own packages. */
object StoppedTask {

  /** Ends the task of this thread if Spark has cancelled it, as Spark's own readers do between rows.
    *
    * @return whether this thread runs a task
    * @throws TaskKilledException when it was cancelled
    */
  def check(): Boolean = {
    val task = TaskContext.get()
    if (task != null) task.killTaskIfInterrupted()
    task != null
  }
}
