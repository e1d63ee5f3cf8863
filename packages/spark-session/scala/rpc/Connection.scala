package crossview.spark.rpc

import java.io.{BufferedInputStream, BufferedOutputStream, IOException}
import java.net.Socket
import java.util.concurrent.{CompletableFuture, ConcurrentHashMap, ExecutionException}
import java.util.concurrent.atomic.AtomicLong

import com.fasterxml.jackson.databind.JsonNode
import crossview.spark.CrossviewError

/** The connection to the kernel: calls both ways, each of the kernel's in a thread of its own.
  *
  * @param onClose called once when the connection ends
  */
final class Connection(host: String, port: Int, onClose: () => Unit) {
  private val socket = new Socket(host, port)
  socket.setTcpNoDelay(true)
  private val out = new BufferedOutputStream(socket.getOutputStream, 1 << 16)
  private val numbers = new AtomicLong
  private val waiting = new ConcurrentHashMap[Long, CompletableFuture[JsonNode]]
  private val methods = new ConcurrentHashMap[String, JsonNode => JsonNode]
  private val running = new ConcurrentHashMap[String, Thread]
  @volatile private var closed = false

  /** Offers a method to the kernel. Register before `start`. */
  def method(name: String)(handler: JsonNode => JsonNode): Unit = methods.put(name, handler)

  def start(): Unit = daemon("session-reader") {
    val in = new BufferedInputStream(socket.getInputStream, 1 << 16)
    try Iterator.continually(Frames.read(in)).takeWhile(_.isDefined).flatten.foreach(body => take(Json.mapper.readTree(body)))
    catch { case _: IOException => () }
    finally end()
  }

  def call(method: String, params: JsonNode): JsonNode = {
    val number = numbers.incrementAndGet()
    val answer = new CompletableFuture[JsonNode]
    waiting.put(number, answer)
    try {
      if (closed) throw gone(method)
      send(Json.of("jsonrpc" -> "2.0", "id" -> number, "method" -> method, "params" -> params))
      answer.get()
    } catch {
      case stop: InterruptedException =>
        notify("$/cancelRequest", Json.of("id" -> number))
        throw stop
      case failed: ExecutionException =>
        failed.getCause match {
          case error: CrossviewError => throw error
          case _                     => throw gone(method)
        }
      case _: IOException => throw gone(method)
    } finally waiting.remove(number)
  }

  /** Tells the kernel something; does nothing once the session ended. */
  def notify(method: String, params: JsonNode): Unit =
    try if (!closed) send(Json.of("jsonrpc" -> "2.0", "method" -> method, "params" -> params))
    catch { case _: IOException => () }

  private def send(message: JsonNode): Unit = {
    val body = Json.mapper.writeValueAsBytes(message)
    out.synchronized(Frames.write(out, body))
  }

  private def take(message: JsonNode): Unit = {
    val id = message.get("id")
    if (!message.has("method")) {
      val answer = if (id == null) null else waiting.remove(id.asLong)
      if (answer != null) {
        if (message.has("error")) answer.completeExceptionally(WireErrors.fromWire(message.get("error")))
        else answer.complete(message.path("result"))
      }
    } else if (id != null) answer(id, message.path("method").asText, message.path("params"))
    else if (message.path("method").asText == "$/cancelRequest")
      Option(running.get(message.path("params").path("id").asText)).foreach(_.interrupt())
  }

  private def answer(id: JsonNode, method: String, params: JsonNode): Unit = {
    val thread = new Thread(
      () => {
        val reply = Json.of("jsonrpc" -> "2.0", "id" -> id)
        try {
          val handler = methods.get(method)
          if (handler == null)
            throw new CrossviewError("METHOD_UNKNOWN", s"The JVM has no method $method.", null, Map("method" -> method))
          reply.set[JsonNode]("result", handler(params))
        } catch { case thrown: Throwable => reply.set[JsonNode]("error", WireErrors.toWire(thrown)) } 
        finally running.remove(id.asText)
        Thread.interrupted()
        try send(reply)
        catch { case _: IOException => () }
      },
      s"session-$method"
    )
    thread.setDaemon(true)
    running.put(id.asText, thread)
    thread.start()
  }

  private def daemon(name: String)(body: => Unit): Unit = {
    val thread = new Thread(() => body, name)
    thread.setDaemon(true)
    thread.start()
  }

  private def end(): Unit = {
    closed = true
    waiting.values.forEach(answer => answer.completeExceptionally(new IOException("closed")))
    onClose()
  }

  private def gone(method: String) =
    new CrossviewError("PEER_GONE", s"The session ended before it answered $method.", "Restart the kernel.")
}
