package crossview.test

import java.net.{InetAddress, ServerSocket}
import javax.security.sasl.AuthenticationException

import scala.io.StdIn

import org.apache.hive.service.auth.PasswdAuthenticationProvider
import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2

/** Accepts the one password `Pa55 word!`, whoever asks. */
class OnePassword extends PasswdAuthenticationProvider {
  override def Authenticate(user: String, password: String): Unit =
    if (password != "Pa55 word!") throw new AuthenticationException(s"wrong password for $user")
}

/**
 * Spark's own Thrift servers in one JVM over one session, for tests. A line on standard input is one server or one SQL text:
 * `start {binary|http} {NONE|NOSASL|CUSTOM} [keystore]` answers `PORT n`; `sql TEXT` answers `DONE`; anything that fails answers `FAILED text`.
 * The end of standard input ends the JVM.
 */
object ThriftServers {
  private def freePort(): Int = {
    val socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))
    try socket.getLocalPort finally socket.close()
  }

  def main(arguments: Array[String]): Unit = {
    val out = System.out
    System.setOut(System.err)
    val spark = SparkSession.builder().appName("thrift-servers").master("local[2]").getOrCreate()

    def start(mode: String, authentication: String, keystore: Option[String]): Int = {
      val port = freePort()
      val settings = Map(
        "hive.server2.transport.mode" -> mode,
        "hive.server2.thrift.port" -> port.toString,
        "hive.server2.thrift.http.port" -> port.toString,
        "hive.server2.thrift.http.path" -> "cliservice",
        "hive.server2.thrift.bind.host" -> "127.0.0.1",
        "hive.server2.thrift.http.cookie.is.secure" -> keystore.isDefined.toString,
        "hive.server2.authentication" -> authentication,
        "hive.server2.custom.authentication.class" -> classOf[OnePassword].getName,
        "hive.server2.enable.doAs" -> "false",
        "hive.server2.use.SSL" -> keystore.isDefined.toString,
        "hive.server2.keystore.path" -> keystore.getOrElse(""),
        "hive.server2.keystore.password" -> (if (keystore.isDefined) "changeit" else ""))
      for ((key, value) <- settings) {
        System.setProperty(key, value)
        // A client's session leaves its server's settings in the one Spark session, where they would win.
        spark.conf.unset(key)
        spark.sparkContext.hadoopConfiguration.set(key, value)
      }
      // Hive keeps the settings of a thread's first server: each server is started by a thread of its own.
      var failure: Option[Throwable] = None
      val starter = new Thread(() =>
        try HiveThriftServer2.startWithSparkSession(spark, false)
        catch { case thrown: Throwable => failure = Some(thrown) })
      starter.start()
      starter.join()
      failure.foreach(throw _)
      port
    }

    out.println("READY")
    var line = StdIn.readLine()
    while (line != null) {
      val answer =
        try {
          line.split(" ", 2) match {
            case Array("start", rest) =>
              val parts = rest.split(" ")
              s"PORT ${start(parts(0), parts(1), parts.lift(2))}"
            case Array("sql", text) =>
              spark.sql(text).collect()
              "DONE"
            case _ => s"FAILED unknown request"
          }
        } catch {
          case failure: Throwable => s"FAILED ${String.valueOf(failure.getMessage).linesIterator.take(3).mkString(" ")}"
        }
      out.println(answer)
      line = StdIn.readLine()
    }
    Runtime.getRuntime.halt(0)
  }
}
