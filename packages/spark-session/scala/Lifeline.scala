package crossview.spark

import java.io.{IOException, InputStream}

/** Ties this JVM to the kernel: standard input ends when the kernel ends, however it ends. */
object Lifeline {
  private val goodbyeMilliseconds = 6000L

  def watch(in: InputStream): Unit = daemon("lifeline") {
    try while (in.read() >= 0) {}
    catch { case _: IOException => () }
    end(0)
  }

  /** Ends the JVM with its shutdown hooks, and without them when they do not come to an end. */
  def end(status: Int): Unit = {
    daemon("last-resort") {
      Thread.sleep(goodbyeMilliseconds)
      Runtime.getRuntime.halt(status)
    }
    System.exit(status)
  }

  private def daemon(name: String)(body: => Unit): Unit = {
    val thread = new Thread(() => body, name)
    thread.setDaemon(true)
    thread.start()
  }
}
