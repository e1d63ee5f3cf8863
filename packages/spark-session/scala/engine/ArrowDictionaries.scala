package org.apache.spark.sql.crossview

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.arrow.memory.BufferAllocator
import org.apache.arrow.vector.{FieldVector, VectorSchemaRoot}
import org.apache.arrow.vector.dictionary.{DictionaryEncoder, DictionaryProvider}
import org.apache.arrow.vector.ipc.{ArrowStreamReader, ArrowStreamWriter}
import org.apache.arrow.vector.types.pojo.{Field, Schema}
import org.apache.spark.sql.util.ArrowUtils

/** Resolves dictionaries. Spark's own reader takes a dictionary's indices for the values. */
object ArrowDictionaries {

  /** Runs `body` with a file that has no dictionaries: the same one, or a copy that is removed afterwards. */
  def resolved[A](path: Path)(body: Path => A): A =
    if (!hasDictionaries(path)) body(path)
    else {
      val copy = Files.createTempFile(path.getParent, "resolved-", ".arrow")
      try {
        copyTo(path, copy)
        body(copy)
      } finally Files.deleteIfExists(copy)
    }

  /** Looks at the other columns too, since a dictionary inside of a list or struct could not be resolved. */
  private def hasDictionaries(path: Path): Boolean = withReader(path) { reader =>
    val (encoded, plain) = reader.getVectorSchemaRoot.getSchema.getFields.asScala.partition(_.getDictionary != null)
    plain.foreach(ArrowTypes.readable)
    encoded.nonEmpty
  }

  private def copyTo(path: Path, copy: Path): Unit = withReader(path) { reader =>
    val source = reader.getVectorSchemaRoot
    val allocator = ArrowUtils.rootAllocator.newChildAllocator("crossview dictionaries", 0, Long.MaxValue)
    try
      Using.resource(Files.newByteChannel(copy, java.nio.file.StandardOpenOption.WRITE)) { channel =>
        // An empty batch first tells the types that the dictionaries have.
        var writer: ArrowStreamWriter = null
        var target: VectorSchemaRoot = null
        def write(): Unit = {
          val decoded = source.getFieldVectors.asScala.map(decode(_, reader, allocator))
          try {
            if (writer == null) {
              val fields = decoded.zip(source.getSchema.getFields.asScala).map { case (vector, field) => renamed(vector.getField, field) }
              target = VectorSchemaRoot.create(new Schema(fields.asJava), allocator)
              writer = new ArrowStreamWriter(target, null: DictionaryProvider, channel)
              writer.start()
            }
            decoded.zip(target.getFieldVectors.asScala).foreach { case (from, to) => from.makeTransferPair(to).transfer() }
            target.setRowCount(source.getRowCount)
          } finally decoded.foreach(_.close())
        }
        try {
          while (reader.loadNextBatch()) {
            write()
            writer.writeBatch()
          }
          if (writer == null) write()
          writer.end()
        } finally Option(target).foreach(_.close())
      }
    finally allocator.close()
  }

  private def decode(vector: FieldVector, reader: ArrowStreamReader, allocator: BufferAllocator): FieldVector = {
    val encoding = vector.getField.getDictionary
    if (encoding != null && reader.getDictionaryVectors.containsKey(encoding.getId))
      DictionaryEncoder.decode(vector, reader.lookup(encoding.getId), allocator).asInstanceOf[FieldVector]
    else if (encoding != null) reader.lookup(encoding.getId).getVector.getField.createVector(allocator)
    else {
      val transfer = vector.getTransferPair(allocator)
      transfer.transfer()
      transfer.getTo.asInstanceOf[FieldVector]
    }
  }

  private def renamed(decoded: Field, original: Field): Field =
    new Field(original.getName, new org.apache.arrow.vector.types.pojo.FieldType(original.isNullable, decoded.getType, null), decoded.getChildren)

  private def withReader[A](path: Path)(body: ArrowStreamReader => A): A = {
    val allocator = ArrowUtils.rootAllocator.newChildAllocator("crossview dictionaries", 0, Long.MaxValue)
    try Using.resource(new ArrowStreamReader(Files.newInputStream(path), allocator))(body)
    finally allocator.close()
  }
}
