package org.apache.spark.sql.crossview

import org.apache.spark.api.r.RBackend

/** The end of Spark that R talks to. It starts with the first R cell, and ends with this JVM. */
final class RGateway {
  private lazy val opened: (Int, String) = {
    val backend = new RBackend
    val (port, helper) = backend.init()
    val thread = new Thread(() => backend.run(), "r-backend")
    thread.setDaemon(true)
    thread.start()
    (port, helper.secret)
  }

  def port: Int = opened._1
  def secret: String = opened._2
}
