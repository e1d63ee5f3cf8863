package org.apache.spark.sql.crossview

import java.io.{ObjectInputStream, ObjectOutputStream}
import java.nio.ByteBuffer
import java.util.{OptionalLong, Set => JavaSet}
import java.util.concurrent.ConcurrentHashMap
import java.lang.ref.WeakReference

import scala.jdk.CollectionConverters._

import org.apache.arrow.vector.types.pojo.Schema
import org.apache.spark.sql.connector.catalog.{SupportsRead, Table, TableCapability}
import org.apache.spark.sql.connector.read._
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.types.{StructField, StructType}
import org.apache.spark.sql.util.CaseInsensitiveStringMap
import org.apache.spark.sql.vectorized.ColumnarBatch

/** The batches of a published view. Columns are called `c0`, `c1`, …: real names may be equal, and the frame above gives
  * them back.
  *
  * @param inline whether tasks run on other hosts, so that batches have to travel with them
  */
final class ArrowTable(val name: String, val schemaOfFiles: Schema, val batches: IndexedSeq[StoredBatch], parallelism: Int, inline: Boolean)
    extends Table with SupportsRead {
  private val key = ArrowTable.register(this)
  private val fields = schemaOfFiles.getFields.asScala.map(ArrowTypes.readable)

  override val schema: StructType = StructType(fields.zipWithIndex.map { case (field, index) =>
    StructField(s"c$index", ArrowTypes.sparkType(field), field.isNullable)
  }.toSeq)

  override def capabilities: JavaSet[TableCapability] = JavaSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder =
    new ScanBuilder with SupportsPushDownRequiredColumns {
      private var required = schema
      override def pruneColumns(wanted: StructType): Unit = required = wanted
      override def build(): Scan = new ArrowScan(ArrowTable.this, required)
    }

  /** Consecutive batches of about equal size, two for each core that can work on them. */
  def partitions(): Array[InputPartition] = {
    val total = batches.map(_.bytes).sum
    val most = if (inline) 16L << 20 else 256L << 20
    val target = (total / (2L * parallelism)).max(1L << 20).min(most)
    val groups = batches.indices.foldLeft(List.empty[(Int, Int, Long)]) {
      case ((from, until, bytes) :: rest, index) if bytes + batches(index).bytes <= target =>
        (from, until + 1, bytes + batches(index).bytes) :: rest
      case (done, index) => (index, index + 1, batches(index).bytes) :: done
    }
    groups.reverse.map { case (from, until, _) =>
      if (inline) new CarriedPartition(batches.slice(from, until)): InputPartition
      else new ArrowPartition(this, key, from, until): InputPartition
    }.toArray
  }
}

object ArrowTable {
  private val tables = new ConcurrentHashMap[Long, WeakReference[ArrowTable]]
  private val keys = new java.util.concurrent.atomic.AtomicLong

  /** For tasks in this JVM, whose partitions come through serialisation. */
  def find(key: Long): ArrowTable = tables.get(key).get

  private def register(table: ArrowTable): Long = {
    tables.entrySet.removeIf(entry => entry.getValue.get == null)
    val key = keys.incrementAndGet()
    tables.put(key, new WeakReference(table))
    key
  }
}

/** Batches that a task reads. */
trait StoredPartition extends InputPartition {
  def batches: Iterator[StoredBatch]
}

/** Batches of this host, found again by those who run in this JVM.
  *
  * @param table keeps the mapped memory alive as long as an RDD on the driver refers to this partition
  */
final class ArrowPartition(@transient private val table: ArrowTable, key: Long, from: Int, until: Int) extends StoredPartition {
  def batches: Iterator[StoredBatch] = ArrowTable.find(key).batches.slice(from, until).iterator
}

/** Batches that travel to another host with their task. They are read from their files when the task is sent, not before:
  * the driver's heap holds those of the tasks under way, never a whole view.
  */
final class CarriedPartition(@transient private var stored: Seq[StoredBatch]) extends StoredPartition {
  def batches: Iterator[StoredBatch] = stored.iterator

  private def writeObject(out: ObjectOutputStream): Unit = {
    out.defaultWriteObject()
    out.writeInt(stored.size)
    stored.foreach { batch =>
      out.writeLong(batch.rows)
      Seq(batch.metadata, batch.body).foreach(writeBytes(out, _))
    }
  }

  private def readObject(in: ObjectInputStream): Unit = {
    in.defaultReadObject()
    stored = Seq.fill(in.readInt()) {
      val rows = in.readLong()
      val (metadata, body) = (readBytes(in), readBytes(in))
      StoredBatch(metadata, body, rows, body.capacity.toLong)
    }
  }

  private def writeBytes(out: ObjectOutputStream, buffer: ByteBuffer): Unit = {
    val copy = buffer.duplicate()
    copy.rewind()
    val bytes = new Array[Byte](copy.remaining)
    copy.get(bytes)
    out.writeInt(bytes.length)
    out.write(bytes)
  }

  private def readBytes(in: ObjectInputStream): ByteBuffer = {
    val bytes = new Array[Byte](in.readInt())
    in.readFully(bytes)
    ByteBuffer.wrap(bytes)
  }
}

final class ArrowScan(table: ArrowTable, required: StructType) extends Scan with Batch with SupportsReportStatistics {
  private val positions = required.fieldNames.map(name => table.schema.fieldIndex(name))

  override def readSchema(): StructType = required
  override def description(): String = s"view ${table.name}"
  override def toBatch: Batch = this
  override def planInputPartitions(): Array[InputPartition] = table.partitions()
  override def createReaderFactory(): PartitionReaderFactory =
    ArrowReaders(table.schemaOfFiles.serializeAsMessage(), positions)
  override def estimateStatistics(): Statistics = new Statistics {
    override def sizeInBytes(): OptionalLong = OptionalLong.of(table.batches.map(_.bytes).sum)
    override def numRows(): OptionalLong = OptionalLong.of(table.batches.map(_.rows).sum)
  }
}

final case class ArrowReaders(schema: Array[Byte], positions: Array[Int]) extends PartitionReaderFactory {
  override def supportColumnarReads(partition: InputPartition): Boolean = true
  override def createReader(partition: InputPartition): PartitionReader[InternalRow] =
    throw new UnsupportedOperationException("views are read by columns")
  override def createColumnarReader(partition: InputPartition): PartitionReader[ColumnarBatch] =
    new ArrowBatchReader(Schema.deserializeMessage(ByteBuffer.wrap(schema)), positions, partition.asInstanceOf[StoredPartition].batches)
}
