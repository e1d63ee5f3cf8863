package crossview.spark.rpc

import com.fasterxml.jackson.core.{JsonFactory, StreamReadConstraints}
import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.node.{ArrayNode, NullNode, ObjectNode}

/** JSON as the session speaks it. */
object Json {
  // A cell may be hundreds of megabytes; Jackson stops at 20 MB by itself.
  private val factory =
    new JsonFactory().setStreamReadConstraints(StreamReadConstraints.builder().maxStringLength(Int.MaxValue).build())
  val mapper = new ObjectMapper(factory)

  def parse(text: String): JsonNode = mapper.readTree(text)

  def of(fields: (String, Any)*): ObjectNode = {
    val node = mapper.createObjectNode()
    fields.foreach { case (name, value) => node.set[JsonNode](name, from(value)) }
    node
  }

  def list(values: Iterable[Any]): ArrayNode = {
    val node = mapper.createArrayNode()
    values.foreach(value => node.add(from(value)))
    node
  }

  def from(value: Any): JsonNode = value match {
    case null | None          => NullNode.getInstance()
    case Some(inner)          => from(inner)
    case node: JsonNode       => node
    case text: String         => mapper.getNodeFactory.textNode(text)
    case truth: Boolean       => mapper.getNodeFactory.booleanNode(truth)
    case number: Int          => mapper.getNodeFactory.numberNode(number)
    case number: Long         => mapper.getNodeFactory.numberNode(number)
    case number: Double       => mapper.getNodeFactory.numberNode(number)
    case fields: Map[_, _]    => of(fields.toSeq.map { case (name, inner) => (String.valueOf(name), inner) }: _*)
    case values: Iterable[_]  => list(values)
    case other                => mapper.getNodeFactory.textNode(String.valueOf(other))
  }
}
