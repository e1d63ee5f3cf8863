package org.apache.spark.sql.crossview.warehouse

import java.net.URI

import com.fasterxml.jackson.databind.JsonNode
import _root_.crossview.spark.rpc.Json
import org.apache.spark.sql.catalyst.{FunctionIdentifier, TableIdentifier}
import org.apache.spark.sql.catalyst.catalog._
import org.apache.spark.sql.types.{DataType, StructType}

import scala.jdk.CollectionConverters._

private[warehouse] final case class StoredTable(definition: CatalogTable, partitions: Seq[CatalogTablePartition])

private[warehouse] final case class StoredDatabase(database: CatalogDatabase, tables: Seq[StoredTable], functions: Seq[CatalogFunction])

/** The catalog's records as JSON. A field that a later version adds is read as absent by an earlier one. */
private[warehouse] object CatalogJson {
  def write(stored: StoredDatabase): String = {
    val StoredDatabase(database, tables, functions) = stored
    Json.mapper.writerWithDefaultPrettyPrinter.writeValueAsString(
      Json.of(
        "name" -> database.name,
        "description" -> database.description,
        "location" -> database.locationUri.toString,
        "properties" -> database.properties,
        "tables" -> tables.map(table),
        "functions" -> functions.map { function =>
          val resources = function.resources.map(r => Json.of("type" -> r.resourceType.resourceType, "uri" -> r.uri))
          Json.of("name" -> function.identifier.funcName, "class" -> function.className, "resources" -> resources)
        }
      )
    )
  }

  def read(json: String): StoredDatabase = {
    val node = Json.parse(json)
    val name = node.path("name").asText
    val database = CatalogDatabase(name, node.path("description").asText, URI.create(node.path("location").asText), texts(node.path("properties")))
    val functions = items(node.path("functions")).map { function =>
      val resources = items(function.path("resources")).map(r => FunctionResource(FunctionResourceType.fromString(r.path("type").asText), r.path("uri").asText))
      CatalogFunction(FunctionIdentifier(function.path("name").asText, Some(name)), function.path("class").asText, resources)
    }
    StoredDatabase(database, items(node.path("tables")).map(table(name, _)), functions)
  }

  private def table(stored: StoredTable): JsonNode = {
    val table = stored.definition
    Json.of(
      "name" -> table.identifier.table,
      "type" -> table.tableType.name,
      "provider" -> table.provider,
      "storage" -> storage(table.storage),
      "schema" -> Json.parse(table.schema.json),
      "partitionColumns" -> table.partitionColumnNames,
      "buckets" -> table.bucketSpec.map { spec =>
        Json.of("number" -> spec.numBuckets, "columns" -> spec.bucketColumnNames, "sort" -> spec.sortColumnNames)
      },
      "owner" -> table.owner,
      "createTime" -> table.createTime,
      "createVersion" -> table.createVersion,
      "properties" -> table.properties,
      "statistics" -> table.stats.map(s => Json.of("bytes" -> s.sizeInBytes.toString, "rows" -> s.rowCount.map(_.toString))),
      "viewText" -> table.viewText,
      "viewOriginalText" -> table.viewOriginalText,
      "comment" -> table.comment,
      "collation" -> table.collation,
      "tracksPartitions" -> table.tracksPartitionsInCatalog,
      "partitions" -> stored.partitions.map { part =>
        Json.of("spec" -> part.spec, "storage" -> storage(part.storage), "parameters" -> part.parameters, "createTime" -> part.createTime)
      }
    )
  }

  private def table(database: String, node: JsonNode): StoredTable = {
    val kinds = Seq(CatalogTableType.MANAGED, CatalogTableType.EXTERNAL, CatalogTableType.VIEW)
    val statistics = Option(node.get("statistics")).filter(_.isObject)
    val buckets = Option(node.get("buckets")).filter(_.isObject)
    val definition = CatalogTable(
      identifier = TableIdentifier(node.path("name").asText, Some(database)),
      tableType = kinds.find(_.name == node.path("type").asText).getOrElse(CatalogTableType.EXTERNAL),
      storage = storage(node.path("storage")),
      schema = DataType.fromJson(node.path("schema").toString).asInstanceOf[StructType],
      provider = text(node, "provider"),
      partitionColumnNames = items(node.path("partitionColumns")).map(_.asText),
      bucketSpec = buckets.map(b => BucketSpec(b.path("number").asInt, items(b.path("columns")).map(_.asText), items(b.path("sort")).map(_.asText))),
      owner = node.path("owner").asText,
      createTime = node.path("createTime").asLong,
      createVersion = node.path("createVersion").asText,
      properties = texts(node.path("properties")),
      stats = statistics.map(s => CatalogStatistics(BigInt(s.path("bytes").asText), text(s, "rows").map(BigInt(_)))),
      viewText = text(node, "viewText"),
      viewOriginalText = text(node, "viewOriginalText"),
      comment = text(node, "comment"),
      collation = text(node, "collation"),
      tracksPartitionsInCatalog = node.path("tracksPartitions").asBoolean
    )
    val partitions = items(node.path("partitions")).map { part =>
      CatalogTablePartition(texts(part.path("spec")), storage(part.path("storage")), texts(part.path("parameters")), part.path("createTime").asLong)
    }
    StoredTable(definition, partitions)
  }

  private def storage(format: CatalogStorageFormat): JsonNode = Json.of(
    "location" -> format.locationUri.map(_.toString),
    "inputFormat" -> format.inputFormat,
    "outputFormat" -> format.outputFormat,
    "serde" -> format.serde,
    "compressed" -> format.compressed,
    "properties" -> format.properties
  )

  private def storage(node: JsonNode): CatalogStorageFormat = CatalogStorageFormat.empty.copy(
    locationUri = text(node, "location").map(URI.create),
    inputFormat = text(node, "inputFormat"),
    outputFormat = text(node, "outputFormat"),
    serde = text(node, "serde"),
    compressed = node.path("compressed").asBoolean,
    properties = texts(node.path("properties"))
  )

  private def items(node: JsonNode): Seq[JsonNode] = node.elements.asScala.toSeq
  private def texts(node: JsonNode): Map[String, String] = node.properties.asScala.map(entry => entry.getKey -> entry.getValue.asText).toMap
  private def text(node: JsonNode, name: String): Option[String] = Option(node.get(name)).filterNot(_.isNull).map(_.asText)
}
