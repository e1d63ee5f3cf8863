package org.apache.spark.sql.crossview

import java.nio.{ByteBuffer, ByteOrder}

import scala.jdk.CollectionConverters._

import org.apache.arrow.memory.ArrowBuf
import org.apache.arrow.vector._
import org.apache.spark.sql.types._
import org.apache.spark.sql.vectorized.{ColumnVector, ColumnarBatch}
import org.apache.spark.unsafe.Platform

/** Copies Spark's columnar batches into Arrow vectors column by column, several into one: no value becomes a row on its way. */
final class ColumnarFill(root: VectorSchemaRoot, schema: StructType) {
  private val fills = root.getFieldVectors.asScala.zip(schema.fields).map { case (vector, field) => ColumnFill(vector, field.dataType) }.toArray
  private var count = 0

  def rows: Int = count

  /** What the rows so far take, without what tells missing ones. */
  def bytes: Long = fills.map(_.bytes(count)).sum

  def append(batch: ColumnarBatch): Unit = {
    val more = batch.numRows
    // A batch without rows may find vectors that have no memory yet.
    var index = if (more == 0) fills.length else 0
    while (index < fills.length) {
      fills(index).append(batch.column(index), count, more)
      index += 1
    }
    count += more
  }

  def finish(): Unit = {
    fills.foreach(_.finish(count))
    root.setRowCount(count)
  }

  def reset(): Unit = {
    root.getFieldVectors.forEach(_.reset())
    count = 0
  }
}

object ColumnarFill {

  /** Whether every column has a type that is copied as it lies. Others go by rows. */
  def fits(schema: StructType): Boolean = schema.fields.nonEmpty && schema.fields.map(_.dataType).forall {
    case BooleanType | ByteType | ShortType | IntegerType | LongType | FloatType | DoubleType => true
    case DateType | TimestampType | TimestampNTZType | BinaryType                            => true
    case _: StringType                                                                       => true
    case decimal: DecimalType => decimal.precision <= Decimal.MAX_LONG_DIGITS
    case _                    => false
  }
}

/** One column on its way. `start` is the row of the vector at which the column's first goes. */
private sealed trait ColumnFill {
  def append(column: ColumnVector, start: Int, count: Int): Unit
  def finish(count: Int): Unit = ()
  def bytes(count: Int): Long
}

private object ColumnFill {
  def apply(vector: FieldVector, kind: DataType): ColumnFill = (vector, kind) match {
    case (bits: BitVector, _)                        => new BooleanFill(bits)
    case (decimals: DecimalVector, of: DecimalType)  => new DecimalFill(decimals, of)
    case (texts: BaseVariableWidthVector, BinaryType) => new BytesFill(texts, binary = true)
    case (texts: BaseVariableWidthVector, _)         => new BytesFill(texts, binary = false)
    case (numbers: BaseFixedWidthVector, ByteType)   => new NumberFill(numbers, 1, (column, n, into) => into.put(column.getBytes(0, n)))
    case (numbers: BaseFixedWidthVector, ShortType)  => new NumberFill(numbers, 2, (column, n, into) => into.asShortBuffer.put(column.getShorts(0, n)))
    case (numbers: BaseFixedWidthVector, FloatType)  => new NumberFill(numbers, 4, (column, n, into) => into.asFloatBuffer.put(column.getFloats(0, n)))
    case (numbers: BaseFixedWidthVector, DoubleType) => new NumberFill(numbers, 8, (column, n, into) => into.asDoubleBuffer.put(column.getDoubles(0, n)))
    case (numbers: BaseFixedWidthVector, IntegerType | DateType) =>
      new NumberFill(numbers, 4, (column, n, into) => into.asIntBuffer.put(column.getInts(0, n)))
    case (numbers: BaseFixedWidthVector, _) => new NumberFill(numbers, 8, (column, n, into) => into.asLongBuffer.put(column.getLongs(0, n)))
    case (other, _)                         => throw new IllegalStateException(s"no copy of ${other.getField} as it lies")
  }

  /** Marks the rows that are there; fresh and reset vectors have none. */
  def markValid(validity: ArrowBuf, column: ColumnVector, start: Int, count: Int): Unit = {
    val every = !column.hasNull
    var row = 0
    while (row < count) {
      if (every && ((start + row) & 7) == 0 && count - row >= 8) {
        val bytes = (count - row) >> 3
        validity.setOne((start + row) >> 3, bytes)
        row += bytes * 8
      } else {
        if (every || !column.isNullAt(row)) BitVectorHelper.setBit(validity, (start + row).toLong)
        row += 1
      }
    }
  }

  def grow(vector: ValueVector, rows: Int): Unit = while (vector.getValueCapacity < rows) vector.reAlloc()
}

private final class NumberFill(vector: BaseFixedWidthVector, width: Int, copy: (ColumnVector, Int, ByteBuffer) => Unit) extends ColumnFill {
  override def append(column: ColumnVector, start: Int, count: Int): Unit = {
    ColumnFill.grow(vector, start + count)
    copy(column, count, vector.getDataBuffer.nioBuffer(start.toLong * width, count * width).order(ByteOrder.LITTLE_ENDIAN))
    ColumnFill.markValid(vector.getValidityBuffer, column, start, count)
  }
  override def bytes(count: Int): Long = count.toLong * width
}

private final class BooleanFill(vector: BitVector) extends ColumnFill {
  override def append(column: ColumnVector, start: Int, count: Int): Unit = {
    ColumnFill.grow(vector, start + count)
    ColumnFill.markValid(vector.getValidityBuffer, column, start, count)
    var row = 0
    while (row < count) {
      if (!column.isNullAt(row) && column.getBoolean(row)) BitVectorHelper.setBit(vector.getDataBuffer, (start + row).toLong)
      row += 1
    }
  }
  override def bytes(count: Int): Long = count / 8L
}

/** Decimals whose digits fit into a long. */
private final class DecimalFill(vector: DecimalVector, kind: DecimalType) extends ColumnFill {
  override def append(column: ColumnVector, start: Int, count: Int): Unit = {
    ColumnFill.grow(vector, start + count)
    var row = 0
    while (row < count) {
      if (!column.isNullAt(row)) vector.set(start + row, column.getDecimal(row, kind.precision, kind.scale).toUnscaledLong)
      row += 1
    }
  }
  override def bytes(count: Int): Long = count * 16L
}

private final class BytesFill(vector: BaseVariableWidthVector, binary: Boolean) extends ColumnFill {
  private var end = 0

  private val dictionary = new DictionaryBytes

  override def append(column: ColumnVector, start: Int, count: Int): Unit = {
    if (start == 0) end = 0
    ColumnFill.grow(vector, start + count)
    ColumnFill.markValid(vector.getValidityBuffer, column, start, count)
    val offsets = vector.getOffsetBuffer
    offsets.checkBytes((start + 1) * 4L, (start + count + 1) * 4L)
    val address = offsets.memoryAddress + (start + 1) * 4L
    val coded = dictionary.open(column)
    var row = 0
    while (row < count) {
      if (!column.isNullAt(row)) {
        if (coded != null) put(dictionary.get(coded, row))
        else if (binary) put(column.getBinary(row))
        else {
          val text = column.getUTF8String(row)
          room(text.numBytes)
          text.writeToMemory(null, vector.getDataBuffer.memoryAddress + end)
          end += text.numBytes
        }
      }
      Platform.putInt(null, address + row * 4L, end)
      row += 1
    }
  }

  private def put(bytes: Array[Byte]): Unit = {
    room(bytes.length)
    Platform.copyMemory(bytes, Platform.BYTE_ARRAY_OFFSET, null, vector.getDataBuffer.memoryAddress + end, bytes.length)
    end += bytes.length
  }

  /** The offsets are written already; the vector would write those of missing rows again. */
  override def finish(count: Int): Unit = vector.setLastSet(count - 1)

  override def bytes(count: Int): Long = end + count * 4L

  private def room(more: Int): Unit = {
    val needed = Math.addExact(end, more).toLong
    while (vector.getDataBuffer.capacity < needed) vector.reallocDataBuffer()
  }
}
