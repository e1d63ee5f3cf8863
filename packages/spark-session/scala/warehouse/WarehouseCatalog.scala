package org.apache.spark.sql.crossview.warehouse

import java.net.URI
import java.nio.file.{Files, Path}

import org.apache.hadoop.conf.Configuration
import org.apache.spark.SparkConf
import org.apache.spark.sql.catalyst.TableIdentifier
import org.apache.spark.sql.catalyst.catalog._
import org.apache.spark.sql.catalyst.catalog.CatalogTypes.TablePartitionSpec
import org.apache.spark.sql.types.StructType

import scala.collection.mutable

/** Databases, tables, permanent views and functions as JSON files, one for each database, so that they last between sessions.
  *
  * Spark's own in-memory catalog does the work. Before each call it takes over what other sessions wrote; a call that changes
  * something does so under a lock and writes the database down. Several notebooks may use one warehouse at once.
  *
  * @param folder where the JSON files are
  * @param discover the databases in whose directory a folder with a Delta log is a table by itself, as in a lakehouse
  */
final class WarehouseCatalog(conf: SparkConf, hadoop: Configuration, folder: Path, discover: Set[String])
    extends InMemoryCatalog(conf, hadoop) {
  private val files = new CatalogFiles(folder)
  private val seen = mutable.Map.empty[String, String]
  private val found = mutable.Map.empty[String, FoundTables]
  private var depth = 0

  private def reading[T](call: => T): T = synchronized {
    if (depth == 0) nested(takeOver())
    nested(call)
  }

  private def changing[T](databases: String*)(call: => T): T = synchronized {
    if (depth > 0) nested(call)
    else
      files.exclusively {
        nested {
          takeOver()
          try call
          // Also when it failed: what it did before it failed is done.
          finally databases.foreach(writeDown)
        }
      }
  }

  private def nested[T](call: => T): T = {
    depth += 1
    try call
    finally depth -= 1
  }

  private def takeOver(): Unit = {
    val stamps = files.stamps()
    (seen.keySet -- stamps.keySet).toSeq.foreach(forget)
    for ((name, stamp) <- stamps if !seen.get(name).contains(stamp)) files.read(name).foreach { stored =>
      forget(name)
      super.createDatabase(stored.database, ignoreIfExists = true)
      stored.tables.foreach { table =>
        super.createTable(table.definition, ignoreIfExists = true)
        if (table.partitions.nonEmpty) super.createPartitions(name, table.definition.identifier.table, table.partitions, ignoreIfExists = true)
      }
      stored.functions.foreach(super.createFunction(name, _))
      seen(name) = stamp
    }
    if (discover.nonEmpty && !isDeltaCreating) discover.filter(super.databaseExists).foreach(findTables)
  }

  /** Delta writes a table's log before it creates the table: found in between, it would be there already. */
  private def isDeltaCreating: Boolean = StackWalker.getInstance.walk[Boolean] { frames =>
    frames.anyMatch(_.getClassName.startsWith("org.apache.spark.sql.delta.commands.CreateDeltaTable"))
  }

  private def findTables(database: String): Unit = {
    val tables = found.getOrElseUpdate(database, new FoundTables(super.getDatabase(database).locationUri))
    val changes = tables.look(name => super.tableExists(database, name))
    changes.gone.foreach(dropFromMemory(database, _))
    changes.fresh.foreach { case (name, location) =>
      val storage = CatalogStorageFormat.empty.copy(locationUri = Some(location))
      super.createTable(
        CatalogTable(TableIdentifier(name, Some(database)), CatalogTableType.MANAGED, storage, new StructType(), Some("delta")),
        ignoreIfExists = true
      )
    }
  }

  /** Takes a database out of memory and leaves its files alone: another session dropped or changed it. */
  private def forget(name: String): Unit = {
    seen.remove(name)
    if (super.databaseExists(name)) {
      super.listTables(name).filterNot(isFound(name, _)).foreach(dropFromMemory(name, _))
      super.listFunctions(name, "*").foreach(super.dropFunction(name, _))
      if (super.listTables(name).isEmpty) {
        super.alterDatabase(super.getDatabase(name).copy(locationUri = nowhere))
        super.dropDatabase(name, ignoreIfNotExists = true, cascade = true)
      }
    }
  }

  /** The in-memory catalog deletes the files of managed tables, and those of a database, but no files of others. */
  private def dropFromMemory(database: String, table: String): Unit = if (super.tableExists(database, table)) {
    super.alterTable(super.getTable(database, table).copy(tableType = CatalogTableType.EXTERNAL))
    super.dropTable(database, table, ignoreIfNotExists = true, purge = false)
  }

  private def nowhere: URI = folder.resolve("dropped").toUri
  private def isFound(database: String, table: String) = found.get(database).exists(_.has(table))

  private def writeDown(name: String): Unit =
    if (!super.databaseExists(name)) {
      files.remove(name)
      seen.remove(name)
    } else {
      val tables = super.listTables(name).filterNot(isFound(name, _)).map { table =>
        val definition = super.getTable(name, table)
        val partitions = if (definition.partitionColumnNames.isEmpty) Nil else super.listPartitions(name, table, None)
        StoredTable(definition, partitions)
      }
      val functions = super.listFunctions(name, "*").map(super.getFunction(name, _))
      seen(name) = files.write(name, StoredDatabase(super.getDatabase(name), tables, functions))
    }

  override def createDatabase(db: CatalogDatabase, ignoreIfExists: Boolean): Unit =
    if (!(ignoreIfExists && databaseExists(db.name))) changing(db.name)(super.createDatabase(db, ignoreIfExists))
  override def dropDatabase(db: String, ignoreIfNotExists: Boolean, cascade: Boolean): Unit =
    changing(db)(super.dropDatabase(db, ignoreIfNotExists, cascade))
  override def alterDatabase(db: CatalogDatabase): Unit = changing(db.name)(super.alterDatabase(db))
  override def getDatabase(db: String): CatalogDatabase = reading(super.getDatabase(db))
  override def databaseExists(db: String): Boolean = reading(super.databaseExists(db))
  override def listDatabases(): Seq[String] = reading(super.listDatabases())
  override def listDatabases(pattern: String): Seq[String] = reading(super.listDatabases(pattern))

  override def createTable(table: CatalogTable, ignoreIfExists: Boolean): Unit =
    changing(table.database)(super.createTable(table, ignoreIfExists))
  override def dropTable(db: String, table: String, ignoreIfNotExists: Boolean, purge: Boolean): Unit =
    changing(db)(super.dropTable(db, table, ignoreIfNotExists, purge))
  override def renameTable(db: String, oldName: String, newName: String): Unit = changing(db)(super.renameTable(db, oldName, newName))
  override def alterTable(table: CatalogTable): Unit = changing(table.database)(super.alterTable(table))
  override def alterTableDataSchema(db: String, table: String, schema: StructType): Unit =
    changing(db)(super.alterTableDataSchema(db, table, schema))
  override def alterTableSchema(db: String, table: String, schema: StructType): Unit = changing(db)(super.alterTableSchema(db, table, schema))
  override def alterTableStats(db: String, table: String, stats: Option[CatalogStatistics]): Unit =
    changing(db)(super.alterTableStats(db, table, stats))
  override def getTable(db: String, table: String): CatalogTable = reading(super.getTable(db, table))
  override def getTablesByName(db: String, tables: Seq[String]): Seq[CatalogTable] = reading(super.getTablesByName(db, tables))
  override def tableExists(db: String, table: String): Boolean = reading(super.tableExists(db, table))
  override def listTables(db: String): Seq[String] = reading(super.listTables(db))
  override def listTables(db: String, pattern: String): Seq[String] = reading(super.listTables(db, pattern))
  override def listViews(db: String, pattern: String): Seq[String] = reading(super.listViews(db, pattern))

  override def createPartitions(db: String, table: String, parts: Seq[CatalogTablePartition], ignoreIfExists: Boolean): Unit =
    changing(db)(super.createPartitions(db, table, parts, ignoreIfExists))
  override def dropPartitions(db: String, table: String, parts: Seq[TablePartitionSpec], ignoreIfNotExists: Boolean, purge: Boolean, retainData: Boolean): Unit =
    changing(db)(super.dropPartitions(db, table, parts, ignoreIfNotExists, purge, retainData))
  override def renamePartitions(db: String, table: String, from: Seq[TablePartitionSpec], to: Seq[TablePartitionSpec]): Unit =
    changing(db)(super.renamePartitions(db, table, from, to))
  override def alterPartitions(db: String, table: String, parts: Seq[CatalogTablePartition]): Unit =
    changing(db)(super.alterPartitions(db, table, parts))
  override def getPartition(db: String, table: String, spec: TablePartitionSpec): CatalogTablePartition =
    reading(super.getPartition(db, table, spec))
  override def getPartitionOption(db: String, table: String, spec: TablePartitionSpec): Option[CatalogTablePartition] =
    reading(super.getPartitionOption(db, table, spec))
  override def listPartitionNames(db: String, table: String, spec: Option[TablePartitionSpec]): Seq[String] =
    reading(super.listPartitionNames(db, table, spec))
  override def listPartitions(db: String, table: String, spec: Option[TablePartitionSpec]): Seq[CatalogTablePartition] =
    reading(super.listPartitions(db, table, spec))

  override def createFunction(db: String, function: CatalogFunction): Unit = changing(db)(super.createFunction(db, function))
  override def dropFunction(db: String, name: String): Unit = changing(db)(super.dropFunction(db, name))
  override def alterFunction(db: String, function: CatalogFunction): Unit = changing(db)(super.alterFunction(db, function))
  override def renameFunction(db: String, oldName: String, newName: String): Unit = changing(db)(super.renameFunction(db, oldName, newName))
  override def getFunction(db: String, name: String): CatalogFunction = reading(super.getFunction(db, name))
  override def functionExists(db: String, name: String): Boolean = reading(super.functionExists(db, name))
  override def listFunctions(db: String, pattern: String): Seq[String] = reading(super.listFunctions(db, pattern))
}
