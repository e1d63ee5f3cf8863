package org.apache.spark.sql.crossview

import org.apache.spark.sql.{Column, DataFrame, RelationalGroupedDataset}

/** Methods of frames that take any number of columns, as R's backend can call them: with an array. */
object RFrames {
  def select(frame: DataFrame, columns: Array[Any]): DataFrame = frame.select(these(columns): _*)
  def selectExpr(frame: DataFrame, texts: Array[Any]): DataFrame = frame.selectExpr(texts.toSeq.map(_.toString): _*)
  def groupBy(frame: DataFrame, columns: Array[Any]): RelationalGroupedDataset = frame.groupBy(these(columns): _*)
  def sort(frame: DataFrame, columns: Array[Any]): DataFrame = frame.sort(these(columns): _*)
  def describe(frame: DataFrame, names: Array[Any]): DataFrame = frame.describe(names.toSeq.map(_.toString): _*)

  def agg(grouped: RelationalGroupedDataset, columns: Array[Any]): DataFrame = these(columns) match {
    case first +: rest => grouped.agg(first, rest: _*)
    case _             => throw new IllegalArgumentException("agg needs at least one aggregate")
  }

  private def these(columns: Array[Any]): Seq[Column] = columns.toSeq.map(_.asInstanceOf[Column])
}
