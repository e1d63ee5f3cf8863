package crossview.spark

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.cells.{CellOutput, Failure, RunningCells, StoppedJobs}
import crossview.spark.repl.ScalaRepl
import crossview.spark.rpc.{Connection, Json}
import crossview.spark.sql.SqlCell
import crossview.spark.views.Views
import org.apache.spark.SparkConf
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.crossview.{PythonGateway, RGateway}
import org.apache.spark.sql.crossview.warehouse.Warehouse

import scala.jdk.CollectionConverters._

/** The JVM of a notebook: joins the session, starts Spark, and serves until the kernel ends. */
object Main {
  private val laterMilliseconds = 3000L

  def main(arguments: Array[String]): Unit = {
    val launch = Launch.read(System.in)
    Lifeline.watch(System.in)
    val connection = new Connection(launch.host, launch.port, () => Lifeline.end(0))
    Session.join(connection)
    try {
      connection.start()
      connection.call("session.hello", Json.of("token" -> launch.token, "role" -> "spark"))
      begin(connection, launch)
    } catch {
      case thrown: Throwable =>
        thrown.printStackTrace()
        connection.notify("spark.failed", Json.of("launch" -> launch.launch, "reason" -> Failure.chain(thrown)))
        Lifeline.end(1)
    }
  }

  private def begin(connection: Connection, launch: Launch): Unit = {
    // Before anything prints: Scala keeps the streams that it finds.
    CellOutput.install()
    val conf = new SparkConf(true).setAll(launch.conf).set("spark.repl.class.outputDir", launch.replClasses)
    val repl = new ScalaRepl(launch.replClasses, launch.preload)
    if (launch.warm == "now") beside("scala-warm-up")(repl.warm())
    val gateway = new PythonGateway(conf)
    val spark = SparkSession.builder().config(conf).getOrCreate()
    spark match {
      case classic: org.apache.spark.sql.classic.SparkSession => Warehouse.install(classic)
      case _                                                  => ()
    }
    Session.begin(spark)
    spark.sparkContext.addSparkListener(new JobProgress)
    spark.sparkContext.addSparkListener(new StoppedJobs(spark.sparkContext))
    offer(connection, repl, new SqlCell(spark), new Views(spark))
    connection.notify(
      "spark.ready",
      Json.of(
        "launch" -> launch.launch,
        "spark" -> spark.version,
        "scala" -> scala.util.Properties.versionNumberString,
        "java" -> System.getProperty("java.version"),
        "gatewayPort" -> gateway.port,
        "gatewaySecret" -> gateway.secret
      )
    )
    if (launch.warm == "later") beside("scala-warm-up") {
      // The cell that Spark was started for is not in Scala, and needs the processors now.
      Thread.sleep(laterMilliseconds)
      repl.warm()
    }
  }

  private def beside(name: String)(work: => Unit): Unit = {
    val thread = new Thread(() => work, name)
    thread.setDaemon(true)
    thread.start()
  }

  private def offer(connection: Connection, repl: ScalaRepl, sql: SqlCell, views: Views): Unit = {
    def text(params: JsonNode, name: String) = params.required(name).asText
    def optional(params: JsonNode, name: String) = Option(params.get(name)).filterNot(_.isNull)
    connection.method("scala.execute")(p => repl.execute(text(p, "cell"), text(p, "code")))
    connection.method("scala.complete")(p => repl.complete(text(p, "code"), p.required("cursor").asInt))
    connection.method("scala.inspect")(p => repl.inspect(text(p, "code"), p.required("cursor").asInt))
    connection.method("scala.isComplete")(p => repl.isComplete(text(p, "code")))
    connection.method("sql.execute") { p =>
      val view = optional(p, "view").map(_.asText)
      sql.execute(text(p, "cell"), text(p, "code"), p.required("headRows").asLong, text(p, "directory"), view)
    }
    val r = new RGateway
    connection.method("r.open")(_ => Json.of("port" -> r.port, "secret" -> r.secret))
    connection.method("views.list")(_ => views.list())
    connection.method("views.describe")(p => views.describe(text(p, "name")))
    connection.method("views.export") { p =>
      views.exportTo(text(p, "name"), text(p, "directory"), optional(p, "limit").map(_.asLong), text(p, "cell"))
    }
    connection.method("views.import") { p =>
      views.importFrom(text(p, "name"), p.required("parts").elements().asScala.map(_.asText).toSeq)
    }
    connection.method("views.drop")(p => views.drop(text(p, "name")))
    connection.method("cell.cancel") { p =>
      Json.of("found" -> RunningCells.cancel(text(p, "cell"), p.required("hard").asBoolean))
    }
  }
}
