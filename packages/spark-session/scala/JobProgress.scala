package crossview.spark

import java.util.concurrent.{Executors, TimeUnit}

import crossview.spark.rpc.Json
import org.apache.spark.scheduler._

import scala.collection.mutable

/** Tells the kernel how far the Spark jobs of cells are: at most five times a second, and nothing of jobs that are over
  * before a person could read it.
  */
final class JobProgress extends SparkListener {
  private final class Job(val id: Int, val cell: String, stages: Seq[StageInfo]) {
    val begun: Long = System.nanoTime()
    val waiting = mutable.Map.from(stages.map(stage => stage.stageId -> stage))
    val tasksOf = mutable.Map.empty[Int, Int]
    val done = mutable.Set.empty[Int]
    var tasksDone = 0
    var told = false
    var changed = true

    def stageCount: Int = waiting.size + tasksOf.size
    def tasks: Int = tasksOf.values.sum + waiting.values.map(_.numTasks).sum
    def has(stage: Int): Boolean = tasksOf.contains(stage)

    /** What a stage stands on and what has not begun before it never will: its rows are there from an earlier job. */
    def begin(stage: StageInfo): Unit = if (waiting.remove(stage.stageId).nonEmpty) {
      tasksOf(stage.stageId) = stage.numTasks
      skip(stage.parentIds)
      changed = true
    }

    private def skip(stages: Seq[Int]): Unit =
      stages.foreach(id => waiting.remove(id).foreach(skipped => skip(skipped.parentIds)))
  }

  private val jobs = mutable.LinkedHashMap.empty[Int, Job]
  private val timer = Executors.newSingleThreadScheduledExecutor { (task: Runnable) =>
    val thread = new Thread(task, "job-progress")
    thread.setDaemon(true)
    thread
  }
  timer.scheduleWithFixedDelay((() => tell()): Runnable, 200, 200, TimeUnit.MILLISECONDS)

  override def onJobStart(event: SparkListenerJobStart): Unit = synchronized {
    Session.cellOf(event.properties).foreach(id => jobs(event.jobId) = new Job(event.jobId, id, event.stageInfos))
  }

  override def onStageSubmitted(event: SparkListenerStageSubmitted): Unit = synchronized {
    jobs.values.foreach(_.begin(event.stageInfo))
  }

  override def onStageCompleted(event: SparkListenerStageCompleted): Unit = synchronized {
    if (event.stageInfo.failureReason.isEmpty) jobs.values.filter(_.has(event.stageInfo.stageId)).foreach { job =>
      job.done += event.stageInfo.stageId
      job.changed = true
    }
  }

  override def onTaskEnd(event: SparkListenerTaskEnd): Unit = synchronized {
    if (event.taskInfo.successful) jobs.values.filter(_.has(event.stageId)).foreach { job =>
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
      "stages" -> job.stageCount,
      "stagesDone" -> job.done.size,
      "tasks" -> job.tasks,
      // Tasks that ran twice, because a copy of a slow one was started, count once.
      "tasksDone" -> job.tasksDone.min(job.tasks),
      "done" -> done
    )
  )
}
