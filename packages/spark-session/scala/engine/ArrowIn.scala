package org.apache.spark.sql.crossview

import java.io.{ByteArrayOutputStream, FileInputStream}
import java.nio.channels.Channels

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import crossview.spark.CrossviewError
import org.apache.arrow.memory.BufferAllocator
import org.apache.arrow.vector.{FieldVector, VectorSchemaRoot, VectorUnloader}
import org.apache.arrow.vector.dictionary.DictionaryEncoder
import org.apache.arrow.vector.ipc.{ArrowStreamReader, WriteChannel}
import org.apache.arrow.vector.ipc.message.MessageSerializer
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.classic.{SparkSession => ClassicSession}
import org.apache.spark.sql.execution.arrow.ArrowConverters
import org.apache.spark.sql.types.{StructField, StructType}
import org.apache.spark.sql.util.ArrowUtils

/** Arrow stream files as a frame. */
object ArrowIn {

  /** @throws CrossviewError `COLUMN_TYPE_UNSUPPORTED` naming the column that Spark has no type for */
  def frame(session: SparkSession, parts: Seq[String]): DataFrame = {
    val allocator = ArrowUtils.rootAllocator.newChildAllocator("crossview in", 0, Long.MaxValue)
    val batches = mutable.ArrayBuffer.empty[Array[Byte]]
    var schema: StructType = null
    try parts.foreach { path =>
      val reader = new ArrowStreamReader(new FileInputStream(path), allocator)
      try {
        while (reader.loadNextBatch()) {
          val decoded = decode(reader, allocator)
          try batches += bytes(decoded)
          finally if (decoded ne reader.getVectorSchemaRoot) decoded.close()
        }
        if (schema == null) {
          val decoded = decode(reader, allocator)
          schema = StructType(decoded.getSchema.getFields.asScala.map(column).toSeq)
          if (decoded ne reader.getVectorSchemaRoot) decoded.close()
        }
      } finally reader.close()
    } finally allocator.close()
    ArrowConverters.toDataFrame(batches.iterator, schema.json, session.asInstanceOf[ClassicSession])
  }

  /** Spark's own reader takes a dictionary's indices for values, so dictionaries are resolved first. */
  private def decode(reader: ArrowStreamReader, allocator: BufferAllocator): VectorSchemaRoot = {
    val root = reader.getVectorSchemaRoot
    if (root.getFieldVectors.asScala.forall(_.getField.getDictionary == null)) root
    else {
      val vectors = root.getFieldVectors.asScala.map { vector =>
        val encoding = vector.getField.getDictionary
        if (encoding == null) { val transfer = vector.getTransferPair(allocator); transfer.transfer(); transfer.getTo.asInstanceOf[FieldVector] }
        else DictionaryEncoder.decode(vector, reader.lookup(encoding.getId), allocator).asInstanceOf[FieldVector]
      }
      val decoded = new VectorSchemaRoot(vectors.asJava)
      decoded.setRowCount(root.getRowCount)
      decoded
    }
  }

  private def column(field: org.apache.arrow.vector.types.pojo.Field): StructField =
    try StructField(field.getName, ArrowUtils.fromArrowField(field), field.isNullable)
    catch {
      case _: Exception =>
        throw new CrossviewError(
          "COLUMN_TYPE_UNSUPPORTED",
          s"The column `${field.getName}` is of the Arrow type ${field.getType}, which Spark does not have.",
          "Cast it before the view is published.",
          Map("column" -> field.getName, "type" -> field.getType.toString)
        )
    }

  private def bytes(root: VectorSchemaRoot): Array[Byte] = {
    val out = new ByteArrayOutputStream
    val batch = new VectorUnloader(root).getRecordBatch
    try MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), batch)
    finally batch.close()
    out.toByteArray
  }
}
