package crossview.spark.views

import org.apache.spark.sql.{Column, DataFrame, Row}
import org.apache.spark.sql.functions._
import org.apache.spark.sql.types._

/** Statistics of a frame's columns, one row for each: the same columns as for local frames and TypeScript tables. */
object FrameSummary {
  private val schema = StructType(
    Seq("column" -> StringType, "type" -> StringType, "count" -> LongType, "missing" -> LongType, "distinct" -> LongType) ++
      Seq("mean" -> DoubleType, "stddev" -> DoubleType, "min" -> StringType) ++
      Seq("25%" -> DoubleType, "50%" -> DoubleType, "75%" -> DoubleType, "max" -> StringType) map { case (name, kind) =>
        StructField(name, kind)
      }
  )

  /** One pass over the data. Distinct values are counted to within 5 %, quartiles are near ones of the data itself. */
  def of(frame: DataFrame): DataFrame = {
    val fields = frame.schema.fields.toSeq
    // By position, because names may be equal or need quotes.
    val numbered = frame.toDF(fields.indices.map(index => s"c$index"): _*)
    val wanted = count(lit(1)) +: fields.zipWithIndex.flatMap { case (field, index) => statistics(field.dataType, col(s"c$index")) }
    val found = numbered.agg(wanted.head, wanted.tail: _*).head()
    val rows = found.getLong(0)
    val each = fields.zipWithIndex.map { case (field, index) =>
      def at(place: Int): Any = found.get(1 + index * 7 + place)
      val quartiles = Option(at(6)).fold(Seq.fill[Any](3)(null))(_.asInstanceOf[scala.collection.Seq[Any]].toSeq)
      val present = found.getLong(1 + index * 7)
      Row.fromSeq(
        Seq(field.name, field.dataType.simpleString, present, rows - present, at(1), at(2), at(3), at(4)) ++ quartiles :+ at(5)
      )
    }
    val session = frame.sparkSession
    session.createDataFrame(session.sparkContext.parallelize(each, 1), schema)
  }

  /** Always seven, so that a column's are found by its place. */
  private def statistics(kind: DataType, column: Column): Seq[Column] = {
    val nothing = lit(null)
    def when(holds: Boolean)(statistic: => Column): Column = if (holds) statistic else nothing
    val numeric = kind.isInstanceOf[NumericType]
    val ordered = kind match {
      case _: NumericType | _: StringType | DateType | TimestampType | TimestampNTZType | BooleanType => true
      case _                                                                                        => false
    }
    val number = column.cast(DoubleType)
    Seq(
      count(column),
      when(ordered)(approx_count_distinct(column)),
      when(numeric)(avg(number)),
      when(numeric)(stddev(number)),
      when(ordered)(min(column).cast(StringType)),
      when(ordered)(max(column).cast(StringType)),
      when(numeric)(percentile_approx(number, array(lit(0.25), lit(0.5), lit(0.75)), lit(10000)))
    )
  }
}
