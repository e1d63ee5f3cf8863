package crossview.spark

/** What happened to which thing, and what to do; the same on every side of the session.
  *
  * @param code a word that never changes, such as `VIEW_NOT_FOUND`
  * @param hint what the reader can do now, or `null`
  * @param facts names and numbers of the failure; never a secret
  */
class CrossviewError(
    val code: String,
    val text: String,
    val hint: String = null,
    val facts: Map[String, Any] = Map.empty,
    cause: Throwable = null
) extends RuntimeException(if (hint == null) text else s"$text\n$hint", cause)
