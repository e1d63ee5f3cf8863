package org.apache.spark.sql.crossview.synapse

import java.lang.ref.Cleaner
import java.util

import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

import org.apache.hadoop.fs.Path
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.classic.SparkSession
import org.apache.spark.sql.connector.catalog.{SupportsRead, Table, TableCapability}
import org.apache.spark.sql.connector.read._
import org.apache.spark.sql.execution.WholeStageCodegenExec
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex
import org.apache.spark.sql.execution.datasources.parquet.ParquetUtils
import org.apache.spark.sql.execution.datasources.v2.parquet.ParquetScan
import org.apache.spark.sql.sources.Filter
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** A table or query of a pool. Its staged files live as long as a frame refers to it, or as the session. */
private[synapse] final class SynapseTable(planId: String, title: String, columns: StructType) extends Table with SupportsRead {
  SynapseTable.releaseWith(this, planId)

  override def name: String = title
  override def schema: StructType = columns
  override def capabilities: util.Set[TableCapability] = util.EnumSet.of(TableCapability.BATCH_READ)
  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = new SynapseScanBuilder(this, planId, columns)
}

private object SynapseTable {
  private val cleaner = Cleaner.create()

  /** Lets the staged files go once nothing refers to the table any more. */
  def releaseWith(table: SynapseTable, planId: String): Unit =
    cleaner.register(table, () => try Calls.call("read.release", "planId" -> planId) catch { case NonFatal(_) => () })
}

/** Takes columns, filters and a limit for the pool's SELECT. */
private final class SynapseScanBuilder(table: SynapseTable, planId: String, schema: StructType)
    extends ScanBuilder
    with SupportsPushDownFilters
    with SupportsPushDownRequiredColumns
    with SupportsPushDownLimit {
  private val translate = new PushedFilters(schema)
  private var required = schema
  private var pushed = Array.empty[Filter]
  private var filters = Seq.empty[Map[String, Any]]
  private var limit = Option.empty[Int]

  override def pushFilters(wanted: Array[Filter]): Array[Filter] = {
    val taken = wanted.toSeq.map(filter => (filter, translate.exact(filter), translate.wider(filter)))
    filters = taken.flatMap { case (_, exact, wider) => exact.orElse(wider) }
    pushed = taken.collect { case (filter, exact, wider) if exact.isDefined || wider.isDefined => filter }.toArray
    // Spark looks again at those that the pool answers with more rows.
    taken.collect { case (filter, None, _) => filter }.toArray
  }

  override def pushedFilters(): Array[Filter] = pushed

  override def pruneColumns(wanted: StructType): Unit = required = StructType(wanted.fields.filter(field => schema.fieldNames.contains(field.name)))

  override def pushLimit(rows: Int): Boolean = {
    limit = Some(rows)
    true
  }

  // TOP of a pool counts over all its distributions, so the limit is kept whole.
  override def isPartiallyPushed: Boolean = false

  override def build(): Scan = new SynapseScan(table, planId, required, filters, limit)
}

/** Exports the rows when Spark plans its tasks, and lets Spark's own Parquet reader read them.
  *
  * @param table held so that the staged files stay while the scan is in use
  */
private final class SynapseScan(
    table: SynapseTable,
    planId: String,
    required: StructType,
    filters: Seq[Map[String, Any]],
    limit: Option[Int]
) extends Scan
    with Batch {
  override def readSchema: StructType = required

  override def description: String =
    s"synapsesql ${table.name} columns=[${required.fieldNames.mkString(", ")}] pushedFilters=${filters.size}" + limit.fold("")(rows => s" limit=$rows")

  // Asking would export the rows, also for an explain(): so it is decided by the column types alone.
  override def columnarSupportMode: Scan.ColumnarSupportMode = {
    val conf = SparkSession.active.sessionState.conf
    val whole = conf.wholeStageEnabled && !WholeStageCodegenExec.isTooManyFields(conf, required)
    if (required.nonEmpty && whole && ParquetUtils.isBatchReadSupportedForSchema(conf, required)) Scan.ColumnarSupportMode.SUPPORTED
    else Scan.ColumnarSupportMode.UNSUPPORTED
  }

  override def toBatch: Batch = this

  private lazy val parts: Batch = {
    val answer = Calls.call(
      "read.export",
      "planId" -> planId,
      "columns" -> required.fieldNames.toSeq,
      "filters" -> filters,
      "limit" -> limit
    )
    if (required.isEmpty) new CountedRows(answer.path("rows").asLong)
    else parquet(answer.path("location").asText, Calls.texts(answer.path("hadoopConf")))
  }

  private def parquet(location: String, conf: Map[String, String]): Batch = {
    val session = SparkSession.active
    val hadoop = session.sessionState.newHadoopConfWithOptions(conf)
    val index = new InMemoryFileIndex(session, Seq(new Path(location)), conf, Some(required))
    ParquetScan(
      session,
      hadoop,
      index,
      dataSchema = required,
      readDataSchema = required,
      readPartitionSchema = new StructType(),
      pushedFilters = Array.empty,
      options = new CaseInsensitiveStringMap(new util.HashMap[String, String]())
    )
  }

  override def planInputPartitions(): Array[InputPartition] = parts.planInputPartitions()

  override def createReaderFactory(): PartitionReaderFactory = parts.createReaderFactory()
}

/** Rows of which only the number is wanted. */
private final class CountedRows(rows: Long) extends Batch {
  override def planInputPartitions(): Array[InputPartition] = Array(CountedPartition(rows))
  override def createReaderFactory(): PartitionReaderFactory = CountedReaderFactory
}

private final case class CountedPartition(rows: Long) extends InputPartition

private object CountedReaderFactory extends PartitionReaderFactory {
  override def createReader(partition: InputPartition): PartitionReader[InternalRow] = new PartitionReader[InternalRow] {
    private var left = partition.asInstanceOf[CountedPartition].rows
    override def next(): Boolean = {
      left -= 1
      left >= 0
    }
    override def get(): InternalRow = InternalRow.empty
    override def close(): Unit = ()
  }
}
