package crossview.spark

import java.util.Properties
import java.util.concurrent.CountDownLatch

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.rpc.{Connection, Json}
import org.apache.spark.sql.SparkSession

/** The session that this JVM belongs to, for the other Scala parts of Crossview. */
object Session {
  @volatile private var connection: Connection = _
  @volatile private var session: SparkSession = _

  private val begun = new CountDownLatch(1)

  /** The one SparkSession of the notebook. */
  def spark: SparkSession = session

  /** The same; waits until there is one. */
  def awaited: SparkSession = {
    begun.await()
    session
  }

  /** Calls a method of the kernel. Blocks; an interrupt gives the call up on both sides.
    *
    * @throws CrossviewError with the kernel's own code; `PEER_GONE` when the session ended
    */
  def call(method: String, paramsJson: String): JsonNode = connection.call(method, Json.parse(paramsJson))

  def notify(method: String, params: JsonNode): Unit = connection.notify(method, params)

  /** The id of the cell that runs in this thread, or in the one that started it; empty outside of cells.
    * Follows calls from Python, whose cell id is a local property of the same name.
    */
  def currentCell: String =
    Option(session).flatMap(s => Option(s.sparkContext.getLocalProperty(cellProperty))).getOrElse("")

  /** The id of the cell that a job with these properties belongs to. */
  def cellOf(properties: Properties): Option[String] =
    Option(properties).flatMap(found => Option(found.getProperty(cellProperty)))

  /** Spark's local property that holds the id of the running cell. */
  val cellProperty = "crossview.cell"

  private[spark] def join(to: Connection): Unit = connection = to
  private[spark] def begin(spark: SparkSession): Unit = {
    session = spark
    begun.countDown()
  }
}
