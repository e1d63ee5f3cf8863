package org.apache.spark.sql.crossview.synapse

import _root_.crossview.spark.Session
import org.apache.spark.sql.{DataFrame, DataFrameReader}
import org.apache.spark.sql.classic.Dataset
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation
import org.apache.spark.sql.types.{DataType, StructType}

/** Reads from a dedicated SQL pool. */
object SynapseReads {

  /** A frame over a table or query. Its schema is known at once; rows move when Spark first needs them. */
  def read(reader: DataFrameReader, source: String): DataFrame = {
    val session = FrameAccess.session(reader)
    val plan = Calls.call(
      "read.plan",
      "source" -> source,
      "options" -> FrameAccess.options(reader),
      "conf" -> Calls.conf(session),
      "cellId" -> Session.currentCell
    )
    Calls.say(plan.path("note").asText)
    val schema = DataType.fromJson(plan.path("schema").asText).asInstanceOf[StructType]
    val table = new SynapseTable(plan.path("planId").asText, nameOf(source, FrameAccess.options(reader)), schema)
    Dataset.ofRows(session, DataSourceV2Relation.create(table, None, None))
  }

  private def nameOf(source: String, options: Map[String, String]): String = {
    val text = if (source.isEmpty) "query" else source
    if (text.length <= 80) text else text.take(77) + "..."
  }
}
