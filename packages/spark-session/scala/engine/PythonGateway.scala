package org.apache.spark.sql.crossview

import org.apache.spark.SparkConf
import org.apache.spark.api.python.Py4JServer

/** The door through which Python processes attach to this JVM: Py4J on loopback, with a secret of its own. */
final class PythonGateway(conf: SparkConf) {
  private val server = new Py4JServer(conf)
  server.start()

  def port: Int = server.getListeningPort
  def secret: String = server.secret
  def close(): Unit = server.shutdown()
}
