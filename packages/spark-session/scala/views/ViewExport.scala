package crossview.spark.views

import java.nio.file.Path

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.crossview.{ArrowColumns, ArrowOut, WrittenParts}

import scala.concurrent.duration._

/** Rows of a frame as Arrow files, as the session describes them. */
object ViewExport {
  def whole(frame: DataFrame, directory: Path): JsonNode = toJson(ArrowOut.whole(frame, directory))

  def head(frame: DataFrame, directory: Path, rows: Long): JsonNode = toJson(ArrowOut.head(frame, directory, rows))

  /** Like `head`, for a person: what Arrow cannot carry comes as text. */
  def shown(frame: DataFrame, directory: Path, rows: Long): JsonNode = {
    val written = ArrowOut.head(ArrowColumns.shown(frame), directory, rows)
    val total = if (written.total.isEmpty && rows > 0) FrameTotal.within(frame, patience) else written.total
    toJson(written.copy(total = total))
  }

  /** How long a reader waits to learn of how many rows these are the first. */
  private val patience = 10.seconds

  private def toJson(written: WrittenParts): JsonNode =
    Json.of("parts" -> written.parts, "rows" -> written.rows, "bytes" -> written.bytes, "totalRows" -> written.total)
}
