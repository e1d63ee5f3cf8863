package crossview.utils

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.{CrossviewError, Session}
import crossview.spark.rpc.Json

import scala.jdk.CollectionConverters._

/** The kernel's methods for `mssparkutils`. */
private[utils] object Calls {
  def call(method: String, params: (String, Any)*): JsonNode = Session.call(method, Json.of(params: _*).toString)

  def items(node: JsonNode): Seq[JsonNode] = node.elements.asScala.toSeq

  /** Prints the functions of a module, or all about one.
    *
    * @param functions signature → what it does
    */
  def help(module: String, method: String, functions: Seq[(String, String)]): Unit = {
    val chosen = functions.filter { case (signature, _) => method.isEmpty || signature.takeWhile(_ != '(') == method }
    if (chosen.isEmpty) throw new IllegalArgumentException(s"mssparkutils.$module has no function $method")
    chosen.foreach { case (signature, text) => println(s"$signature -> $text") }
    if (method.isEmpty) println(s"""Use mssparkutils.$module.help("methodName") for one of them.""")
  }

  def refuse(what: String, instead: String): Nothing =
    throw new CrossviewError("NOT_SUPPORTED", s"mssparkutils.$what is not supported by Crossview: $instead")
}
