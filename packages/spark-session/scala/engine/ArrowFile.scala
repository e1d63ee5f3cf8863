package org.apache.spark.sql.crossview

import java.io.IOException
import java.nio.{ByteBuffer, MappedByteBuffer}
import java.nio.channels.FileChannel
import java.nio.channels.FileChannel.MapMode
import java.nio.file.{Path, StandardOpenOption}

import scala.collection.mutable

import org.apache.arrow.flatbuf.{MessageHeader, RecordBatch}
import org.apache.arrow.vector.ipc.ReadChannel
import org.apache.arrow.vector.ipc.message.{MessageMetadataResult, MessageSerializer}
import org.apache.arrow.vector.types.pojo.Schema

/** A record batch as it lies in its file: the metadata as read, the body as a piece of mapped memory. */
final case class StoredBatch(metadata: ByteBuffer, body: ByteBuffer, rows: Long, bytes: Long)

/** A stream file of record batches, mapped into memory. The mapping outlives the file's name: what was read once stays
  * readable after the file was replaced or removed, until no frame refers to it any more.
  */
final case class ArrowFile(schema: Schema, batches: Seq[StoredBatch])

object ArrowFile {
  // A ByteBuffer holds less than 2 GiB, so that large files are mapped in pieces that end with a batch.
  private val largestMapping = 1L << 30

  private final case class Place(metadata: MessageMetadataResult, start: Long, length: Long)

  /** @throws java.io.IOException for what is no Arrow stream, or was cut off */
  def map(path: Path): ArrowFile = {
    val channel = FileChannel.open(path, StandardOpenOption.READ)
    try {
      val (schema, places) = index(channel)
      ArrowFile(schema, mapped(channel, places))
    } finally channel.close()
  }

  private def index(channel: FileChannel): (Schema, Seq[Place]) = {
    val in = new ReadChannel(channel)
    val first = MessageSerializer.readMessage(in)
    if (first == null || first.headerType != MessageHeader.Schema) throw new IOException("it has no schema")
    val schema = MessageSerializer.deserializeSchema(first.getMessage)
    val places = mutable.ArrayBuffer.empty[Place]
    var next = MessageSerializer.readMessage(in)
    while (next != null) {
      if (next.headerType != MessageHeader.RecordBatch) throw new IOException(s"a message of kind ${next.headerType}")
      val start = channel.position()
      val end = start + next.getMessageBodyLength
      if (end > channel.size) throw new IOException("it ends in the middle of a batch")
      places += Place(next, start, next.getMessageBodyLength)
      channel.position(end)
      next = MessageSerializer.readMessage(in)
    }
    (schema, places.toSeq)
  }

  private def mapped(channel: FileChannel, places: Seq[Place]): Seq[StoredBatch] = {
    val batches = Seq.newBuilder[StoredBatch]
    var rest = places
    while (rest.nonEmpty) {
      val from = rest.head.start
      val fitting = rest.takeWhile(place => place.start + place.length - from <= largestMapping)
      val group = if (fitting.isEmpty) rest.take(1) else fitting
      val until = group.last.start + group.last.length
      val memory: MappedByteBuffer = channel.map(MapMode.READ_ONLY, from, until - from)
      group.foreach { place =>
        val header = place.metadata.getMessage.header(new RecordBatch).asInstanceOf[RecordBatch]
        val body = memory.slice((place.start - from).toInt, place.length.toInt)
        batches += StoredBatch(place.metadata.getMessageBuffer, body, header.length, place.length)
      }
      rest = rest.drop(group.length)
    }
    batches.result()
  }
}
