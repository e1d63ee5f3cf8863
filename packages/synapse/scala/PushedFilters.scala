package org.apache.spark.sql.crossview.synapse

import java.sql.{Date, Timestamp}
import java.time.{Instant, LocalDate, ZoneOffset}
import java.time.format.DateTimeFormatter

import org.apache.spark.sql.sources._
import org.apache.spark.sql.types._

/** Spark's filters as data for the kernel (`SynapseFilter` of the contract). */
private[synapse] final class PushedFilters(schema: StructType) {
  private val types = schema.map(field => field.name -> field.dataType).toMap

  /** A filter that the pool answers with the same rows as Spark, so that Spark need not look again. */
  def exact(filter: Filter): Option[Map[String, Any]] = write(filter, strings = false)

  /** A filter that the pool answers with at least the rows of Spark: its strings are compared without case and trailing spaces. */
  def wider(filter: Filter): Option[Map[String, Any]] = filter match {
    case And(left, right) =>
      (wider(left), wider(right)) match {
        case (Some(one), Some(two)) => Some(Map("op" -> "and", "left" -> one, "right" -> two))
        case (one, two)             => one.orElse(two)
      }
    case Or(left, right) =>
      for (one <- wider(left); two <- wider(right)) yield Map("op" -> "or", "left" -> one, "right" -> two)
    case EqualTo(_, _) | In(_, _) | StringStartsWith(_, _) => write(filter, strings = true)
    case other                                             => exact(other)
  }

  private def write(filter: Filter, strings: Boolean): Option[Map[String, Any]] = {
    def compare(op: String, column: String, value: Any) =
      literal(column, value, strings).map(text => Map("op" -> op, "column" -> column, "value" -> text))
    filter match {
      case EqualTo(column, value)            => compare("=", column, value)
      case GreaterThan(column, value)        => compare(">", column, value)
      case GreaterThanOrEqual(column, value) => compare(">=", column, value)
      case LessThan(column, value)           => compare("<", column, value)
      case LessThanOrEqual(column, value)    => compare("<=", column, value)
      case In(column, values) =>
        val texts = values.toSeq.filter(_ != null).map(literal(column, _, strings))
        if (texts.forall(_.isDefined) && values.length <= mostValues && !values.contains(null))
          Some(Map("op" -> "in", "column" -> column, "values" -> texts.flatten))
        else None
      case IsNull(column) if types.contains(column)    => Some(Map("op" -> "isNull", "column" -> column))
      case IsNotNull(column) if types.contains(column) => Some(Map("op" -> "isNotNull", "column" -> column))
      case StringStartsWith(column, value) if strings  => compare("startsWith", column, value)
      case And(left, right) =>
        for (one <- write(left, strings); two <- write(right, strings)) yield Map("op" -> "and", "left" -> one, "right" -> two)
      case Or(left, right) =>
        for (one <- write(left, strings); two <- write(right, strings)) yield Map("op" -> "or", "left" -> one, "right" -> two)
      case Not(child) => exact(child).map(inner => Map("op" -> "not", "child" -> inner))
      case _          => None
    }
  }

  /** More values than this make a statement that is slower than the filter is worth. */
  private val mostValues = 1000

  private def literal(column: String, value: Any, strings: Boolean): Option[Map[String, Any]] =
    types.get(column).flatMap { kind =>
      val text = (kind, value) match {
        case (_: StringType, text: String) if strings                          => Some(text)
        case (BooleanType, truth: Boolean)                                     => Some(truth.toString)
        case (ByteType | ShortType | IntegerType | LongType, number: Number)   => Some(number.longValue.toString)
        case (_: DecimalType, number: java.math.BigDecimal)                    => Some(number.toPlainString)
        // A pool has no NaN and no infinity, and its real is compared as the nearest double.
        case (DoubleType, number: Double) if !number.isNaN && !number.isInfinite => Some(BigDecimal(number).bigDecimal.toPlainString)
        case (DateType, day: Date)                                             => Some(day.toLocalDate.toString)
        case (DateType, day: LocalDate)                                        => Some(day.toString)
        case (TimestampType, moment: Timestamp)                                => Some(utc(moment.toInstant))
        case (TimestampType, moment: Instant)                                  => Some(utc(moment))
        case _                                                                 => None
      }
      text.map(it => Map("type" -> kind.catalogString, "value" -> it))
    }

  private def utc(moment: Instant): String = PushedFilters.format.format(moment.atOffset(ZoneOffset.UTC))
}

private object PushedFilters {
  val format: DateTimeFormatter = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS")
}
