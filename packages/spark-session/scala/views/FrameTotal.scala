package crossview.spark.views

import java.util.UUID
import java.util.concurrent.TimeoutException

import org.apache.spark.sql.DataFrame

import scala.concurrent.{Await, Promise}
import scala.concurrent.duration.FiniteDuration
import scala.util.{Success, Try}

/** How many rows a frame has, when Spark finds out soon. */
object FrameTotal {

  /** Counts in a thread of its own, whose jobs still belong to the cell, so that Stop ends them.
    *
    * @return nothing when it takes longer, or when the rows that nobody asked to see cannot be read
    */
  def within(frame: DataFrame, patience: FiniteDuration): Option[Long] = {
    val context = frame.sparkSession.sparkContext
    val group = s"crossview-count-${UUID.randomUUID()}"
    val counted = Promise[Option[Long]]()
    val thread = new Thread(
      () => {
        context.setJobGroup(group, "counting the rows", interruptOnCancel = true)
        counted.complete(Success(Try(frame.count()).toOption))
      },
      "crossview-count"
    )
    thread.setDaemon(true)
    thread.start()
    try Await.result(counted.future, patience)
    catch { case _: TimeoutException => None }
    finally if (!counted.isCompleted) context.cancelJobGroupAndFutureJobs(group, "nobody waits for the number of rows")
  }
}
