package org.apache.spark.sql.crossview

import scala.jdk.CollectionConverters._

import crossview.spark.CrossviewError
import org.apache.arrow.memory.{ArrowBuf, BufferAllocator}
import org.apache.arrow.vector._
import org.apache.arrow.vector.complex.{FixedSizeListVector, LargeListVector}
import org.apache.arrow.vector.ipc.message.ArrowFieldNode
import org.apache.arrow.vector.types.TimeUnit
import org.apache.arrow.vector.types.pojo.{ArrowType, Field}

/** Brings a vector to the type that `ArrowTypes.readable` chose. What has that type already keeps its memory. */
final class ArrowConversion(allocator: BufferAllocator, column: String) {

  def apply(source: FieldVector, target: Field): FieldVector = {
    val made = target.createVector(allocator)
    try load(source, made)
    catch {
      case failed: Throwable =>
        made.close()
        throw failed
    }
    made
  }

  private def load(source: FieldVector, target: FieldVector): Unit = {
    source match {
      case list: LargeListVector                         => withOffsets(list, target, narrowOffsets(list))
      case list: FixedSizeListVector                     => withOffsets(list, target, stepOffsets(list))
      case _ if sameType(source.getField, target.getField) => share(source, target, source.getFieldBuffers.asScala.toSeq)
      case _                                             => convert(source, target)
    }
    source.getChildrenFromFields.asScala.zip(target.getChildrenFromFields.asScala).foreach {
      case (from, to) => load(from, to)
    }
  }

  private def sameType(source: Field, target: Field): Boolean = source.getType == target.getType

  private def share(source: FieldVector, target: FieldVector, buffers: Seq[ArrowBuf]): Unit = {
    val node = new ArrowFieldNode(source.getValueCount.toLong, source.getNullCount.toLong)
    target.loadFieldBuffers(node, buffers.asJava)
  }

  /** The target keeps a reference of its own to the offsets. */
  private def withOffsets(source: FieldVector, target: FieldVector, offsets: ArrowBuf): Unit =
    try share(source, target, Seq(source.getValidityBuffer, offsets))
    finally offsets.close()

  private def narrowOffsets(list: LargeListVector): ArrowBuf = {
    val offsets = allocator.buffer((list.getValueCount + 1) * 4L)
    for (i <- 0 to list.getValueCount) {
      val wide = if (list.getValueCount == 0) 0L else list.getOffsetBuffer.getLong(i * 8L)
      offsets.setInt(i * 4L, Math.toIntExact(wide))
    }
    offsets.writerIndex((list.getValueCount + 1) * 4L)
    offsets
  }

  private def stepOffsets(list: FixedSizeListVector): ArrowBuf = {
    val offsets = allocator.buffer((list.getValueCount + 1) * 4L)
    for (i <- 0 to list.getValueCount) offsets.setInt(i * 4L, i * list.getListSize)
    offsets.writerIndex((list.getValueCount + 1) * 4L)
    offsets
  }

  private def convert(source: FieldVector, target: FieldVector): Unit = {
    val count = source.getValueCount
    def each(set: Int => Unit): Unit = {
      target.setInitialCapacity(count)
      target.allocateNew()
      for (i <- 0 until count) if (!source.isNull(i)) set(i)
      target.setValueCount(count)
    }
    (source, target) match {
      case (from: UInt1Vector, to: SmallIntVector)     => each(i => to.set(i, from.get(i) & 0xff))
      case (from: UInt2Vector, to: IntVector)          => each(i => to.set(i, from.get(i).toInt))
      case (from: UInt4Vector, to: BigIntVector)       => each(i => to.set(i, from.get(i) & 0xffffffffL))
      case (from: UInt8Vector, to: DecimalVector)      => each(i => to.set(i, new java.math.BigDecimal(from.getObjectNoOverflow(i))))
      case (from: Float2Vector, to: Float4Vector)      => each(i => to.set(i, from.getValueAsFloat(i)))
      case (from, to: DecimalVector)                   => each(i => to.set(i, from.getObject(i).asInstanceOf[java.math.BigDecimal]))
      case (from: TimeStampVector, to: TimeStampVector) =>
        val scale = micros(from.getField.getType.asInstanceOf[ArrowType.Timestamp].getUnit)
        each(i => to.set(i, scale(from.get(i))))
      case (from: DateMilliVector, to: DateDayVector) =>
        each(i => to.set(i, Math.toIntExact(Math.floorDiv(from.get(i), 86400000L))))
      case (from: DurationVector, to: DurationVector) =>
        val scale = micros(from.getField.getType.asInstanceOf[ArrowType.Duration].getUnit)
        each(i => to.set(i, scale(DurationVector.get(from.getDataBuffer, i))))
      case (from: IntervalDayVector, to: DurationVector) =>
        each { i =>
          val days = IntervalDayVector.getDays(from.getDataBuffer, i).toLong
          to.set(i, days * 86400000000L + IntervalDayVector.getMilliseconds(from.getDataBuffer, i) * 1000L)
        }
      case (from: ViewVarCharVector, to: VarCharVector)        => each(i => to.setSafe(i, from.get(i)))
      case (from: ViewVarBinaryVector, to: VarBinaryVector)    => each(i => to.setSafe(i, from.get(i)))
      case (from: FixedSizeBinaryVector, to: VarBinaryVector)  => each(i => to.setSafe(i, from.get(i)))
      case _ =>
        throw new IllegalStateException(s"no conversion from ${source.getField} to ${target.getField}")
    }
  }

  private def micros(unit: TimeUnit): Long => Long = unit match {
    case TimeUnit.SECOND      => Math.multiplyExact(_, 1000000L)
    case TimeUnit.MILLISECOND => Math.multiplyExact(_, 1000L)
    case TimeUnit.MICROSECOND => identity
    case TimeUnit.NANOSECOND  =>
      nanos => {
        if (nanos % 1000 != 0) throw tooFine()
        nanos / 1000
      }
  }

  private def tooFine() = new CrossviewError(
    "COLUMN_VALUE_UNSUPPORTED",
    s"The column `$column` holds times finer than a microsecond, which Spark would cut off.",
    "Round it to microseconds before the view is published.",
    Map("column" -> column)
  )
}
