package org.apache.spark.sql.crossview.synapse

import org.apache.spark.sql.{DataFrameReader, DataFrameWriter, SaveMode}
import org.apache.spark.sql.classic.{DataFrameReader => ClassicReader, DataFrameWriter => ClassicWriter, Dataset, SparkSession}
import org.apache.spark.sql.Row

/** What a reader or writer was told. Spark keeps it to itself; the members exist in 4.1 under these names. */
private[synapse] object FrameAccess {
  def frame(writer: DataFrameWriter[_]): Dataset[Row] =
    field(classOf[ClassicWriter[_]], writer, "df").asInstanceOf[Dataset[Row]]

  def mode(writer: DataFrameWriter[_]): SaveMode = member(writer, classOf[DataFrameWriter[_]], "curmode").asInstanceOf[SaveMode]

  def options(writer: DataFrameWriter[_]): Map[String, String] = originalOptions(member(writer, classOf[DataFrameWriter[_]], "extraOptions"))

  def options(reader: DataFrameReader): Map[String, String] = originalOptions(member(reader, classOf[DataFrameReader], "extraOptions"))

  def session(reader: DataFrameReader): SparkSession =
    field(classOf[ClassicReader], reader, "sparkSession").asInstanceOf[SparkSession]

  private def originalOptions(map: AnyRef): Map[String, String] =
    map.asInstanceOf[org.apache.spark.sql.catalyst.util.CaseInsensitiveMap[String]].originalMap

  private def member(target: AnyRef, owner: Class[_], name: String): AnyRef = owner.getMethod(name).invoke(target)

  private def field(owner: Class[_], target: AnyRef, name: String): AnyRef = {
    val found = owner.getDeclaredField(name)
    found.setAccessible(true)
    found.get(target)
  }
}
