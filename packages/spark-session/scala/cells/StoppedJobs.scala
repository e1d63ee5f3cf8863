package crossview.spark.cells

import crossview.spark.Session
import org.apache.spark.SparkContext
import org.apache.spark.scheduler.{SparkListener, SparkListenerJobStart}

/** Cancels jobs that begin for a cell when it was stopped already. The adaptive execution of a query compiles code and begins
  * its shuffles in threads of its own; one that was under way when the cell was stopped begins later, in spite of the cell's
  * job group, and would compute for nobody.
  */
final class StoppedJobs(context: SparkContext) extends SparkListener {
  override def onJobStart(event: SparkListenerJobStart): Unit =
    if (Session.cellOf(event.properties).exists(RunningCells.wasStopped)) context.cancelJob(event.jobId, "the cell was stopped")
}
