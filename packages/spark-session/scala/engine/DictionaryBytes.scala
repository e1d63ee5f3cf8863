package org.apache.spark.sql.crossview

import java.lang.reflect.Field

import scala.util.Try

import org.apache.spark.sql.execution.datasources.parquet.ParquetDictionary
import org.apache.spark.sql.execution.vectorized.WritableColumnVector
import org.apache.spark.sql.vectorized.ColumnVector

/** The texts of a column that Parquet wrote as a dictionary, each decoded once: Spark's own columns decode and copy them again
  * for each row.
  */
private[crossview] final class DictionaryBytes {
  private var known = new Array[Array[Byte]](0)
  private var dictionary: AnyRef = _

  /** The column if it has a dictionary, otherwise null. Call for each batch. */
  def open(column: ColumnVector): WritableColumnVector = column match {
    case writable: WritableColumnVector if writable.hasDictionary =>
      val now = DictionaryBytes.of(writable)
      if (now == null || !(now eq dictionary)) java.util.Arrays.fill(known.asInstanceOf[Array[AnyRef]], null)
      dictionary = now
      writable
    case _ => null
  }

  /** @param column what `open` gave */
  def get(column: WritableColumnVector, row: Int): Array[Byte] = {
    val id = column.getDictionaryIds.getDictId(row)
    if (id >= known.length) known = java.util.Arrays.copyOf(known, id.max(known.length * 2).max(64) + 1)
    val bytes = known(id)
    if (bytes != null) bytes
    else {
      val decoded = column.getBinary(row)
      known(id) = decoded
      decoded
    }
  }
}

private object DictionaryBytes {

  /** Which dictionary it is decides for how long what was decoded holds, and Spark does not tell. A column gets a new wrapper
    * around Parquet's own dictionary for each batch.
    */
  private val ofColumn = accessible(classOf[WritableColumnVector])
  private val ofWrapper = accessible(classOf[ParquetDictionary])

  /** Null when it cannot be known: then a batch's dictionary counts as another one. */
  private def of(column: WritableColumnVector): AnyRef = ofColumn.map(_.get(column)).orNull match {
    case wrapper: ParquetDictionary => ofWrapper.map(_.get(wrapper)).orNull
    case other                      => other
  }

  private def accessible(owner: Class[_]): Option[Field] = Try {
    val found = owner.getDeclaredField("dictionary")
    found.setAccessible(true)
    found
  }.toOption
}
