package org.apache.spark.sql.crossview

import java.nio.file.Paths

import crossview.spark.CrossviewError
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.classic.{Dataset, SparkSession => ClassicSession}
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation

import scala.jdk.CollectionConverters._

/** Arrow stream files as a frame. */
object ArrowIn {

  /** The rows of all parts, in order. The files may be removed afterwards.
    *
    * @throws CrossviewError `COLUMN_TYPE_UNSUPPORTED` naming the column that Spark has no type for, `ARROW_FILE_INVALID`
    */
  def frame(session: SparkSession, name: String, parts: Seq[String]): DataFrame = {
    val files = parts.map(open(name, _))
    val schema = files.headOption.getOrElse(throw empty(name)).schema
    files.find(_.schema.getFields != schema.getFields).foreach { other =>
      throw new CrossviewError("ARROW_FILE_INVALID", s"The parts of the view $name have different columns: $schema, ${other.schema}.")
    }
    val context = session.sparkContext
    val table = new ArrowTable(name, schema, files.flatMap(_.batches).toIndexedSeq, context.defaultParallelism, !context.isLocal)
    val relation = DataSourceV2Relation.create(table, None, None)
    val names = schema.getFields.asScala.map(_.getName).toSeq
    Dataset.ofRows(session.asInstanceOf[ClassicSession], relation).toDF(names: _*)
  }

  private def open(name: String, part: String): ArrowFile =
    try ArrowDictionaries.resolved(Paths.get(part))(ArrowFile.map)
    catch {
      case broken: Exception if !broken.isInstanceOf[CrossviewError] =>
        val reason = s"An Arrow file of the view $name cannot be read: ${broken.getClass.getSimpleName}: ${broken.getMessage}"
        throw new CrossviewError("ARROW_FILE_INVALID", reason, null, Map("name" -> name, "file" -> part), broken)
    }

  private def empty(name: String) = new CrossviewError("ARROW_FILE_INVALID", s"The view $name was published without a file.")
}
