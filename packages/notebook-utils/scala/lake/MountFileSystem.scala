package crossview.lake

import java.io.IOException
import java.net.URI

import crossview.spark.Session
import crossview.spark.rpc.Json
import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path

/** `synfs:/JOB/MOUNT/…`: what the session mounted with `mssparkutils.fs.mount`. */
final class MountFileSystem extends RoutedFileSystem {
  private var conf: Configuration = _

  override def initialize(name: URI, conf: Configuration): Unit = {
    super.initialize(name, conf)
    this.conf = conf
  }

  override protected def route(path: Path): Route = {
    val asked = s"synfs:${path.toUri.getPath}"
    val source = new Path(Session.call("fs.mounted", Json.of("path" -> asked).toString).path("source").asText)
    if (source.toUri.getScheme == "synfs") throw new IOException(s"$asked leads to itself")
    new Route(source.getFileSystem(conf), source)
  }
}
