package crossview.lake

import java.io.{File, IOException}
import java.net.URI
import java.nio.file.{FileAlreadyExistsException, Files}

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{Path, RawLocalFileSystem}

/** A path in a folder of this machine, without the checksum files that Hadoop's usual local file system leaves. */
final class FolderRoute(files: RawLocalFileSystem, path: Path) extends Route(files, path) {

  /** A file is never renamed over another, not even when two try at once: Delta's log stands on that. */
  override def rename(to: Path): Boolean = {
    val (source, target) = (new File(path.toUri.getPath), new File(to.toUri.getPath))
    if (!source.isFile || target.isDirectory) files.rename(path, to)
    else if (!target.getParentFile.isDirectory) false
    else
      try {
        Files.createLink(target.toPath, source.toPath)
        Files.delete(source.toPath)
        true
      } catch {
        case _: FileAlreadyExistsException => false
        case _: UnsupportedOperationException | _: IOException if !target.exists =>
          Files.move(source.toPath, target.toPath)
          true
      }
  }
}

object FolderRoute {
  def open(conf: Configuration): RawLocalFileSystem = {
    val files = new RawLocalFileSystem
    files.initialize(URI.create("file:///"), conf)
    files
  }
}
