package crossview.lake

import java.io.IOException
import java.net.URI

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.Session
import crossview.spark.rpc.Json
import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileSystem, Path}

/** Storage paths of notebooks (`abfss://container@account.dfs.core.windows.net`, `wasbs://…`) in a local profile: a folder of this
  * machine or a container of Azurite, as the profile's lake mapping says. An account that it does not name is refused.
  */
final class LakeFileSystem extends RoutedFileSystem {
  private var find: Path => Route = _

  override def initialize(name: URI, conf: Configuration): Unit = {
    super.initialize(name, conf)
    val Array(container, host) = Option(name.getRawAuthority).getOrElse("").split("@", 2) match {
      case Array(container, host) => Array(container, host)
      case _                      => throw new IOException(s"$name names no container: write ${name.getScheme}://CONTAINER@ACCOUNT.dfs.core.windows.net/…")
    }
    val account = host.takeWhile(_ != '.').toLowerCase
    find =
      if (account == LakeFileSystem.oneLake && !LakeFileSystem.isMapped(conf, container, account)) inLakehouses(name, conf)
      else inPlace(container, account, name, conf)
  }

  private def inPlace(container: String, account: String, name: URI, conf: Configuration): Path => Route = {
    val place = LakeFileSystem.place(conf, container, account).getOrElse(throw LakeAccountUnknown(name.toString, account))
    if (place.has("folder")) inFolder(place.path("folder").asText, conf)
    else inAzurite(place.path("container").asText, name, conf)
  }

  /** `NAME.Lakehouse/…` of OneLake is in the folder of that lakehouse. */
  private def inLakehouses(name: URI, conf: Configuration): Path => Route = {
    val files = FolderRoute.open(conf)
    path => {
      val Array(item, rest) = (path.toUri.getPath.stripPrefix("/") + "/").split("/", 2)
      val folder = LakeFileSystem.lakehouse(conf, item).getOrElse(throw LakeAccountUnknown(s"$name$path", LakeFileSystem.oneLake))
      new FolderRoute(files, new Path("file", null, s"$folder/$rest".stripSuffix("/")))
    }
  }

  override protected def route(path: Path): Route = find(path)

  private def inFolder(folder: String, conf: Configuration): Path => Route = {
    val files = FolderRoute.open(conf)
    path => new FolderRoute(files, new Path("file", null, s"$folder${path.toUri.getPath}"))
  }

  private def inAzurite(container: String, name: URI, conf: Configuration): Path => Route = {
    val host = s"${LakeFileSystem.emulated}.dfs.core.windows.net"
    val files = LakeFileSystem.azureBlobs()
    val real = new Configuration(conf)
    AzuriteSettings.complete(real, host)
    files.initialize(URI.create(s"abfs://$container@$host/"), real)
    path => new Route(files, new Path("abfs", s"$container@$host", path.toUri.getPath))
  }
}

object LakeFileSystem {
  val mapping = "crossview.lake"
  val emulated = "devstoreaccount1"
  val oneLake = "onelake"

  /** `{"folder": …}` or `{"container": …}`. The kernel has made each place absolute; what it says of one container comes first. */
  private def place(conf: Configuration, container: String, account: String): Option[JsonNode] = {
    val places = Json.parse(conf.get(mapping, "{}"))
    def named(name: String) = Option(places.get(name)).filter(_.isObject)
    def inside(name: String, parts: String*) = named(name).map { found =>
      if (found.has("folder")) Json.of("folder" -> (found.path("folder").asText +: parts).mkString("/"))
      else Json.of("container" -> azuriteContainer(account, container))
    }
    named(s"$container@$account")
      .orElse(inside(account, container))
      .orElse(if (account == emulated) Some(Json.of("container" -> container)) else None)
      .orElse(inside("*", account, container))
  }

  private def isMapped(conf: Configuration, container: String, account: String): Boolean = {
    val places = Json.parse(conf.get(mapping, "{}"))
    places.has(s"$container@$account") || places.has(account)
  }

  /** The folder of an item of OneLake, `NAME.Lakehouse` or a lakehouse's id, as the kernel decides it too. */
  private def lakehouse(conf: Configuration, item: String): Option[String] = {
    val known = Json.parse(conf.get("crossview.lakehouses", "{}"))
    val named = "(?i)(.+)\\.Lakehouse".r
    val id = "(?i)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})".r
    val name = item match {
      case named(name) => Some(name)
      case id(name)    => Some(name)
      case _           => None
    }
    name.filter(_ => known.path("own").asText.nonEmpty).map { it =>
      Option(known.path("named").get(it.toLowerCase)).map(_.asText).getOrElse(s"${known.path("own").asText}/${it.replaceAll("[^\\w-]", "_")}")
    }
  }

  /** One container of Azurite's single account for each container of each account. */
  private def azuriteContainer(account: String, container: String): String = s"$account-$container".take(63)

  /** hadoop-azure is not there when our Scala is compiled. */
  private def azureBlobs(): FileSystem =
    Class.forName("org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem").getConstructor().newInstance().asInstanceOf[FileSystem]
}

/** The settings with which hadoop-azure talks to Azurite. Where Azurite is, the kernel says when the first path asks. */
private object AzuriteSettings {
  private val fixed = Map(
    "fs.azure.account.hns.enabled" -> "false",
    "fs.azure.fns.account.service.type" -> "BLOB",
    "fs.azure.always.use.https" -> "false",
    // The default library fails without TLS: "SSL socket factory may not be null".
    "fs.azure.networking.library" -> "JDK_HTTP_URL_CONNECTION",
    "fs.azure.createRemoteFileSystemDuringInitialization" -> "true"
  )

  def complete(conf: Configuration, host: String): Unit = {
    fixed.foreach { case (key, value) => conf.setIfUnset(key, value) }
    if (conf.get("fs.azure.abfs.endpoint") == null) {
      val azurite = Session.call("lake.azurite", "{}")
      conf.set("fs.azure.abfs.endpoint", s"127.0.0.1:${azurite.path("port").asInt}")
      if (conf.get(s"fs.azure.account.auth.type.$host") == null) {
        // What a notebook sets for all accounts (a provider of Synapse's, OAuth) is meant for the real ones.
        conf.set(s"fs.azure.account.auth.type.$host", "SharedKey")
        conf.setIfUnset(s"fs.azure.account.key.$host", azurite.path("key").asText)
      }
    }
  }
}
