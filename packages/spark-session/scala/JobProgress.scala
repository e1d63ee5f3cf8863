package crossview.spark

import java.util.concurrent.{Executors, TimeUnit}

import crossview.spark.rpc.Json
import org.apache.spark.scheduler._

import scala.collection.mutable

/** Tells the kernel how far the Spark jobs of cells are: at most five times a second, and nothing of jobs that are over
  * before a person could read it.
  */
final class JobProgress extends SparkListener {
  private final class Job(val id: Int, val cell: String, val stages: Map[Int, Int]) {
    val begun: Long = System.nanoTime()
    var tasksDone = 0
    var told = false
    var changed = true
    def tasks: Int = stages.values.sum
  }

  private val jobs = mutable.LinkedHashMap.empty[Int, Job]
  private val timer = Executors.newSingleThreadScheduledExecutor { (task: Runnable) =>
    val thread = new Thread(task, "job-progress")
    thread.setDaemon(true)
    thread
  }
  timer.scheduleWithFixedDelay((() => tell()): Runnable, 200, 200, TimeUnit.MILLISECONDS)

  override def onJobStart(event: SparkListenerJobStart): Unit = synchronized {
    val cell = Option(event.properties).flatMap(p => Option(p.getProperty(Session.cellProperty)))
    cell.foreach(id => jobs(event.jobId) = new Job(event.jobId, id, event.stageInfos.map(s => s.stageId -> s.numTasks).toMap))
  }

  override def onTaskEnd(event: SparkListenerTaskEnd): Unit = synchronized {
    if (event.taskInfo.successful) jobs.values.filter(_.stages.contains(event.stageId)).foreach { job =>
      job.tasksDone += 1
      job.changed = true
    }
  }

  override def onJobEnd(event: SparkListenerJobEnd): Unit = synchronized {
    jobs.remove(event.jobId).filter(_.told).foreach(send(_, done = true))
  }

  private def tell(): Unit = synchronized {
    jobs.values.filter(job => job.changed && System.nanoTime() - job.begun > 300000000L).foreach { job =>
      job.told = true
      job.changed = false
      send(job, done = false)
    }
  }

  private def send(job: Job, done: Boolean): Unit = Session.notify(
    "spark.progress",
    Json.of(
      "cell" -> job.cell,
      "job" -> job.id,
      "stages" -> job.stages.size,
      "tasks" -> job.tasks,
      "tasksDone" -> job.tasksDone,
      "done" -> done
    )
  )
}
