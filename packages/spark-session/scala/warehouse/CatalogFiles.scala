package org.apache.spark.sql.crossview.warehouse

import java.nio.channels.FileChannel
import java.nio.file.{Files, NoSuchFileException, Path, StandardCopyOption, StandardOpenOption}
import java.nio.file.attribute.BasicFileAttributes
import java.nio.charset.StandardCharsets.UTF_8

import scala.jdk.CollectionConverters._
import scala.util.Using

/** One JSON file for each database. A file is replaced as a whole, so a reader never sees half of one. */
private[warehouse] final class CatalogFiles(folder: Path) {
  private val suffix = ".json"

  /** Runs while no other session changes the catalog. Waits for the one that does. */
  def exclusively[T](call: => T): T = {
    Files.createDirectories(folder)
    val options = Seq(StandardOpenOption.CREATE, StandardOpenOption.WRITE)
    Using.resource(FileChannel.open(folder.resolve("lock"), options: _*)) { channel =>
      val lock = channel.lock()
      try call
      finally lock.release()
    }
  }

  /** Databases, with what changes whenever the file is replaced. */
  def stamps(): Map[String, String] =
    if (!Files.isDirectory(folder)) Map.empty
    else
      Using.resource(Files.newDirectoryStream(folder, s"*$suffix"))(_.asScala.toList).flatMap { file =>
        stamp(file).map(file.getFileName.toString.stripSuffix(suffix) -> _)
      }.toMap

  private def stamp(file: Path): Option[String] =
    try {
      val about = Files.readAttributes(file, classOf[BasicFileAttributes])
      Some(s"${about.fileKey} ${about.lastModifiedTime.toMillis} ${about.size}")
    } catch { case _: NoSuchFileException => None }

  def read(database: String): Option[StoredDatabase] =
    try Some(CatalogJson.read(Files.readString(folder.resolve(database + suffix), UTF_8)))
    catch { case _: NoSuchFileException => None }

  /** Gives the new file's stamp. */
  def write(database: String, stored: StoredDatabase): String = {
    Files.createDirectories(folder)
    val unfinished = Files.createTempFile(folder, database, ".new")
    Files.writeString(unfinished, CatalogJson.write(stored), UTF_8)
    val file = folder.resolve(database + suffix)
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    stamp(file).getOrElse("")
  }

  def remove(database: String): Unit = Files.deleteIfExists(folder.resolve(database + suffix))
}
