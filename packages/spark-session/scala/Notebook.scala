package crossview.spark

import java.nio.file.{Path, Paths}

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json
import crossview.spark.views.{FrameSummary, ViewExport}
import org.apache.spark.sql.Dataset

/** The functions that Scala cells have without an import. */
object Notebook {
  private val shownRows = 1000L

  /** Shows a frame as a table with a chart view: its first 1,000 rows, and of how many when that is found soon.
    *
    * @param summary shows statistics of the columns in place of the rows
    * @param chart `bar`, `line`, `area`, `pie` or `scatter`: shows the chart first
    * @param key the column along the chart's axis
    * @param values the columns to draw
    * @param aggregation `sum`, `avg`, `min`, `max`, `count`, `first`, `last` or `none`
    * @param series the column whose values become series of their own
    */
  def display(
      frame: Dataset[_],
      summary: Boolean = false,
      chart: String = "",
      key: String = "",
      values: Seq[String] = Nil,
      aggregation: String = "",
      series: String = "",
      title: String = ""
  ): Unit = {
    val said = Seq("type" -> chart, "key" -> key, "aggregation" -> aggregation, "series" -> series)
    val wish = said.filter(_._2.nonEmpty) ++ (if (values.isEmpty) Nil else Seq("values" -> values))
    val options = (if (title.isEmpty) Nil else Seq("title" -> title)) ++ (if (wish.isEmpty) Nil else Seq("chart" -> wish.toMap))
    val shown = render(frame, summary, Json.of(options: _*))
    show(shown.path("data"), shown.path("metadata"))
  }

  def display(frame: Dataset[_], title: String): Unit = display(frame, summary = false, title = title)

  /** Shows any other value as text. */
  def display(value: Any): Unit = value match {
    case frame: Dataset[_] => display(frame, summary = false)
    case other             => show(Json.of("text/plain" -> String.valueOf(other)), Json.of())
  }

  /** Shows a piece of HTML. */
  def displayHTML(html: String): Unit = show(Json.of("text/plain" -> html, "text/html" -> html), Json.of())

  /** The frame as a MIME bundle and its metadata, as JSON: Python cells show Spark frames by this. A failure of ours comes
    * back as JSON too, so that Python need not show a Java trace.
    */
  def rendered(frame: Dataset[_], summary: Boolean, options: String): String =
    try render(frame, summary, Json.parse(options)).toString
    catch {
      case error: CrossviewError =>
        val said = Json.of("code" -> error.code, "message" -> error.text, "hint" -> Option(error.hint), "facts" -> error.facts)
        Json.of("error" -> said).toString
    }

  private def render(frame: Dataset[_], summary: Boolean, options: JsonNode): JsonNode = {
    if (frame.isStreaming)
      throw new CrossviewError(
        "STREAM_NOT_SHOWN",
        "A streaming frame has no first rows to show",
        "Write it with df.writeStream.format(\"memory\").queryName(\"name\").start(), then show spark.table(\"name\")."
      )
    val directory = Paths.get(Session.call("views.allocate", "{}").path("directory").asText)
    val rows = if (summary) FrameSummary.of(frame.toDF()) else frame.toDF()
    try {
      val written = ViewExport.shown(rows, directory, shownRows)
      Session.call("frames.render", Json.of("data" -> written, "options" -> options).toString)
    } finally remove(directory)
  }

  private def remove(directory: Path): Unit = {
    Option(directory.toFile.listFiles).foreach(_.foreach(_.delete()))
    directory.toFile.delete()
  }

  private def show(data: JsonNode, metadata: JsonNode): Unit = {
    System.out.flush()
    cells.CellOutput.flushCurrent()
    Session.notify("cell.display", Json.of("cell" -> Session.currentCell, "data" -> data, "metadata" -> metadata))
  }
}
