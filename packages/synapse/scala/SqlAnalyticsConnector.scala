package org.apache.spark.sql

import com.microsoft.spark.sqlanalytics.utils.Constants
import org.apache.spark.sql.crossview.synapse.{SynapseReads, SynapseWrites}

/** Gives readers and writers `synapsesql`, and `sqlanalytics`, its older name. Import everything in it. */
object SqlAnalyticsConnector {

  /** What a write tells when it ended: the metrics, and the failure if there was one. */
  type WriteCallback = (Map[String, Any], Option[Throwable]) => Unit

  implicit class SynapseDataFrameReader(reader: DataFrameReader) {

    /** A table, `database.schema.table`, or the text of a SELECT; without an argument, the option `Constants.QUERY`. */
    def synapsesql(tableName: String = ""): DataFrame = SynapseReads.read(reader, tableName)

    def sqlanalytics(tableName: String = ""): DataFrame = SynapseReads.read(reader, tableName)
  }

  implicit class SynapseDataFrameWriter[T](writer: DataFrameWriter[T]) {

    /** Writes the frame to a table of a dedicated SQL pool.
      *
      * @param callBackHandle called with the metrics and, when the write failed, the failure, which is then not thrown
      */
    def synapsesql(
        tableName: String,
        tableType: String = Constants.INTERNAL,
        location: Option[String] = None,
        callBackHandle: Option[WriteCallback] = None
    ): Unit = SynapseWrites.write(writer, tableName, tableType, location, callBackHandle)

    def sqlanalytics(
        tableName: String,
        tableType: String = Constants.INTERNAL,
        location: Option[String] = None,
        callBackHandle: Option[WriteCallback] = None
    ): Unit = SynapseWrites.write(writer, tableName, tableType, location, callBackHandle)
  }
}
