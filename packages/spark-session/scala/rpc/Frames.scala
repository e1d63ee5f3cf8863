package crossview.spark.rpc

import java.io.{EOFException, IOException, InputStream, OutputStream}
import java.nio.charset.StandardCharsets.US_ASCII

/** Messages as `Content-Length: N`, an empty line and N bytes (the base protocol of the Language Server Protocol). */
object Frames {
  private val longestHeader = 1024

  def write(out: OutputStream, body: Array[Byte]): Unit = {
    out.write(s"Content-Length: ${body.length}\r\n\r\n".getBytes(US_ASCII))
    out.write(body)
    out.flush()
  }

  /** The next body, or `None` at the end of the stream.
    *
    * @throws java.io.IOException for bytes that are no message
    */
  def read(in: InputStream): Option[Array[Byte]] = header(in).map { length =>
    val body = in.readNBytes(length)
    if (body.length < length) throw new EOFException("the stream ended in the middle of a message")
    body
  }

  private def header(in: InputStream): Option[Int] = {
    val text = new StringBuilder
    while (!text.endsWith("\r\n\r\n")) {
      val byte = in.read()
      if (byte < 0) return None
      text.append(byte.toChar)
      if (text.length > longestHeader) throw new IOException("a message header without an end")
    }
    val lengths = text.toString.linesIterator.map(_.split(":", 2)).collect {
      case Array(name, value) if name.trim.equalsIgnoreCase("content-length") => value.trim.toInt
    }
    Some(lengths.nextOption().filter(_ >= 0).getOrElse(throw new IOException("a message header without Content-Length")))
  }
}
