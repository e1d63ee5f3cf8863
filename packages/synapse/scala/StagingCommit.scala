package org.apache.spark.sql.crossview.synapse

import scala.collection.concurrent.TrieMap
import scala.collection.mutable.ArrayBuffer
import scala.util.control.NonFatal

import org.apache.hadoop.fs.Path
import org.apache.hadoop.mapreduce.{JobContext, TaskAttemptContext}
import org.apache.spark.internal.io.FileCommitProtocol
import org.apache.spark.internal.io.FileCommitProtocol.TaskCommitMessage
import org.apache.spark.internal.io.FileNameSpec

/** Lets the tasks write where the files are to lie. Hadoop's committers write elsewhere and rename, which on a blob store is a copy
  * and some fifty requests for each task; a staging directory needs none of that, since nobody looks into it before all is there.
  *
  * The kernel compares the files that it finds with those that were committed. That leaves attempts of the same task side by side,
  * of which one loses: see `isSafe`.
  */
private[synapse] final class StagingCommit(jobId: String, path: String) extends FileCommitProtocol with Serializable {
  @transient private lazy val files = ArrayBuffer.empty[String]

  override def setupJob(job: JobContext): Unit = ()

  override def setupTask(task: TaskAttemptContext): Unit = files.clear()

  override def newTaskTempFile(task: TaskAttemptContext, directory: Option[String], extension: String): String =
    newTaskTempFile(task, directory, FileNameSpec("", extension))

  override def newTaskTempFile(task: TaskAttemptContext, directory: Option[String], spec: FileNameSpec): String = {
    val attempt = task.getTaskAttemptID
    val name = f"${spec.prefix}part-${attempt.getTaskID.getId}%05d-${attempt.getId}-$jobId${spec.suffix}"
    files += name
    new Path(path, name).toString
  }

  override def newTaskTempFileAbsPath(task: TaskAttemptContext, directory: String, extension: String): String =
    throw new UnsupportedOperationException("a staging directory has no partitions")

  override def commitTask(task: TaskAttemptContext): TaskCommitMessage = new TaskCommitMessage(files.toSeq)

  override def abortTask(task: TaskAttemptContext): Unit =
    files.foreach { name =>
      val file = new Path(path, name)
      // What cannot be removed now is no committed file, and the kernel removes it.
      try file.getFileSystem(task.getConfiguration).delete(file, false)
      catch { case NonFatal(_) => () }
    }

  override def commitJob(job: JobContext, messages: Seq[TaskCommitMessage]): Unit =
    StagingCommit.committed.put(path, messages.flatMap(_.obj.asInstanceOf[Seq[String]]))

  /** The kernel removes the directory. */
  override def abortJob(job: JobContext): Unit = ()
}

private[synapse] object StagingCommit {
  private val committed = TrieMap.empty[String, Seq[String]]

  /** The names of the files of a job that ended well, once; `None` when another committer wrote them. */
  def take(location: String): Option[Seq[String]] = committed.remove(location)

  /** Whether an attempt has ended before the next one of its task begins: in one JVM, where an attempt is not given up for lost, and
    * without speculation.
    */
  def isSafe(conf: org.apache.spark.SparkConf): Boolean =
    conf.get("spark.master", "").startsWith("local") && !conf.get("spark.master", "").startsWith("local-cluster") &&
      !conf.getBoolean("spark.speculation", false)
}
