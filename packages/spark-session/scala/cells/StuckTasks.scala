package crossview.spark.cells

import java.util.concurrent.{ConcurrentHashMap, Executors, TimeUnit}

import crossview.spark.Session
import org.apache.spark.scheduler._

import scala.jdk.CollectionConverters._

/** Ends tasks that go on after their job was cancelled. Spark only asks a task to end, and code that computes without
  * ever looking (`spark.range(n).map(f).reduce(g)`) keeps its core until it is done. Only where tasks run in this JVM, and
  * where Java can still stop a thread (before 20).
  */
final class StuckTasks extends SparkListener {
  private val cellOfStage = new ConcurrentHashMap[Int, String]
  private val cellOfTask = new ConcurrentHashMap[Long, String]
  private val timer = Executors.newSingleThreadScheduledExecutor { (task: Runnable) =>
    val thread = new Thread(task, "stuck-tasks")
    thread.setDaemon(true)
    thread
  }

  override def onJobStart(event: SparkListenerJobStart): Unit =
    Option(event.properties).flatMap(p => Option(p.getProperty(Session.cellProperty))).foreach { cell =>
      event.stageIds.foreach(cellOfStage.put(_, cell))
    }

  override def onStageCompleted(event: SparkListenerStageCompleted): Unit = cellOfStage.remove(event.stageInfo.stageId)

  override def onTaskStart(event: SparkListenerTaskStart): Unit =
    Option(cellOfStage.get(event.stageId)).foreach(cellOfTask.put(event.taskInfo.taskId, _))

  override def onTaskEnd(event: SparkListenerTaskEnd): Unit = cellOfTask.remove(event.taskInfo.taskId)

  /** Call when the cell was cancelled: looks after its tasks for some seconds, after a time in which most end by themselves. */
  def watch(cell: String): Unit = if (Session.spark.sparkContext.isLocal) {
    def again(left: Int): Unit = {
      timer.schedule(
        (() => if (tasks(cell).nonEmpty && left > 0) { end(cell); again(left - 1) }): Runnable,
        1000,
        TimeUnit.MILLISECONDS
      )
    }
    again(10)
  }

  private def tasks(cell: String): Set[Long] =
    cellOfTask.asScala.collect { case (task, of) if of == cell => task }.toSet

  private val threadName = """Executor task launch worker for task .*\(TID (\d+)\)""".r

  private def end(cell: String): Unit = {
    val stuck = tasks(cell)
    Thread.getAllStackTraces.asScala.foreach { case (thread, stack) =>
      thread.getName match {
        case threadName(task) if stuck(task.toLong) && computes(stack) => HardStop(thread)
        case _                                                         => ()
      }
    }
  }

  /** Not while the task tells the scheduler how it ended: a report that is lost keeps its core for ever. */
  private def computes(stack: Array[StackTraceElement]): Boolean =
    stack.exists(frame => frame.getClassName == "org.apache.spark.scheduler.Task" && frame.getMethodName == "run")
}

/** `Thread.stop`, where Java has it; later ones refuse, and the interrupt has to do. */
object HardStop {
  def apply(thread: Thread): Unit =
    try classOf[Thread].getMethod("stop").invoke(thread)
    catch { case _: java.lang.reflect.InvocationTargetException | _: NoSuchMethodException => () }
}
