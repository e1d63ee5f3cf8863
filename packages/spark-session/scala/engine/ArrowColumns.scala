package org.apache.spark.sql.crossview

import crossview.spark.CrossviewError
import org.apache.spark.sql.types.{StructField, StructType}
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

  private def supported(field: StructField): Boolean =
    try {
      ArrowUtils.toArrowField(field.name, field.dataType, field.nullable, "UTC", false)
      true
    } catch { case _: Exception => false }
}
