package crossview.utils

/** `mssparkutils.env`: who runs this notebook, and where. */
object EnvironmentUtils {
  private val functions = Seq("getUserName", "getUserId", "getJobId", "getWorkspaceName", "getPoolName", "getClusterId")

  private def get(name: String): String = Calls.call("environment.get").path(name).asText

  def getUserName(): String = get("userName")
  def getUserId(): String = get("userId")
  def getJobId(): String = get("jobId")
  def getWorkspaceName(): String = get("workspaceName")
  def getPoolName(): String = get("poolName")
  def getClusterId(): String = get("clusterId")
  def help(method: String = ""): Unit = Calls.help("env", method, functions.map(name => s"$name(): String" -> "As the name says"))
}

/** `mssparkutils.runtime`. */
object RuntimeUtils {
  def context: Map[String, Any] = {
    val known = Calls.call("environment.get")
    def text(name: String) = known.path(name).asText
    Map(
      "currentNotebookName" -> text("notebookName"),
      "currentWorkspaceName" -> text("workspaceName"),
      "defaultLakehouseName" -> text("lakehouseName"),
      "isForPipeline" -> false,
      "userName" -> text("userName"),
      "userId" -> text("userId"),
      "clusterId" -> text("clusterId"),
      "poolName" -> text("poolName"),
      "activityId" -> text("jobId")
    )
  }
  def help(method: String = ""): Unit = Calls.help("runtime", method, Seq("context: Map[String, Any]" -> "Where this notebook runs"))
}

/** `mssparkutils.session`. */
object SessionUtils {
  def stop(): Unit = Calls.call("session.stop", "what" -> "all")
  def restartPython(): Unit = Calls.call("session.stop", "what" -> "python")
  def help(method: String = ""): Unit = Calls.help(
    "session",
    method,
    Seq("stop(): Unit" -> "Ends Spark and Python of this session when the cell is over", "restartPython(): Unit" -> "Ends Python when the cell is over")
  )
}
