package crossview.spark

import java.io.InputStream
import java.nio.charset.StandardCharsets.UTF_8

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json

import scala.jdk.CollectionConverters._

/** What the kernel says on the first line of standard input: nothing secret may stand on a command line.
  *
  * @param launch tells this start from an earlier one of the same session
  * @param replClasses directory for the classes of cells
  * @param preload lines of Scala that every notebook starts with
  * @param warm whether to compile what a first Scala cell needs: `no`, `later` when Spark is ready, or `now` beside its start
  */
final case class Launch(
    host: String,
    port: Int,
    token: String,
    launch: String,
    conf: Map[String, String],
    replClasses: String,
    preload: Seq[String],
    warm: String
)

object Launch {
  def read(in: InputStream): Launch = {
    val line = Iterator.continually(in.read()).takeWhile(byte => byte >= 0 && byte != '\n').map(_.toByte).toArray
    val json = Json.parse(new String(line, UTF_8))
    def text(name: String) = json.required(name).asText
    Launch(
      text("host"),
      json.required("port").asInt,
      text("token"),
      text("launch"),
      json.required("conf").properties().asScala.map(entry => entry.getKey -> entry.getValue.asText).toMap,
      text("replClasses"),
      json.required("preload").elements().asScala.map((line: JsonNode) => line.asText).toSeq,
      text("warm")
    )
  }
}
