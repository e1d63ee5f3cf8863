package org.apache.spark.sql.crossview

import org.apache.spark.{SparkContext, TaskContext}
import org.apache.spark.rdd.RDD

/** Runs the tasks that write a frame. */
object ArrowTasks {

  /** Each task writes its own file: tasks and readers are on one host. */
  def here[A](rows: RDD[A], writer: ArrowPartWriter): Seq[WrittenPart] = {
    val task = (context: TaskContext, some: Iterator[A]) => writer.toFile(some, context.partitionId())
    val written = new Array[WrittenPart](rows.getNumPartitions)
    rows.sparkContext.runJob(rows, task, rows.partitions.indices, (index: Int, part: WrittenPart) => written(index) = part)
    written.toSeq
  }

  /** Tasks run on other hosts and send their bytes to the driver, which stores each part as it comes.
    *
    * A job is given up by Spark when its results exceed `spark.driver.maxResultSize` in sum, so that the partitions are
    * asked for in several jobs, each of about half of that. Shuffles behind them are computed once all the same.
    */
  def elsewhere[A](rows: RDD[A], writer: ArrowPartWriter): Seq[WrittenPart] = {
    val context = rows.sparkContext
    val task = (_: TaskContext, some: Iterator[A]) => writer.toBytes(some)
    val written = new Array[WrittenPart](rows.getNumPartitions)
    var next = 0
    while (next < written.length) {
      val until = (next + wave(context, written.take(next).toSeq)).min(written.length)
      val wanted = next until until
      context.runJob(rows, task, wanted, (index: Int, part: WrittenPart) => written(wanted(index)) = writer.store(part, wanted(index)))
      next = until
    }
    written.toSeq
  }

  /** How many partitions the next job may have, going by the largest one so far. */
  private def wave(context: SparkContext, done: Seq[WrittenPart]): Int = {
    val limit = context.getConf.getSizeAsBytes("spark.driver.maxResultSize", "1g")
    val largest = done.map(_.bytes).maxOption.getOrElse(0L)
    if (limit <= 0) Int.MaxValue / 2
    else if (largest == 0) context.defaultParallelism.max(2)
    else (limit / 2 / largest).max(1L).min(Int.MaxValue / 2).toInt
  }
}
