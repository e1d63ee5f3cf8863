package com.microsoft.azure.synapse.tokenlibrary

import crossview.utils.CredentialUtils

import scala.jdk.CollectionConverters._

/** Synapse's TokenLibrary over the same credentials as `mssparkutils`; Python reaches it by `sc._jvm`. */
object TokenLibrary {
  def getSecret(vault: String, secret: String): String = CredentialUtils.getSecret(vault, secret)
  def getSecret(vault: String, secret: String, linkedService: String): String = CredentialUtils.getSecret(vault, secret, linkedService)
  def getSecretWithLS(linkedService: String, secret: String): String = CredentialUtils.getSecretWithLS(linkedService, secret)
  def getConnectionString(linkedService: String): String = CredentialUtils.getConnectionStringOrCreds(linkedService)
  def getFullConnectionString(linkedService: String): String = CredentialUtils.getConnectionStringOrCreds(linkedService)
  def getAccessToken(audience: String): String = CredentialUtils.getToken(audience)
  def getAccessToken(audience: String, name: String): String = CredentialUtils.getToken(audience, name)

  def help(): Unit = CredentialUtils.help()

  /** The parts of a connection string; a `java.util.Map`, as Py4J and Scala both know it. */
  def getConnectionStringAsMap(linkedService: String): java.util.Map[String, String] =
    getConnectionString(linkedService).split(';').filter(_.contains("=")).map { part =>
      val at = part.indexOf('=')
      part.take(at).trim -> part.drop(at + 1)
    }.toMap.asJava
}
