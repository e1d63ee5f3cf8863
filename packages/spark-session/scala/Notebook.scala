package crossview.spark

import java.nio.file.Paths

import crossview.spark.rpc.Json
import crossview.spark.views.ViewExport
import org.apache.spark.sql.Dataset

/** The functions that Scala cells have without an import. */
object Notebook {
  private val shownRows = 1000L

  /** Shows a frame as a table: its first 1,000 rows, and of how many when that is known. */
  def display(frame: Dataset[_]): Unit = display(frame, "")

  def display(frame: Dataset[_], title: String): Unit = {
    val directory = Session.call("views.allocate", "{}").path("directory").asText
    val written = ViewExport.shown(frame.toDF(), Paths.get(directory), shownRows)
    val options = if (title.isEmpty) Json.of() else Json.of("title" -> title)
    val rendered = Session.call("frames.render", Json.of("data" -> written, "options" -> options).toString)
    show(rendered.path("data"), rendered.path("metadata"))
  }

  /** Shows any other value as text. */
  def display(value: Any): Unit = value match {
    case frame: Dataset[_] => display(frame)
    case other             => show(Json.of("text/plain" -> String.valueOf(other)), Json.of())
  }

  /** Shows a piece of HTML. */
  def displayHTML(html: String): Unit = show(Json.of("text/plain" -> html, "text/html" -> html), Json.of())

  private def show(data: com.fasterxml.jackson.databind.JsonNode, metadata: com.fasterxml.jackson.databind.JsonNode): Unit = {
    System.out.flush()
    cells.CellOutput.flushCurrent()
    Session.notify("cell.display", Json.of("cell" -> Session.currentCell, "data" -> data, "metadata" -> metadata))
  }
}
