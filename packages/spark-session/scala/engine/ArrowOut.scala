package org.apache.spark.sql.crossview

import java.io.{ByteArrayOutputStream, IOException, OutputStream}
import java.nio.channels.{Channels, WritableByteChannel}
import java.nio.file.{Files, Path, Paths, StandardOpenOption}
import java.nio.file.attribute.{FileAttribute, PosixFilePermissions}
import java.util.concurrent.atomic.AtomicLong

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.arrow.vector.VectorSchemaRoot
import org.apache.arrow.vector.dictionary.DictionaryProvider
import org.apache.arrow.vector.ipc.ArrowStreamWriter
import org.apache.spark.TaskContext
import org.apache.spark.rdd.RDD
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.classic.Dataset
import org.apache.spark.sql.execution._
import org.apache.spark.sql.execution.arrow.ArrowWriter
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.ArrowUtils
import org.apache.spark.sql.vectorized.ColumnarBatch

/** @param total rows of the whole frame, when that is known */
final case class WrittenParts(parts: Seq[String], rows: Long, bytes: Long, total: Option[Long])

/** One file, or the bytes of one when the task runs on another host. */
final case class WrittenPart(path: String, content: Array[Byte], rows: Long, bytes: Long)

/** Writes frames as Arrow IPC stream files, readable each by itself. */
object ArrowOut {

  /** All rows. On this host each task writes its own file; from executors elsewhere the files come through the driver. */
  def whole(frame: DataFrame, directory: Path): WrittenParts = {
    val classic = frame.asInstanceOf[Dataset[_]]
    val writer = ArrowPartWriter.of(classic, directory)
    writer.orNothing(whole(classic, writer))
  }

  private def whole(classic: Dataset[_], writer: ArrowPartWriter): WrittenParts =
    SQLExecution.withNewExecutionId(classic.queryExecution, Some("crossview")) {
      val plan = classic.queryExecution.executedPlan
      val sameHost = classic.sparkSession.sparkContext.isLocal
      val written =
        if (isSmall(plan)) Seq(writer.toFile(plan.executeCollect().iterator, 0))
        else
          columns(plan).filter(_ => ColumnarFill.fits(writer.schema)) match {
            case Some(scan) => inTasks(scan.executeColumnar(), writer.copy(columnar = true), sameHost)
            case None       => inTasks(plan.execute(), writer, sameHost)
          }
      val parts = finish(written, writer)
      parts.copy(total = Some(parts.rows))
    }

  /** The first rows, with as little work as Spark can do for them.
    *
    * @param frame a limit is put on top, so that Spark stops early
    */
  def head(frame: DataFrame, directory: Path, limit: Long): WrittenParts = {
    // One row more than asked for tells whether there are more.
    val more = (limit + 1).min(Int.MaxValue.toLong).toInt
    val classic = frame.limit(more).asInstanceOf[Dataset[_]]
    val writer = ArrowPartWriter.of(classic, directory)
    val rows = SQLExecution.withNewExecutionId(classic.queryExecution, Some("crossview")) {
      classic.queryExecution.executedPlan.executeCollect()
    }
    val kept = if (rows.length > limit) rows.take(limit.toInt) else rows
    val total = if (rows.length > limit) None else Some(rows.length.toLong)
    finish(Seq(writer.toFile(kept.iterator, 0)), writer).copy(total = total)
  }

  private def isSmall(plan: SparkPlan): Boolean = plan match {
    case _: LocalTableScanExec | _: CommandResultExec => true
    case _                                            => false
  }

  /** The part of a plan that gives columns, when all that stands above only makes rows of them: a scan of Parquet, a cached frame. */
  private def columns(plan: SparkPlan): Option[SparkPlan] = plan match {
    case WholeStageCodegenExec(child)                       => columns(child)
    case ColumnarToRowExec(InputAdapter(child))             => Some(child)
    case ColumnarToRowExec(child) if child.supportsColumnar => Some(child)
    case _                                                  => None
  }

  private def inTasks[A](rows: RDD[A], writer: ArrowPartWriter, sameHost: Boolean): Seq[WrittenPart] =
    if (sameHost) ArrowTasks.here(rows, writer) else ArrowTasks.elsewhere(rows, writer)

  /** Leaves out tasks without rows; one part stays, to say the schema. */
  private def finish(written: Seq[WrittenPart], writer: ArrowPartWriter): WrittenParts = {
    val filled = written.filter(_.rows > 0)
    val parts = if (filled.isEmpty) Seq(writer.toFile(Iterator.empty, 0, evenIfEmpty = true)) else filled
    WrittenParts(parts.map(_.path), parts.map(_.rows).sum, parts.map(_.bytes).sum, None)
  }
}

/** Writes the rows of one task. Travels to the tasks, so it holds plain values only.
  *
  * @param label tells the files of this export from those of others in the same directory
  * @param columnar whether it is given batches of columns instead of rows
  */
final case class ArrowPartWriter(schema: StructType, timeZone: String, directory: String, label: String, columnar: Boolean = false) {

  /** @param rows rows, or batches of columns when the writer is a columnar one */
  def toFile(rows: Iterator[_], index: Int, evenIfEmpty: Boolean = false): WrittenPart =
    if (rows.isEmpty && !evenIfEmpty) WrittenPart("", null, 0, 0)
    else {
      val attempt = Option(TaskContext.get()).fold(0L)(_.taskAttemptId())
      val path = pathOf(index, attempt)
      try {
        val channel = Files.newByteChannel(path, ArrowPartWriter.create, ArrowPartWriter.ownerOnly)
        val count = try write(rows, channel) finally channel.close()
        WrittenPart(path.toString, null, count, Files.size(path))
      } catch {
        case failed: Throwable =>
          Files.deleteIfExists(path)
          throw failed
      }
    }

  def toBytes(rows: Iterator[_]): WrittenPart =
    if (rows.isEmpty) WrittenPart("", null, 0, 0)
    else {
      val content = new ByteArrayOutputStream(1 << 20)
      val count = write(rows, Channels.newChannel(content: OutputStream))
      WrittenPart("", content.toByteArray, count, content.size.toLong)
    }

  /** On the driver: puts the bytes of a part into its file. */
  def store(part: WrittenPart, index: Int): WrittenPart =
    if (part.rows == 0) part
    else {
      val path = pathOf(index, 0)
      val channel = Files.newByteChannel(path, ArrowPartWriter.create, ArrowPartWriter.ownerOnly)
      try channel.write(java.nio.ByteBuffer.wrap(part.content)) finally channel.close()
      part.copy(path = path.toString, content = null)
    }

  /** Runs an export; when it fails, none of its files stays. Tasks that are still ending remove their own. */
  def orNothing[A](body: => A): A =
    try body
    catch {
      case failed: Throwable =>
        clear()
        throw failed
    }

  private def clear(): Unit =
    try
      Using.resource(Files.newDirectoryStream(Paths.get(directory), s"export$label-*.arrow")) { files =>
        files.asScala.foreach(Files.deleteIfExists)
      }
    catch { case _: IOException => () } // the directory itself is gone

  private def pathOf(index: Int, attempt: Long): Path = Paths.get(directory, f"export$label-$index%05d-$attempt.arrow")

  private def write(rows: Iterator[_], channel: WritableByteChannel): Long = {
    val allocator = ArrowUtils.rootAllocator.newChildAllocator("crossview out", 0, Long.MaxValue)
    val arrowSchema = ArrowUtils.toArrowSchema(schema, timeZone, false, false)
    val root = VectorSchemaRoot.create(arrowSchema, allocator)
    try {
      val stream = new ArrowStreamWriter(root, null: DictionaryProvider, channel)
      stream.start()
      val total =
        if (columnar) writeColumns(rows.asInstanceOf[Iterator[ColumnarBatch]], root, stream)
        else writeRows(rows.asInstanceOf[Iterator[InternalRow]], root, stream)
      stream.end()
      total
    } finally {
      root.close()
      allocator.close()
    }
  }

  private def writeRows(rows: Iterator[InternalRow], root: VectorSchemaRoot, stream: ArrowStreamWriter): Long = {
    val fill = ArrowWriter.create(root)
    var total = 0L
    while (rows.hasNext) {
      var count = 0
      while (rows.hasNext && count < ArrowPartWriter.batchRows && !isLarge(fill, count)) {
        fill.write(rows.next())
        count += 1
      }
      fill.finish()
      stream.writeBatch()
      fill.reset()
      total += count
      stopIfKilled()
    }
    total
  }

  /** A batch of Spark's is good until the next is asked for, so that it is copied before. */
  private def writeColumns(batches: Iterator[ColumnarBatch], root: VectorSchemaRoot, stream: ArrowStreamWriter): Long = {
    root.getFieldVectors.forEach(_.setInitialCapacity(ArrowPartWriter.batchRows))
    root.allocateNew()
    val fill = new ColumnarFill(root, schema)
    var total = 0L
    def flush(): Unit = if (fill.rows > 0) {
      fill.finish()
      stream.writeBatch()
      total += fill.rows
      fill.reset()
      stopIfKilled()
    }
    while (batches.hasNext) {
      fill.append(batches.next())
      if (fill.rows >= ArrowPartWriter.batchRows || fill.bytes > ArrowPartWriter.batchBytes) flush()
    }
    flush()
    total
  }

  private def stopIfKilled(): Unit = Option(TaskContext.get()).foreach(_.killTaskIfInterrupted())

  /** Asked now and then only, because counting the bytes visits every buffer. */
  private def isLarge(fill: ArrowWriter, count: Int): Boolean =
    count > 0 && count % 64 == 0 && fill.sizeInBytes() > ArrowPartWriter.batchBytes
}

object ArrowPartWriter {
  private val exports = new AtomicLong
  private val batchRows = 1 << 16
  private val batchBytes = 16L << 20
  private val create = Set(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).asJava
  private val ownerOnly: FileAttribute[_] =
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))

  def of(frame: Dataset[_], directory: Path): ArrowPartWriter = {
    ArrowColumns.check(frame.schema)
    val timeZone = frame.sparkSession.sessionState.conf.sessionLocalTimeZone
    ArrowPartWriter(frame.schema, timeZone, directory.toString, exports.incrementAndGet().toString)
  }
}
