package org.apache.spark.sql.crossview

import java.nio.ByteBuffer

import scala.jdk.CollectionConverters._

import org.apache.arrow.compression.CommonsCompressionFactory
import org.apache.arrow.flatbuf.Message
import org.apache.arrow.memory.{ArrowBuf, ForeignAllocation}
import org.apache.arrow.memory.util.MemoryUtil
import org.apache.arrow.vector.{FieldVector, VectorLoader, VectorSchemaRoot}
import org.apache.arrow.vector.ipc.message.MessageSerializer
import org.apache.arrow.vector.types.pojo.Schema
import org.apache.spark.sql.connector.read.PartitionReader
import org.apache.spark.sql.util.ArrowUtils
import org.apache.spark.sql.vectorized.{ArrowColumnVector, ColumnVector, ColumnarBatch}

/** Reads stored batches as Spark's columnar batches. Mapped memory is used in place. */
final class ArrowBatchReader(schema: Schema, positions: Array[Int], batches: Iterator[StoredBatch])
    extends PartitionReader[ColumnarBatch] {
  private val allocator = ArrowUtils.rootAllocator.newChildAllocator("crossview in", 0, Long.MaxValue)
  private val targets = schema.getFields.asScala.map(ArrowTypes.readable).toIndexedSeq
  private var open: Seq[AutoCloseable] = Nil
  private var batch: ColumnarBatch = _

  override def get(): ColumnarBatch = batch

  override def next(): Boolean = {
    release()
    batches.hasNext && {
      val stored = batches.next()
      batch = if (positions.isEmpty) new ColumnarBatch(Array.empty, stored.rows.toInt) else load(stored)
      true
    }
  }

  override def close(): Unit = {
    release()
    allocator.close()
  }

  private def load(stored: StoredBatch): ColumnarBatch = {
    val root = VectorSchemaRoot.create(schema, allocator)
    open = Seq(root)
    val message = Message.getRootAsMessage(stored.metadata.duplicate())
    val body = memory(stored.body)
    val record = try MessageSerializer.deserializeRecordBatch(message, body) catch { case e: Throwable => body.close(); throw e }
    try new VectorLoader(root, CommonsCompressionFactory.INSTANCE).load(record)
    finally record.close()
    val columns = positions.map { position =>
      val vector = root.getVector(position)
      val column = converted(vector, position)
      if (column ne vector) open :+= column
      new ArrowColumnVector(column): ColumnVector
    }
    new ColumnarBatch(columns, stored.rows.toInt)
  }

  private def converted(vector: FieldVector, position: Int): FieldVector = {
    val target = targets(position)
    if (vector.getField == target) vector
    else new ArrowConversion(allocator, schema.getFields.get(position).getName)(vector, target)
  }

  private def memory(body: ByteBuffer): ArrowBuf =
    if (body.capacity == 0) allocator.getEmpty
    else if (body.isDirect) {
      val address = MemoryUtil.getByteBufferAddress(body)
      allocator.wrapForeignAllocation(new ForeignAllocation(body.capacity.toLong, address) {
        // The mapping is unmapped by the garbage collector; holding `body` here keeps it until then.
        private val held = body
        override def release0(): Unit = held.capacity
      })
    } else {
      val copy = allocator.buffer(body.capacity.toLong)
      copy.setBytes(0, body.duplicate().rewind())
      copy.writerIndex(body.capacity.toLong)
      copy
    }

  private def release(): Unit = {
    open.foreach(_.close())
    open = Nil
  }
}
