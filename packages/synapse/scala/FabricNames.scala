package com.microsoft.spark.fabric {

  /** Option keys of Fabric's connector for Spark. Ids of workspaces and artifacts have no effect here: the profile says where a name leads. */
  object Constants {
    val WorkspaceId = "WorkspaceId"
    val DatawarehouseId = "DatawarehouseId"
    val LakehouseId = "LakehouseId"
    val DatabaseName = "DatabaseName"
    val FileFormat = "FILE_FORMAT"
  }
}

package com.microsoft.spark.fabric.tds.implicits {

  /** Fabric's places of the import. They are the same object as Synapse's, so that importing several is no conflict. */
  package object read {
    val FabricSparkTDSImplicits: org.apache.spark.sql.SqlAnalyticsConnector.type = org.apache.spark.sql.SqlAnalyticsConnector
  }

  package object write {
    val FabricSparkTDSImplicits: org.apache.spark.sql.SqlAnalyticsConnector.type = org.apache.spark.sql.SqlAnalyticsConnector
  }
}
