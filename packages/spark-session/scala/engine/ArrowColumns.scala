package org.apache.spark.sql.crossview

import crossview.spark.CrossviewError
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.functions.col
import org.apache.spark.sql.types._
import org.apache.spark.sql.util.ArrowUtils

/** Which of Spark's columns Arrow can carry. */
object ArrowColumns {

  /** @throws CrossviewError `COLUMN_TYPE_UNSUPPORTED` naming the first column that Arrow has no type for */
  def check(schema: StructType): Unit = schema.fields.find(!supported(_)).foreach { field =>
    throw new CrossviewError(
      "COLUMN_TYPE_UNSUPPORTED",
      s"The column `${field.name}` is of type ${field.dataType.catalogString}, which Arrow cannot carry.",
      s"Cast it first, for example CAST(`${field.name}` AS STRING).",
      Map("column" -> field.name, "type" -> field.dataType.catalogString)
    )
  }

  /** The frame as it is shown: a column that Arrow has no type for comes as its text. */
  def shown(frame: DataFrame): DataFrame = {
    val fields = frame.schema.fields
    if (fields.forall(supported)) frame
    else {
      // By position, because names may be equal or need quotes.
      val numbered = frame.toDF(fields.indices.map(index => s"c$index"): _*)
      val columns = fields.zipWithIndex.map { case (field, index) =>
        if (supported(field)) col(s"c$index") else col(s"c$index").cast(StringType)
      }
      numbered.select(columns.toSeq: _*).toDF(fields.map(_.name).toSeq: _*)
    }
  }

  private def supported(field: StructField): Boolean =
    // Spark would hand out a variant as a struct of two binaries, which no other language can read.
    !field.dataType.existsRecursively(_.isInstanceOf[VariantType]) && {
      try {
        ArrowUtils.toArrowField(field.name, field.dataType, field.nullable, "UTC", false)
        true
      } catch { case _: Exception => false }
    }
}
