package crossview.spark.views

import java.nio.file.Path

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.Json
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.crossview.{ArrowColumns, ArrowOut, WrittenParts}

/** Rows of a frame as Arrow files, as the session describes them. */
object ViewExport {
  def whole(frame: DataFrame, directory: Path): JsonNode = toJson(ArrowOut.whole(frame, directory))

  def head(frame: DataFrame, directory: Path, rows: Long): JsonNode = toJson(ArrowOut.head(frame, directory, rows))

  /** Like `head`, for a person: what Arrow cannot carry comes as text. */
  def shown(frame: DataFrame, directory: Path, rows: Long): JsonNode = head(ArrowColumns.shown(frame), directory, rows)

  private def toJson(written: WrittenParts): JsonNode =
    Json.of("parts" -> written.parts, "rows" -> written.rows, "bytes" -> written.bytes, "totalRows" -> written.total)
}
