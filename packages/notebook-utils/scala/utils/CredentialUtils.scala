package crossview.utils

import java.nio.charset.StandardCharsets.UTF_8
import java.util.Base64

import crossview.spark.rpc.Json

import scala.util.Try

/** `mssparkutils.credentials`: tokens of Entra, secrets and linked services, as the profile says. */
object CredentialUtils {
  private val functions = Seq(
    "getToken(audience: String, name: String = \"\"): String" -> "A token of Entra: Storage, DW, Vault, Synapse, pbi … or an address",
    "isValidToken(token: String): Boolean" -> "Whether a token has not expired yet",
    "getSecret(akvName: String, secret: String, linkedService: String = \"\"): String" -> "A secret of the profile",
    "getSecretWithLS(linkedService: String, secret: String): String" -> "The same, by the linked service's name",
    "getConnectionStringOrCreds(linkedService: String): String" -> "The connection string of a linked service"
  )

  def getToken(audience: String, name: String = ""): String = Calls.call("credentials.token", "audience" -> audience).path("token").asText

  def isValidToken(token: String): Boolean = Try {
    val claims = Json.parse(new String(Base64.getUrlDecoder.decode(token.split('.')(1)), UTF_8))
    claims.path("exp").asLong * 1000 > System.currentTimeMillis
  }.getOrElse(false)

  def getSecret(akvName: String, secret: String, linkedService: String = ""): String =
    Calls.call("secrets.get", "vault" -> akvName, "name" -> secret).path("value").asText

  def getSecretWithLS(linkedService: String, secret: String): String = getSecret(linkedService, secret)

  def getConnectionStringOrCreds(linkedService: String): String =
    Calls.call("credentials.connection", "name" -> linkedService).path("value").asText

  def getFullConnectionString(linkedService: String): String = getConnectionStringOrCreds(linkedService)

  def putSecret(akvName: String, secretName: String, secretValue: String): Nothing =
    Calls.refuse("credentials.putSecret", "secrets are read only here; write them where the profile's secrets point to.")

  def help(method: String = ""): Unit = Calls.help("credentials", method, functions)
}
