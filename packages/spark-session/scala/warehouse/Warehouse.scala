package org.apache.spark.sql.crossview.warehouse

import java.nio.file.Paths

import crossview.spark.rpc.Json
import org.apache.spark.SparkContext
import org.apache.spark.sql.classic
import org.apache.spark.sql.catalyst.catalog.{CatalogDatabase, ExternalCatalogEvent, ExternalCatalogEventListener, ExternalCatalogWithListener}
import org.apache.spark.sql.internal.{SharedState, StaticSQLConf}

import scala.jdk.CollectionConverters._

/** Gives a session the catalog that lasts. Spark chooses between memory and Hive only, and Hive's metastore costs seconds at
  * each start and serves one process; so the state that sessions share is handed to the session before it makes its own.
  */
object Warehouse {

  /** The catalog's folder; without it the catalog ends with the session. */
  val setting = "spark.crossview.warehouse.catalog"

  /** Whether Delta folders in the default database are tables by themselves. */
  val discovery = "spark.crossview.warehouse.discover"

  /** Databases besides the default one that are lakehouses: name → folder of its tables, as JSON. Delta folders there are tables too. */
  val lakehouses = "spark.crossview.warehouse.lakehouses"

  /** Must come before the first query: the shared state is made only once. */
  def install(session: classic.SparkSession): Unit = catalogFolder(session).foreach { folder =>
    val field = classOf[classic.SparkSession].getDeclaredField("existingSharedState")
    field.setAccessible(true)
    val initial = session.sparkContext.getConf.getAll.filter(_._1.startsWith("spark.sql.")).toMap
    field.set(session, Some(new WarehouseState(session.sparkContext, initial, folder)))
  }

  /** Who asks for Hive's metastore gets it. */
  private def catalogFolder(session: classic.SparkSession): Option[String] = {
    val conf = session.sparkContext.getConf
    conf.getOption(setting).filterNot(_ => conf.get(StaticSQLConf.CATALOG_IMPLEMENTATION.key, "in-memory") == "hive")
  }

  private final class WarehouseState(context: SparkContext, initial: Map[String, String], folder: String) extends SharedState(context, initial) {
    override lazy val externalCatalog: ExternalCatalogWithListener = {
      val discover = context.conf.getBoolean(discovery, defaultValue = false)
      val others = Json.parse(context.conf.get(lakehouses, "{}")).properties.asScala.map(it => it.getKey.toLowerCase -> it.getValue.asText).toMap
      val discovered = others.keySet ++ (if (discover) Set("default") else Set.empty)
      val catalog = new WarehouseCatalog(context.conf, context.hadoopConfiguration, Paths.get(folder), discovered)
      val place = new org.apache.hadoop.fs.Path(context.conf.get(StaticSQLConf.WAREHOUSE_PATH.key))
      val home = place.getFileSystem(context.hadoopConfiguration).makeQualified(place).toUri
      catalog.createDatabase(CatalogDatabase("default", "the workspace's own database", home, Map.empty), ignoreIfExists = true)
      others.foreach { case (name, tables) =>
        val lakehouse = CatalogDatabase(name, "a lakehouse", Paths.get(tables).toUri, Map.empty)
        catalog.createDatabase(lakehouse, ignoreIfExists = true)
        // The profile may have moved it since.
        if (catalog.getDatabase(name).locationUri != lakehouse.locationUri) catalog.alterDatabase(lakehouse)
      }
      val heard = new ExternalCatalogWithListener(catalog)
      heard.addListener(new ExternalCatalogEventListener {
        override def onEvent(event: ExternalCatalogEvent): Unit = context.listenerBus.post(event)
      })
      heard
    }
  }
}
