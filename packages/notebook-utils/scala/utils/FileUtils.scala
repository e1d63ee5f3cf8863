package crossview.utils

import com.fasterxml.jackson.databind.JsonNode

/** A file or directory as `fs.ls` gives it. `modifyTime` counts milliseconds. */
final case class FileInfo(path: String, name: String, size: Long, isDir: Boolean, isFile: Boolean, modifyTime: Long)

final case class MountPointInfo(mountPoint: String, source: String, scope: String)

/** `mssparkutils.fs`: files of the lake and of this machine. */
object FileUtils {
  private val functions = Seq(
    "ls(dir: String): Array[FileInfo]" -> "What is in a directory",
    "mkdirs(dir: String): Boolean" -> "Makes a directory and those above it",
    "cp(from: String, to: String, recurse: Boolean = false): Boolean" -> "Copies a file or a directory",
    "fastcp(from: String, to: String, recurse: Boolean = true): Boolean" -> "The same as cp here",
    "mv(from: String, to: String, createPath: Boolean = false, overwrite: Boolean = false): Boolean" -> "Moves a file or directory",
    "put(file: String, contents: String, overwrite: Boolean = false): Boolean" -> "Writes a text into a file",
    "head(file: String, maxBytes: Int = 102400): String" -> "The first bytes of a file as text",
    "append(file: String, contents: String, createFileIfNotExists: Boolean = false): Boolean" -> "Appends a text to a file",
    "rm(dir: String, recurse: Boolean = false): Boolean" -> "Removes a file or directory",
    "exists(file: String): Boolean" -> "Whether there is such a file or directory",
    "mount(source: String, mountPoint: String, extraConfigs: Map[String, Any]): Boolean" -> "Names a place of the lake for this session",
    "unmount(mountPoint: String): Boolean" -> "Takes a mount point away",
    "mounts(): Array[MountPointInfo]" -> "What is mounted",
    "getMountPath(mountPoint: String, scope: String): String" -> "The path of a mount point on this machine"
  )

  private def info(node: JsonNode) = FileInfo(
    node.path("path").asText,
    node.path("name").asText,
    node.path("size").asLong,
    node.path("isDir").asBoolean,
    node.path("isFile").asBoolean,
    node.path("modifyTime").asLong
  )

  private def done(method: String, params: (String, Any)*): Boolean = {
    Calls.call(s"fs.$method", params: _*)
    true
  }

  def ls(dir: String): Array[FileInfo] = Calls.items(Calls.call("fs.ls", "path" -> dir).path("files")).map(info).toArray
  def mkdirs(dir: String): Boolean = done("mkdirs", "path" -> dir)
  def cp(from: String, to: String, recurse: Boolean = false): Boolean = done("cp", "path" -> from, "to" -> to, "recurse" -> recurse)
  def fastcp(from: String, to: String, recurse: Boolean = true): Boolean = cp(from, to, recurse)
  def mv(from: String, to: String, createPath: Boolean = false, overwrite: Boolean = false): Boolean =
    done("mv", "path" -> from, "to" -> to, "create" -> createPath, "overwrite" -> overwrite)
  def put(file: String, contents: String, overwrite: Boolean = false): Boolean =
    done("put", "path" -> file, "content" -> contents, "overwrite" -> overwrite)
  def head(file: String, maxBytes: Int = 102400): String = Calls.call("fs.head", "path" -> file, "maxBytes" -> maxBytes).path("text").asText
  def append(file: String, contents: String, createFileIfNotExists: Boolean = false): Boolean =
    done("append", "path" -> file, "content" -> contents, "create" -> createFileIfNotExists)
  def rm(dir: String, recurse: Boolean = false): Boolean = done("rm", "path" -> dir, "recurse" -> recurse)
  def exists(file: String): Boolean = !Calls.call("fs.stat", "path" -> file).path("file").isNull
  def mount(source: String, mountPoint: String, extraConfigs: Map[String, Any] = Map.empty): Boolean =
    done("mount", "source" -> source, "mountPoint" -> mountPoint)
  def unmount(mountPoint: String): Boolean = Calls.call("fs.unmount", "mountPoint" -> mountPoint).path("removed").asBoolean
  def refreshMounts(): Boolean = true
  def mounts(): Array[MountPointInfo] = Calls
    .items(Calls.call("fs.mounts").path("mounts"))
    .map(m => MountPointInfo(m.path("mountPoint").asText, m.path("source").asText, m.path("scope").asText))
    .toArray
  def getMountPath(mountPoint: String, scope: String = "job"): String =
    Calls.call("fs.localPath", "path" -> s"synfs:/${mountPoint.stripPrefix("/")}").path("path").asText
  def help(method: String = ""): Unit = Calls.help("fs", method, functions)
}
