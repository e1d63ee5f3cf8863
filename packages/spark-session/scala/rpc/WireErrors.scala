package crossview.spark.rpc

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.CrossviewError
import crossview.spark.cells.Failure

import scala.jdk.CollectionConverters._

/** Errors as they travel: JSON-RPC wants a number as code, ours is a word in `data`. */
object WireErrors {
  def toWire(thrown: Throwable): JsonNode = thrown match {
    case error: CrossviewError =>
      Json.of(
        "code" -> -32000,
        "message" -> error.text,
        "data" -> Map("code" -> error.code, "hint" -> Option(error.hint), "facts" -> error.facts)
      )
    case other =>
      val root = Failure.root(other)
      val facts = Map("class" -> root.getClass.getName)
      Json.of(
        "code" -> -32000,
        "message" -> Failure.message(root),
        "data" -> Map("code" -> "SPARK_FAILED", "hint" -> None, "facts" -> facts)
      )
  }

  def fromWire(error: JsonNode): CrossviewError = {
    val data = error.path("data")
    val facts = data.path("facts").properties().asScala.map(entry => entry.getKey -> entry.getValue.asText).toMap
    new CrossviewError(
      data.path("code").asText("PEER_FAILED"),
      error.path("message").asText,
      if (data.path("hint").isTextual) data.path("hint").asText else null,
      facts
    )
  }
}
