package crossview.lake

import java.net.URI

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs._
import org.apache.hadoop.fs.permission.FsPermission
import org.apache.hadoop.util.Progressable

/** A file system whose files are those of others under other names. Where a path leads is said by `route`; what comes back
  * keeps the names it was asked by.
  */
abstract class RoutedFileSystem extends FileSystem {
  private var address: URI = _
  private var working: Path = _

  /** Where a path really is.
    *
    * @throws java.io.IOException when it leads nowhere; nothing is ever written elsewhere
    */
  protected def route(path: Path): Route

  override def initialize(name: URI, conf: Configuration): Unit = {
    super.initialize(name, conf)
    setConf(conf)
    // An address without an authority needs its third slash.
    address = URI.create(s"${name.getScheme}://${Option(name.getRawAuthority).getOrElse("/")}")
    working = new Path(name.getScheme, name.getRawAuthority, "/")
  }

  override def getUri: URI = address
  override def getScheme: String = address.getScheme
  override def getWorkingDirectory: Path = working
  override def setWorkingDirectory(path: Path): Unit = working = absolute(path)
  override def getCanonicalServiceName: String = null
  override def getHomeDirectory: Path = new Path(address.getScheme, address.getRawAuthority, "/")

  private def absolute(path: Path): Path = if (path.isAbsolute) path else new Path(working, path)
  private def routed(path: Path): Route = route(absolute(path))

  override def open(path: Path, bufferSize: Int): FSDataInputStream = {
    val to = routed(path)
    to.files.open(to.path, bufferSize)
  }

  override def create(
      path: Path,
      permission: FsPermission,
      overwrite: Boolean,
      bufferSize: Int,
      replication: Short,
      blockSize: Long,
      progress: Progressable
  ): FSDataOutputStream = {
    val to = routed(path)
    to.files.create(to.path, permission, overwrite, bufferSize, replication, blockSize, progress)
  }

  override def createNonRecursive(
      path: Path,
      permission: FsPermission,
      flags: java.util.EnumSet[CreateFlag],
      bufferSize: Int,
      replication: Short,
      blockSize: Long,
      progress: Progressable
  ): FSDataOutputStream = {
    val to = routed(path)
    to.files.createNonRecursive(to.path, permission, flags, bufferSize, replication, blockSize, progress)
  }

  override def append(path: Path, bufferSize: Int, progress: Progressable): FSDataOutputStream = {
    val to = routed(path)
    to.files.append(to.path, bufferSize, progress)
  }

  override def rename(from: Path, to: Path): Boolean = {
    val (source, target) = (routed(from), routed(to))
    if (source.files ne target.files) throw new java.io.IOException(s"$from and $to are in different places: copy the files instead of renaming them")
    source.rename(target.path)
  }

  override def delete(path: Path, recursive: Boolean): Boolean = {
    val to = routed(path)
    to.files.delete(to.path, recursive)
  }

  override def listStatus(path: Path): Array[FileStatus] = {
    val asked = absolute(path)
    val to = route(asked)
    // Azurite lists a directory twice: as its marker and as the prefix of what is in it.
    val found = to.files.listStatus(to.path).distinctBy(_.getPath)
    found.map { status =>
      // The status of a file that was listed itself names that file, not one inside of it.
      val itself = status.getPath.toUri.getPath == to.path.toUri.getPath
      renamed(status, if (itself) asked else new Path(asked, new Path(null, null, status.getPath.getName)))
    }
  }

  override def mkdirs(path: Path, permission: FsPermission): Boolean = {
    val to = routed(path)
    to.files.mkdirs(to.path, permission)
  }

  override def getFileStatus(path: Path): FileStatus = {
    val asked = absolute(path)
    val to = route(asked)
    renamed(to.files.getFileStatus(to.path), asked)
  }

  override def setTimes(path: Path, modified: Long, accessed: Long): Unit = {
    val to = routed(path)
    to.files.setTimes(to.path, modified, accessed)
  }

  override def setPermission(path: Path, permission: FsPermission): Unit = {
    val to = routed(path)
    to.files.setPermission(to.path, permission)
  }

  private def renamed(status: FileStatus, path: Path): FileStatus = new FileStatus(
    status.getLen,
    status.isDirectory,
    status.getReplication.toInt,
    status.getBlockSize,
    status.getModificationTime,
    status.getAccessTime,
    status.getPermission,
    status.getOwner,
    status.getGroup,
    path.makeQualified(address, working)
  )
}

/** A path in the file system that really has it. */
class Route(val files: FileSystem, val path: Path) {
  def rename(to: Path): Boolean = files.rename(path, to)
}
