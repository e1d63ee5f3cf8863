package org.apache.spark.sql.crossview.synapse

import scala.jdk.CollectionConverters._

import org.apache.hadoop.fs.{FileStatus, Path}
import org.apache.hadoop.mapreduce.{Job, TaskAttemptContext}
import org.apache.parquet.bytes.BytesInput
import org.apache.parquet.column.{Encoding, ParquetProperties}
import org.apache.parquet.column.page.DictionaryPage
import org.apache.parquet.column.statistics.Statistics
import org.apache.parquet.hadoop.{ParquetFileWriter, ParquetWriter}
import org.apache.parquet.hadoop.metadata.CompressionCodecName
import org.apache.parquet.hadoop.util.HadoopOutputFile
import org.apache.parquet.schema.MessageType
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.execution.datasources.{FileFormat, OutputWriter, OutputWriterFactory}
import org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter
import org.apache.spark.sql.internal.SQLConf
import org.apache.spark.sql.types.{DataType, StructType}
import org.xerial.snappy.Snappy

/** Parquet for a pool to load: flat columns, INT96 timestamps, snappy. Spark's own writer takes every value through the machinery of nested
  * records, which is most of the time of a write; a staged file has no nested columns, so that a column's values are collected and
  * encoded at once. No statistics but the number of NULLs: the files are read once, and whole.
  */
private[synapse] final class StagingFormat extends FileFormat {
  override def inferSchema(session: SparkSession, options: Map[String, String], files: Seq[FileStatus]): Option[StructType] = None

  override def supportDataType(kind: DataType): Boolean = true

  override def prepareWrite(session: SparkSession, job: Job, options: Map[String, String], schema: StructType): OutputWriterFactory = StagingWriters

  override def toString: String = "Parquet"
}

private object StagingWriters extends OutputWriterFactory {
  override def getFileExtension(context: TaskAttemptContext): String = ".snappy.parquet"

  override def newInstance(path: String, schema: StructType, context: TaskAttemptContext): OutputWriter = {
    val types = new SparkToParquetSchemaConverter(
      writeLegacyParquetFormat = false,
      outputTimestampType = SQLConf.ParquetOutputTimestampType.INT96,
      useFieldId = false
    ).convert(schema)
    new StagingWriter(path, schema, types, context)
  }
}

private final class StagingWriter(override val path: String, schema: StructType, types: MessageType, context: TaskAttemptContext) extends OutputWriter {
  private val most = StagingWriter.rowsOfGroup(schema.length)
  private val columns = types.getColumns.asScala.zip(schema.fields).map { case (column, field) => ColumnChunk.of(column, field.dataType, most) }.toArray
  private val file = {
    val output = HadoopOutputFile.fromPath(new Path(path), context.getConfiguration)
    new ParquetFileWriter(
      output,
      types,
      ParquetFileWriter.Mode.CREATE,
      ParquetWriter.DEFAULT_BLOCK_SIZE,
      ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
      ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
      ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
      false
    )
  }
  private val plain = new ByteSink(1 << 16)
  private var packed = new Array[Byte](0)
  private var rows = 0
  file.start()

  override def write(row: InternalRow): Unit = {
    var index = 0
    while (index < columns.length) {
      columns(index).add(row, index)
      index += 1
    }
    rows += 1
    if (rows == most || heldBytes > StagingWriter.mostBytes) endGroup()
  }

  private val sized = columns.filter(_.isSized)

  private def heldBytes: Long = {
    var bytes = 0L
    var index = 0
    while (index < sized.length) {
      bytes += sized(index).held
      index += 1
    }
    bytes
  }

  private def endGroup(): Unit = {
    file.startBlock(rows)
    columns.foreach(writeColumn)
    file.endBlock()
    rows = 0
  }

  private def writeColumn(column: ColumnChunk): Unit = {
    file.startColumn(column.descriptor, rows, CompressionCodecName.SNAPPY)
    plain.clear()
    val entries = column.dictionary(plain)
    if (entries > 0) file.writeDictionaryPage(new DictionaryPage(compressed(), plain.size, entries, Encoding.PLAIN_DICTIONARY))
    plain.clear()
    column.writeData(plain)
    val statistics = Statistics.getBuilderForReading(column.descriptor.getPrimitiveType).withNumNulls(column.nulls).build()
    val encoding = if (entries > 0) Encoding.PLAIN_DICTIONARY else Encoding.PLAIN
    file.writeDataPage(rows, plain.size, compressed(), statistics, Encoding.RLE, Encoding.RLE, encoding)
    file.endColumn()
    column.clear()
  }

  private def compressed(): BytesInput = {
    val size = Snappy.maxCompressedLength(plain.size)
    if (packed.length < size) packed = new Array[Byte](size)
    BytesInput.from(packed, 0, Snappy.compress(plain.bytes, 0, plain.size, packed, 0))
  }

  /** Spark closes a writer also when its task fails; the file is then removed. */
  override def close(): Unit = {
    if (rows > 0) endGroup()
    file.end(java.util.Map.of[String, String]())
  }
}

private object StagingWriter {

  /** A row group with so many bytes of texts and the like is written, however few rows it has; a page is held twice, and packed. */
  val mostBytes: Long = 16L << 20

  /** As many rows as the pool's own reader takes at a time, but of wide tables only what fits into some 64 MiB. */
  def rowsOfGroup(columns: Int): Int = math.max(1024, math.min(122880, (64 << 20) / (12 * math.max(1, columns))))
}
