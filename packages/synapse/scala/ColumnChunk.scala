package org.apache.spark.sql.crossview.synapse

import org.apache.parquet.column.ColumnDescriptor
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.types._

/** One column of a row group: takes values row by row, and encodes them all at once. */
private[synapse] abstract class ColumnChunk(val descriptor: ColumnDescriptor, rows: Int) {
  private val nullable = descriptor.getMaxDefinitionLevel > 0
  private val present = new Array[Byte]((rows + 7) / 8)
  private var count = 0
  protected var values = 0

  final def nulls: Long = count - values

  final def add(row: InternalRow, ordinal: Int): Unit = {
    if (!(nullable && row.isNullAt(ordinal))) {
      present(count >> 3) = (present(count >> 3) | (1 << (count & 7))).toByte
      put(row, ordinal)
      values += 1
    }
    count += 1
  }

  /** Whether the values are of different sizes, so that rows do not say how many bytes are held. */
  def isSized: Boolean = false

  /** Bytes that are held besides a fixed size for each row. */
  def held: Int = 0

  /** The dictionary as PLAIN values with their number, when there is one. Before `writeData`. */
  def dictionary(sink: ByteSink): Int

  /** The page without the dictionary: definition levels, then values, as indexes when there is a dictionary. */
  final def writeData(sink: ByteSink): Unit = {
    if (nullable) {
      val levels = new ByteSink(16 + present.length)
      if (values == count) levels.putRun(count, 1) else levels.putBits(present, count)
      sink.putInt(levels.size)
      sink.put(levels.bytes, 0, levels.size)
    }
    writeValues(sink)
  }

  def clear(): Unit = {
    java.util.Arrays.fill(present, 0.toByte)
    count = 0
    values = 0
  }

  protected def put(row: InternalRow, ordinal: Int): Unit
  protected def writeValues(sink: ByteSink): Unit
}

private[synapse] object ColumnChunk {

  /** Bits of an index into a dictionary. */
  def width(entries: Int): Int = math.max(1, 32 - Integer.numberOfLeadingZeros(entries - 1))

  /** Whether all columns are of types that are written here; else Spark's own writer has to do it. */
  def writes(schema: StructType): Boolean = schema.fields.forall(_.dataType match {
    case BooleanType | ByteType | ShortType | IntegerType | LongType | FloatType | DoubleType | DateType | TimestampType | BinaryType => true
    case string: StringType => string == StringType
    case _: DecimalType     => true
    case _                  => false
  })

  def of(descriptor: ColumnDescriptor, kind: DataType, rows: Int): ColumnChunk = {
    val physical = descriptor.getPrimitiveType
    kind match {
      case BooleanType => new BooleanChunk(descriptor, rows)
      case ByteType    => new NumberChunk(descriptor, rows, _.getByte(_).toLong)
      case ShortType   => new NumberChunk(descriptor, rows, _.getShort(_).toLong)
      case IntegerType | DateType   => new NumberChunk(descriptor, rows, _.getInt(_).toLong)
      case LongType | TimestampType => new NumberChunk(descriptor, rows, _.getLong(_))
      case FloatType   => new NumberChunk(descriptor, rows, (row, at) => java.lang.Float.floatToRawIntBits(row.getFloat(at)).toLong)
      case DoubleType  => new NumberChunk(descriptor, rows, (row, at) => java.lang.Double.doubleToRawLongBits(row.getDouble(at)))
      case decimal: DecimalType if physical.getPrimitiveTypeName == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY =>
        new DecimalChunk(descriptor, rows, decimal, physical.getTypeLength)
      case decimal: DecimalType => new NumberChunk(descriptor, rows, _.getDecimal(_, decimal.precision, decimal.scale).toUnscaledLong)
      case BinaryType           => new BytesChunk(descriptor, rows, _.getBinary(_))
      case _                    => new TextChunk(descriptor, rows)
    }
  }
}

private final class BooleanChunk(descriptor: ColumnDescriptor, rows: Int) extends ColumnChunk(descriptor, rows) {
  private val bits = new Array[Byte]((rows + 7) / 8)

  override protected def put(row: InternalRow, ordinal: Int): Unit =
    if (row.getBoolean(ordinal)) bits(values >> 3) = (bits(values >> 3) | (1 << (values & 7))).toByte

  override def dictionary(sink: ByteSink): Int = 0
  override protected def writeValues(sink: ByteSink): Unit = sink.put(bits, 0, (values + 7) / 8)
  override def clear(): Unit = { super.clear(); java.util.Arrays.fill(bits, 0.toByte) }
}

/** What fits into eight bytes: whole numbers, floats as their bits, days, and instants, which are INT96 in the file. */
private final class NumberChunk(descriptor: ColumnDescriptor, rows: Int, read: (InternalRow, Int) => Long) extends ColumnChunk(descriptor, rows) {
  private val numbers = new Array[Long](rows)
  private val indexes = new Array[Int](rows)
  private var entries = 0

  override protected def put(row: InternalRow, ordinal: Int): Unit = numbers(values) = read(row, ordinal)

  override def dictionary(sink: ByteSink): Int = {
    val distinct = new NumberDictionary
    var index = 0
    while (index < values && distinct.size <= NumberDictionary.most) { indexes(index) = distinct.index(numbers(index)); index += 1 }
    entries = if (index < values || distinct.size > NumberDictionary.most || distinct.size * 2 > values) 0 else distinct.size
    if (entries > 0) plain(sink, distinct.entries, entries)
    entries
  }

  override protected def writeValues(sink: ByteSink): Unit =
    if (entries == 0) plain(sink, numbers, values)
    else {
      val width = ColumnChunk.width(entries)
      sink.putByte(width)
      sink.putPacked(indexes, values, width)
    }

  private def plain(sink: ByteSink, from: Array[Long], count: Int): Unit = {
    var index = 0
    descriptor.getPrimitiveType.getPrimitiveTypeName match {
      case PrimitiveTypeName.INT32 | PrimitiveTypeName.FLOAT => while (index < count) { sink.putInt(from(index).toInt); index += 1 }
      case PrimitiveTypeName.INT96 =>
        while (index < count) {
          val micros = from(index)
          val day = Math.floorDiv(micros, NumberChunk.microsOfDay)
          sink.putLong((micros - day * NumberChunk.microsOfDay) * 1000)
          sink.putInt((day + NumberChunk.julianDayOfEpoch).toInt)
          index += 1
        }
      case _ => while (index < count) { sink.putLong(from(index)); index += 1 }
    }
  }
}

private object NumberChunk {
  val microsOfDay = 86400000000L
  val julianDayOfEpoch = 2440588L
}

/** Decimals of more than 18 digits: big-endian, all of one length. */
private final class DecimalChunk(descriptor: ColumnDescriptor, rows: Int, kind: DecimalType, length: Int) extends ColumnChunk(descriptor, rows) {
  private val bytes = new ByteSink(rows)

  override protected def put(row: InternalRow, ordinal: Int): Unit = {
    val digits = row.getDecimal(ordinal, kind.precision, kind.scale).toJavaBigDecimal.unscaledValue.toByteArray
    val sign = if (digits(0) < 0) -1 else 0
    var missing = length - digits.length
    while (missing > 0) { bytes.putByte(sign); missing -= 1 }
    bytes.put(digits, 0, digits.length)
  }

  override def isSized: Boolean = true
  override def held: Int = bytes.size
  override def dictionary(sink: ByteSink): Int = 0
  override protected def writeValues(sink: ByteSink): Unit = sink.put(bytes.bytes, 0, bytes.size)
  override def clear(): Unit = { super.clear(); bytes.clear() }
}

private final class BytesChunk(descriptor: ColumnDescriptor, rows: Int, read: (InternalRow, Int) => Array[Byte]) extends ColumnChunk(descriptor, rows) {
  private val bytes = new ByteSink(rows)

  override protected def put(row: InternalRow, ordinal: Int): Unit = {
    val value = read(row, ordinal)
    bytes.putInt(value.length)
    bytes.put(value, 0, value.length)
  }

  override def isSized: Boolean = true
  override def held: Int = bytes.size
  override def dictionary(sink: ByteSink): Int = 0
  override protected def writeValues(sink: ByteSink): Unit = sink.put(bytes.bytes, 0, bytes.size)
  override def clear(): Unit = { super.clear(); bytes.clear() }
}

/** Texts: a dictionary as long as there are few, then as they are. */
private final class TextChunk(descriptor: ColumnDescriptor, rows: Int) extends ColumnChunk(descriptor, rows) {
  private val indexes = new Array[Int](rows)
  private val distinct = new TextDictionary
  /** Once there are too many distinct texts; those that came before are written out again. */
  private val plain = new ByteSink(64)
  private var isPlain = false

  override protected def put(row: InternalRow, ordinal: Int): Unit = {
    val text = row.getUTF8String(ordinal)
    if (!isPlain) {
      indexes(values) = distinct.index(text)
      if (distinct.isFull) {
        isPlain = true
        var index = 0
        while (index <= values) { distinct.copy(indexes(index), plain); index += 1 }
      }
    } else {
      plain.putInt(text.numBytes)
      plain.put(text)
    }
  }

  override def isSized: Boolean = true
  override def held: Int = plain.size + distinct.held

  override def dictionary(sink: ByteSink): Int =
    if (isPlain || values == 0) 0
    else {
      sink.put(distinct.bytes, 0, distinct.held)
      distinct.size
    }

  override protected def writeValues(sink: ByteSink): Unit =
    if (isPlain || values == 0) sink.put(plain.bytes, 0, plain.size)
    else {
      val width = ColumnChunk.width(distinct.size)
      sink.putByte(width)
      sink.putPacked(indexes, values, width)
    }

  override def clear(): Unit = {
    super.clear()
    if (isPlain) plain.clear()
    distinct.clear()
    isPlain = false
  }
}
