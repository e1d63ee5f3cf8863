package org.apache.spark.sql.crossview.synapse

import scala.jdk.CollectionConverters._
import scala.util.DynamicVariable

import _root_.crossview.spark.{CrossviewError, Session}
import _root_.crossview.spark.rpc.Json
import com.fasterxml.jackson.databind.JsonNode
import org.apache.spark.sql.classic.SparkSession

/** The kernel's `synapse.*` methods. */
private[synapse] object Calls {
  def call(method: String, params: (String, Any)*): JsonNode = Session.call(s"synapse.$method", Json.of(params: _*).toString)

  def texts(node: JsonNode): Map[String, String] =
    node.properties.asScala.map(entry => entry.getKey -> entry.getValue.asText).toMap

  def list(node: JsonNode): Seq[String] = node.elements.asScala.map(_.asText).toSeq

  /** Where lines for the user go: the cell, unless a caller shows them itself. */
  val output = new DynamicVariable[String => Unit](line => System.out.println(line))

  /** Shows a line, when there is one. */
  def say(line: String): Unit = if (line.nonEmpty) output.value(line)

  private val confPrefixes = Seq("spark.sqlanalyticsconnector.", "spark.databricks.sqldw.")

  /** The settings that stand in for options. */
  def conf(session: SparkSession): Map[String, String] =
    session.conf.getAll.filter { case (key, _) => confPrefixes.exists(key.startsWith(_)) } ++ Map(
      "spark.app.id" -> session.sparkContext.applicationId,
      "spark.app.name" -> session.sparkContext.appName
    )

  def values(node: JsonNode): Map[String, Any] =
    node.properties.asScala.map(entry => entry.getKey -> value(entry.getValue)).toMap

  private def value(node: JsonNode): Any =
    if (node.isIntegralNumber) node.asLong
    else if (node.isNumber) node.asDouble
    else if (node.isBoolean) node.asBoolean
    else node.asText

  /** The failure as a user may see it: the innermost error of ours, else the failure itself. */
  def reason(thrown: Throwable): Throwable =
    Iterator.iterate(thrown)(_.getCause).takeWhile(_ != null).take(20).collectFirst { case own: CrossviewError => own }.getOrElse(thrown)
}
