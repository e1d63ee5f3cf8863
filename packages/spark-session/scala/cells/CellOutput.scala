package crossview.spark.cells

import java.io.{OutputStream, PrintStream}
import java.nio.{ByteBuffer, CharBuffer}
import java.nio.charset.{CodingErrorAction, StandardCharsets}
import java.util.concurrent.{Executors, ScheduledExecutorService, TimeUnit}

import crossview.spark.Session
import crossview.spark.rpc.Json
import org.apache.spark.TaskContext

/** The text that one cell writes, on its way to the kernel: in order, in pieces that grow with the speed of writing. */
final class CellOutput(val cell: String) {
  private val largest = 1 << 16
  private val decoders = Seq("stdout", "stderr").map(name => name -> new Utf8).toMap
  private val pending = new StringBuilder
  private var pendingName = "stdout"
  private var scheduled = false

  def write(name: String, bytes: Array[Byte], offset: Int, length: Int): Unit = synchronized {
    if (name != pendingName) flush()
    pendingName = name
    decoders(name).decode(bytes, offset, length, pending)
    if (pending.length >= largest) flush()
    else if (!scheduled && pending.nonEmpty) {
      scheduled = true
      CellOutput.timer.schedule((() => flushLater()): Runnable, 20, TimeUnit.MILLISECONDS)
    }
  }

  def write(name: String, text: String): Unit = {
    val bytes = text.getBytes(StandardCharsets.UTF_8)
    write(name, bytes, 0, bytes.length)
  }

  def flush(): Unit = synchronized {
    if (pending.nonEmpty) {
      Session.notify("cell.stream", Json.of("cell" -> cell, "name" -> pendingName, "text" -> pending.toString))
      pending.clear()
    }
  }

  private def flushLater(): Unit = synchronized {
    scheduled = false
    flush()
  }
}

/** Keeps the bytes of an unfinished character for the next piece. */
private final class Utf8 {
  private val decoder = StandardCharsets.UTF_8
    .newDecoder()
    .onMalformedInput(CodingErrorAction.REPLACE)
    .onUnmappableCharacter(CodingErrorAction.REPLACE)
  private var rest = Array.emptyByteArray

  def decode(bytes: Array[Byte], offset: Int, length: Int, into: StringBuilder): Unit = {
    val in =
      if (rest.isEmpty) ByteBuffer.wrap(bytes, offset, length)
      else ByteBuffer.wrap(rest ++ bytes.slice(offset, offset + length))
    val out = CharBuffer.allocate(in.remaining() + 1)
    decoder.decode(in, out, false)
    into.append(out.flip())
    rest = new Array[Byte](in.remaining())
    in.get(rest)
  }
}

/** Standard output and error of the JVM follow the cell that writes: by thread, and inside Spark tasks by the task's cell. */
object CellOutput {
  private[cells] val timer: ScheduledExecutorService = Executors.newSingleThreadScheduledExecutor { (task: Runnable) =>
    val thread = new Thread(task, "cell-output")
    thread.setDaemon(true)
    thread
  }
  private val ofThread = new InheritableThreadLocal[CellOutput]
  private val open = new java.util.concurrent.ConcurrentHashMap[String, CellOutput]

  /** Replaces `System.out` and `System.err`; what no cell writes goes where it went before, to the log of the JVM. */
  def install(): Unit = {
    System.setOut(new PrintStream(new Routed("stdout", System.out), true, "UTF-8"))
    System.setErr(new PrintStream(new Routed("stderr", System.err), true, "UTF-8"))
  }

  /** Runs `body` with everything it prints, in this thread and those it starts, going to the cell. */
  def during[A](cell: String)(body: CellOutput => A): A = {
    val output = new CellOutput(cell)
    val before = ofThread.get
    ofThread.set(output)
    open.put(cell, output)
    try scala.Console.withOut(System.out)(scala.Console.withErr(System.err)(body(output)))
    finally {
      open.remove(cell)
      ofThread.set(before)
      output.flush()
    }
  }

  /** Sends what the running cell has written so far, before something that must come after it. */
  def flushCurrent(): Unit = Option(current).foreach(_.flush())

  private def current: CellOutput = {
    val task = TaskContext.get()
    val ofTask = if (task == null) null else Option(task.getLocalProperty(Session.cellProperty)).map(open.get).orNull
    if (ofTask != null) ofTask else ofThread.get
  }

  private final class Routed(name: String, otherwise: PrintStream) extends OutputStream {
    override def write(byte: Int): Unit = write(Array(byte.toByte), 0, 1)
    override def write(bytes: Array[Byte], offset: Int, length: Int): Unit = {
      val output = current
      if (output == null) otherwise.write(bytes, offset, length) else output.write(name, bytes, offset, length)
    }
    override def flush(): Unit = otherwise.flush()
  }
}
