package org.apache.spark.sql.crossview

import scala.jdk.CollectionConverters._

import crossview.spark.CrossviewError
import org.apache.arrow.vector.types.{DateUnit, FloatingPointPrecision, IntervalUnit, TimeUnit}
import org.apache.arrow.vector.types.pojo.{ArrowType, Field, FieldType}
import org.apache.spark.sql.types.{DataType, DecimalType}
import org.apache.spark.sql.util.ArrowUtils

/** The Arrow types that Spark can read, and for the others the nearest one that loses nothing. */
object ArrowTypes {

  /** The field as Spark will read it.
    *
    * @throws CrossviewError `COLUMN_TYPE_UNSUPPORTED` naming the column when Spark has no such type
    */
  def readable(column: Field): Field = readable(column, column.getName)

  def sparkType(field: Field): DataType = ArrowUtils.fromArrowField(field)

  private def readable(field: Field, column: String): Field = {
    if (field.getDictionary != null) throw unsupported(field, column, "a dictionary inside of another type")
    val children = field.getChildren.asScala.map(readable(_, column)).asJava
    new Field(field.getName, new FieldType(field.isNullable, target(field, column), null, field.getMetadata), children)
  }

  private def target(field: Field, column: String): ArrowType = field.getType match {
    case int: ArrowType.Int if int.getIsSigned   => int
    case int: ArrowType.Int if int.getBitWidth == 64 => new ArrowType.Decimal(20, 0, 128)
    case int: ArrowType.Int                      => new ArrowType.Int(int.getBitWidth * 2, true)
    case float: ArrowType.FloatingPoint if float.getPrecision == FloatingPointPrecision.HALF =>
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)
    case float: ArrowType.FloatingPoint => float
    case decimal: ArrowType.Decimal
        if decimal.getPrecision <= DecimalType.MAX_PRECISION && decimal.getScale >= 0 && decimal.getScale <= decimal.getPrecision =>
      new ArrowType.Decimal(decimal.getPrecision, decimal.getScale, 128)
    case timestamp: ArrowType.Timestamp => new ArrowType.Timestamp(TimeUnit.MICROSECOND, timestamp.getTimezone)
    case _: ArrowType.Date              => new ArrowType.Date(DateUnit.DAY)
    case _: ArrowType.Duration          => new ArrowType.Duration(TimeUnit.MICROSECOND)
    case interval: ArrowType.Interval if interval.getUnit == IntervalUnit.DAY_TIME => new ArrowType.Duration(TimeUnit.MICROSECOND)
    case interval: ArrowType.Interval                                 => interval
    case _: ArrowType.Utf8View                                        => ArrowType.Utf8.INSTANCE
    case _: ArrowType.BinaryView | _: ArrowType.FixedSizeBinary       => ArrowType.Binary.INSTANCE
    case _: ArrowType.LargeList | _: ArrowType.FixedSizeList          => ArrowType.List.INSTANCE
    case same @ (_: ArrowType.Utf8 | _: ArrowType.LargeUtf8 | _: ArrowType.Binary | _: ArrowType.LargeBinary | _: ArrowType.Bool |
        _: ArrowType.Null | _: ArrowType.List | _: ArrowType.Struct | _: ArrowType.Map) =>
      same
    case other => throw unsupported(field, column, other.toString)
  }

  private def unsupported(field: Field, column: String, what: String): CrossviewError = {
    val inside = if (field.getName == column) "" else s" (at `${field.getName}` inside of it)"
    new CrossviewError(
      "COLUMN_TYPE_UNSUPPORTED",
      s"The column `$column` has the Arrow type $what$inside, which Spark does not have.",
      "Cast the column before the view is published, for example to a string.",
      Map("column" -> column, "type" -> what)
    )
  }
}
