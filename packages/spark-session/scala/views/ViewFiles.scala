package crossview.spark.views

import java.io.IOException
import java.nio.file.{Files, Paths}

import scala.jdk.CollectionConverters._
import scala.util.Using

/** What a failed export may have left. */
object ViewFiles {
  def clear(directory: String): Unit =
    try
      Using.resource(Files.list(Paths.get(directory))) { files =>
        files.iterator.asScala.filter(_.getFileName.toString.matches("""part-\d+-\d+\.arrow""")).foreach(Files.deleteIfExists)
      }
    catch { case _: IOException => () } // the directory itself is gone
}
