package crossview.spark.repl

import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.{CrossviewError, Session}
import crossview.spark.cells.{CellOutput, Outcome}
import crossview.spark.rpc.Json
import org.apache.spark.sql.SparkSession

import scala.tools.nsc.{Global, Settings}
import scala.tools.nsc.interpreter.{IMain, ReplGlobal, Results}
import scala.tools.nsc.interpreter.shell.ShellConfig
import scala.tools.nsc.plugins.Plugin
import scala.tools.nsc.reporters.Reporter

/** The Scala interpreter of the notebook.
  *
  * @param classes where it writes the classes of cells; the executors load them from there
  * @param preload lines that every notebook starts with; one that does not compile is left out
  */
final class ScalaRepl(classes: String, preload: Seq[String]) {
  private val lock = new ReentrantLock
  @volatile private var holder = ""

  private val settings = {
    val made = new Settings(message => System.err.println(message))
    val classPath = System.getProperty("java.class.path")
    val flags = List("-Yrepl-class-based", "-Yrepl-outdir", classes, "-classpath", classPath, "-nowarn")
    made.processArguments(flags, processAll = true)
    made
  }
  private val reporter = new CellReporter(ShellConfig(settings), settings)
  private lazy val main: IMain = begin()
  private lazy val assistance = new ScalaAssistance(main, reporter)

  /** Compiles once what a first cell would pay for, unless one runs. May be called before there is a Spark session: it waits
    * for that.
    */
  def warm(): Unit = if (lock.tryLock()) {
    holder = "warm-up"
    try {
      val _ = main
    } finally {
      holder = ""
      lock.unlock()
    }
  }

  /** Runs a cell. A failure of the user's code is an outcome, not an exception.
    *
    * @throws CrossviewError `SCALA_BUSY` when an earlier cell does not end
    */
  def execute(cell: String, code: String): JsonNode = Outcome.of(cell) {
    CellOutput.during(cell) { output =>
      try locked(cell, 2)(run(cell, code, output))
      catch {
        case busy: CrossviewError if busy.code == "SCALA_BUSY" => throw busy
        case thrown: Throwable                                 => Outcome.failed(cell, thrown)
      }
    }
  }

  /** Names that fit at the cursor. Empty while a cell runs: the compiler serves one at a time. */
  def complete(code: String, cursor: Int): JsonNode =
    whenFree(Json.of("matches" -> Nil, "start" -> cursor, "end" -> cursor))(assistance.complete(code, cursor))

  def inspect(code: String, cursor: Int): JsonNode =
    whenFree(Json.of("text" -> None))(Json.of("text" -> assistance.inspect(code, cursor)))

  def isComplete(code: String): JsonNode = whenFree(Json.of("status" -> "unknown")) {
    val status = reporter.suppressOutput(CellPieces.of(main, code)) match {
      case CellPieces.Incomplete => "incomplete"
      case CellPieces.Invalid    => "invalid"
      case _                     => "complete"
    }
    Json.of("status" -> status)
  }

  private def begin(): IMain = {
    val made = new IMain(settings, reporter) {
      override lazy val global: Global = {
        settings.outputDirs.setSingleOutput(replOutput.dir)
        settings.exposeEmptyPackage.value = true
        val compiler = new Global(settings, reporter) with ReplGlobal {
          override protected def loadRoughPluginsList(): List[Plugin] = new StopChecks(this) :: super.loadRoughPluginsList()
        }
        new compiler.Run()
        compiler
      }
    }
    made.initializeCompiler()
    val names = Seq(
      "@transient val spark = crossview.spark.Session.awaited",
      "@transient val sc = spark.sparkContext",
      "@transient val sqlContext = spark.sqlContext",
      "import spark.implicits._",
      "import spark.sql",
      "import org.apache.spark.sql.functions._",
      "import crossview.spark.Notebook._"
    )
    // Nothing of it is run. Compiling it loads what most cells need, beside the start of Spark; the names wait for that.
    reporter.suppressOutput(made.interpretSynthetic(sample))
    reporter.suppressOutput(made.interpret(names.mkString("\n")))
    if (preload.nonEmpty && reporter.suppressOutput(made.interpret(preload.mkString("\n"))) != Results.Success)
      preload.foreach { line =>
        if (reporter.suppressOutput(made.interpret(line)) != Results.Success)
          System.err.println(s"left out of the Scala session, because it does not compile: $line")
      }
    made
  }

  private val sample =
    """def sample(spark: org.apache.spark.sql.SparkSession): Unit =
      |  println(s"${spark.range(1).selectExpr("id").where("id > 0").collect().map(_.getLong(0)).toSeq}")""".stripMargin

  private def run(cell: String, code: String, output: CellOutput): JsonNode = {
    SparkSession.setActiveSession(Session.spark)
    val loader = Thread.currentThread.getContextClassLoader
    try {
      reporter.begin()
      CellPieces.of(main, code) match {
        case CellPieces.Empty      => Outcome.ok()
        case CellPieces.Incomplete =>
          val text = "The cell is not complete: a bracket, a quote or an expression is still open at its end."
          Outcome.error("IncompleteCell", text, Seq(s"IncompleteCell: $text"))
        case CellPieces.Invalid          => compileError
        case CellPieces.Complete(pieces) => runPieces(cell, code, pieces, output)
      }
    } finally Thread.currentThread.setContextClassLoader(loader)
  }

  private def runPieces(cell: String, code: String, pieces: Seq[String], output: CellOutput): JsonNode = {
    val before = lastException
    val texts = new StringBuilder
    var index = 0
    var failed: JsonNode = null
    while (failed == null && index < pieces.length) {
      reporter.begin()
      var result = main.interpret(pieces(index))
      if (result != Results.Success && !reporter.threw && index == 0 && pieces.length > 1) {
        // A definition may need something that stands further down in the cell: then only the whole compiles.
        reporter.begin()
        result = main.interpret(code)
        index = pieces.length
      }
      texts.append(reporter.resultText)
      if (result != Results.Success) failed = failure(cell, before)
      index += 1
    }
    output.flush()
    if (texts.nonEmpty)
      Session.notify("cell.result", Json.of("cell" -> cell, "data" -> Map("text/plain" -> texts.toString.stripLineEnd)))
    if (failed != null) failed else Outcome.unlessStopped(cell)(Outcome.ok())
  }

  private def failure(cell: String, before: Option[Throwable]): JsonNode =
    Outcome.unlessStopped(cell) {
      if (!reporter.threw) compileError
      else
        lastException.filterNot(before.contains) match {
          case Some(thrown) => Outcome.failed(cell, thrown)
          case None         => Outcome.error("Exception", "The cell failed.", Seq("Exception: The cell failed."))
        }
    }

  private def compileError: JsonNode = {
    val problems = reporter.problems
    val first = problems.headOption.fold("The cell does not compile.")(_.message)
    Outcome.error("CompileError", first, if (problems.isEmpty) Seq(first) else problems.flatMap(_.lines))
  }

  private def lastException: Option[Throwable] =
    try main.valueOfTerm("lastException").collect { case thrown: Throwable => thrown }
    catch { case _: Exception => None }

  private def locked[A](who: String, seconds: Long)(body: => A): A = {
    // The warm-up is waited for; a cell that does not end is not.
    val patience = if (holder == "warm-up") 600 else seconds
    if (!lock.tryLock(patience, TimeUnit.SECONDS))
      throw new CrossviewError(
        "SCALA_BUSY",
        s"The Scala session is still busy with an earlier cell ($holder) that could not be stopped.",
        "Restart the kernel, or run %%configure -f, to get a fresh session.",
        Map("cell" -> holder)
      )
    holder = who
    try body
    finally {
      holder = ""
      lock.unlock()
    }
  }

  private def whenFree(otherwise: JsonNode)(body: => JsonNode): JsonNode =
    if (!lock.tryLock(if (holder == "warm-up") 15000 else 300, TimeUnit.MILLISECONDS)) otherwise
    else
      try body
      finally lock.unlock()
}
