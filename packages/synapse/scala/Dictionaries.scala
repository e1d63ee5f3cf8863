package org.apache.spark.sql.crossview.synapse

import org.apache.spark.unsafe.types.UTF8String

/** The distinct numbers of a column in the order in which they come. */
private[synapse] final class NumberDictionary {
  private val slots = new Array[Int](NumberDictionary.slots)
  val entries = new Array[Long](NumberDictionary.most + 1)
  var size = 0

  /** The number's place; one more than `most` are taken, so that a caller sees that there are too many. */
  def index(number: Long): Int = {
    var slot = ((number * 0x9e3779b97f4a7c15L) >>> NumberDictionary.shift).toInt
    while (true) {
      val found = slots(slot) - 1
      if (found < 0) {
        entries(size) = number
        size += 1
        slots(slot) = size
        return size - 1
      }
      if (entries(found) == number) return found
      slot = (slot + 1) & (NumberDictionary.slots - 1)
    }
    -1
  }
}

private[synapse] object NumberDictionary {
  val most = 8192
  private val bits = 15
  private val slots = 1 << bits
  private val shift = 64 - bits
}

/** The distinct texts of a column, as Parquet's PLAIN has them: each after its length. */
private[synapse] final class TextDictionary {
  private val slots = new Array[Int](TextDictionary.slots)
  private val hashes = new Array[Int](TextDictionary.most)
  private val starts = new Array[Int](TextDictionary.most)
  private val sink = new ByteSink(1024)
  var size = 0

  def bytes: Array[Byte] = sink.bytes
  def held: Int = sink.size
  def isFull: Boolean = size == TextDictionary.most || sink.size > TextDictionary.mostBytes

  def index(text: UTF8String): Int = {
    val hash = text.hashCode
    var slot = hash & (TextDictionary.slots - 1)
    while (true) {
      val found = slots(slot) - 1
      if (found < 0) {
        hashes(size) = hash
        starts(size) = sink.size
        sink.putInt(text.numBytes)
        sink.put(text)
        size += 1
        slots(slot) = size
        return size - 1
      }
      if (hashes(found) == hash && sink.holds(starts(found), text)) return found
      slot = (slot + 1) & (TextDictionary.slots - 1)
    }
    -1
  }

  /** Copies an entry, with its length. */
  def copy(index: Int, to: ByteSink): Unit = {
    val end = if (index + 1 < size) starts(index + 1) else sink.size
    to.put(sink.bytes, starts(index), end - starts(index))
  }

  def clear(): Unit = {
    java.util.Arrays.fill(slots, 0)
    sink.clear()
    size = 0
  }
}

private[synapse] object TextDictionary {
  val most = 16384
  val mostBytes: Int = 1 << 20
  private val slots = 1 << 15
}
