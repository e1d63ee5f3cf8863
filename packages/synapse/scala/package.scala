package com.microsoft.spark

package object sqlanalytics {

  /** The older place of the import. It is the same object, so that importing both is no conflict. */
  val SqlAnalyticsConnector: org.apache.spark.sql.SqlAnalyticsConnector.type = org.apache.spark.sql.SqlAnalyticsConnector
}
