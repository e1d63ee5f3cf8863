package org.apache.spark.sql.crossview.synapse

import java.nio.{ByteBuffer, ByteOrder}

import org.apache.spark.unsafe.Platform
import org.apache.spark.unsafe.array.ByteArrayMethods
import org.apache.spark.unsafe.types.UTF8String

/** Bytes that grow, little-endian, with the two ways in which Parquet packs small numbers. */
private[synapse] final class ByteSink(initial: Int) {
  private var array = new Array[Byte](math.max(initial, 64))
  private var view = wrap(array)
  private var used = 0

  def bytes: Array[Byte] = array
  def size: Int = used
  def clear(): Unit = used = 0

  private def wrap(bytes: Array[Byte]) = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)

  def reserve(more: Int): Unit = {
    val wanted = Math.addExact(used, more)
    if (wanted > array.length) {
      array = java.util.Arrays.copyOf(array, math.max(wanted, math.min(array.length.toLong * 2, Int.MaxValue - 16).toInt))
      view = wrap(array)
    }
  }

  def putByte(value: Int): Unit = { reserve(1); array(used) = value.toByte; used += 1 }
  def putInt(value: Int): Unit = { reserve(4); view.putInt(used, value); used += 4 }
  def putLong(value: Long): Unit = { reserve(8); view.putLong(used, value); used += 8 }

  def put(from: Array[Byte], offset: Int, count: Int): Unit = {
    reserve(count)
    System.arraycopy(from, offset, array, used, count)
    used += count
  }

  def put(text: UTF8String): Unit = {
    val count = text.numBytes
    reserve(count)
    Platform.copyMemory(text.getBaseObject, text.getBaseOffset, array, Platform.BYTE_ARRAY_OFFSET + used, count)
    used += count
  }

  /** Whether a text is what stands here, after its length. */
  def holds(start: Int, text: UTF8String): Boolean = {
    val count = view.getInt(start)
    count == text.numBytes &&
    ByteArrayMethods.arrayEquals(text.getBaseObject, text.getBaseOffset, array, Platform.BYTE_ARRAY_OFFSET + start + 4, count)
  }

  private def putVarInt(value: Int): Unit = {
    var left = value
    while ((left & ~0x7f) != 0) { putByte((left & 0x7f) | 0x80); left >>>= 7 }
    putByte(left)
  }

  /** The same value `count` times (Parquet's RLE run), of a width of up to 8 bits. */
  def putRun(count: Int, value: Int): Unit = { putVarInt(count << 1); putByte(value) }

  /** Bits that are packed already, the first in the lowest bit. */
  def putBits(packed: Array[Byte], count: Int): Unit = {
    val groups = (count + 7) / 8
    putVarInt((groups << 1) | 1)
    put(packed, 0, groups)
  }

  /** Numbers of `width` bits each, one bit-packed run. */
  def putPacked(numbers: Array[Int], count: Int, width: Int): Unit = {
    val groups = (count + 7) / 8
    putVarInt((groups << 1) | 1)
    val end = used + groups * width
    reserve(groups * width + 8)
    var held = 0L
    var bits = 0
    var index = 0
    while (index < count) {
      held |= numbers(index).toLong << bits
      bits += width
      while (bits >= 8) { array(used) = held.toByte; used += 1; held >>>= 8; bits -= 8 }
      index += 1
    }
    if (bits > 0) { array(used) = held.toByte; used += 1 }
    while (used < end) { array(used) = 0; used += 1 }
  }
}
