package crossview.utils

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.CrossviewError

import scala.jdk.CollectionConverters._

/** `notebookutils.variableLibrary`: variables by library, as the profile has them under `variables`. */
object VariableLibraryUtils {

  /** A library; its variables by name, as texts. */
  final class Library private[VariableLibraryUtils] (name: String, values: JsonNode) {
    def getVariable(variable: String): String = Option(values.get(variable)).map(_.asText).getOrElse {
      throw new CrossviewError("VARIABLE_UNKNOWN", s"variable library $name has no variable $variable; it has: ${names(values)}")
    }
  }

  def getLibrary(name: String): Library = {
    val known = Calls.call("environment.get").path("variables")
    val values = Option(known.get(name)).getOrElse {
      throw new CrossviewError(
        "VARIABLE_UNKNOWN",
        s"There is no variable library $name; the profile has: ${names(known)}. Add it under variables in crossview.json."
      )
    }
    new Library(name, values)
  }

  // What is taken off in front is how Fabric writes a reference: a dollar sign and two asterisks between slashes.
  def get(reference: String): String = reference.trim.stripPrefix("$(").stripSuffix(")").stripPrefix("/**/").split("/", 2) match {
    case Array(library, variable) => getLibrary(library).getVariable(variable)
    case _                        => throw new CrossviewError("VARIABLE_UNKNOWN", s"$reference names no library and variable")
  }

  def help(method: String = ""): Unit = Calls.help(
    "variableLibrary",
    method,
    Seq(
      "get(reference: String): String" -> "A variable by its reference: library and name",
      "getLibrary(name: String): Library" -> "A library, whose getVariable(name) gives a variable"
    )
  )

  private def names(node: JsonNode): String = Seq.from(node.fieldNames.asScala).mkString(", ") match {
    case ""    => "none"
    case names => names
  }
}
