package org.apache.spark.sql.crossview.warehouse

import java.io.File
import java.net.URI

import scala.collection.mutable

/** Delta tables that lie in a directory without having been created through the catalog, as in a lakehouse's `Tables`. */
private[warehouse] final class FoundTables(location: URI) {
  final case class Changes(fresh: Map[String, URI], gone: Seq[String])

  private val directory = if (location.getScheme == null || location.getScheme == "file") Some(new File(location.getPath)) else None
  private val tables = mutable.Map.empty[String, File]
  private var stamp = -1L

  def has(table: String): Boolean = tables.contains(table.toLowerCase)

  /** What came and went since the last look.
    *
    * @param known whether the catalog has a table of this name
    */
  def look(known: String => Boolean): Changes = directory.fold(Changes(Map.empty, Nil)) { place =>
    val gone = tables.filter { case (_, folder) => !isTable(folder) }.keys.toSeq
    gone.foreach(tables.remove)
    val now = place.lastModified
    // A table whose log is written a moment after its folder is found the next time something changes, or by the young stamp.
    val settled = now == stamp && System.currentTimeMillis - now > 10000
    stamp = now
    val candidates = if (settled) Nil else Option(place.listFiles).toSeq.flatten
    val fresh = candidates.filter(folder => isTable(folder) && !has(folder.getName) && !known(folder.getName.toLowerCase))
    fresh.foreach(folder => tables(folder.getName.toLowerCase) = folder)
    Changes(fresh.map(folder => folder.getName.toLowerCase -> folder.toURI).toMap, gone)
  }

  private def isTable(folder: File) = folder.getName.matches("\\w+") && new File(folder, "_delta_log").isDirectory
}
