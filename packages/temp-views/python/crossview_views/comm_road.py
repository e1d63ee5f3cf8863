"""The road to a kernel on another host: rows are binary buffers of comm messages, in chunks of 4 MiB.

The kernel of the notebook answers on the control channel, which is read while a cell runs; a comm message on the shell
channel would wait for the end of the cell that waits for it. What is said stands in ``docs/guide/views.md``.
"""

import io
import itertools
import queue

import pyarrow as pa
from crossview_session import CrossviewError

from . import arrow_files

target = "crossview.views"
chunk_bytes = 4 * 1024 * 1024
#: chunks under way that the other side has not taken yet
window = 2


class CommRoad:
    def __init__(self, kernel=None, create_comm=None):
        """Must be made in a kernel that is based on ipykernel 6 or newer, whose control channel has a thread of its own."""
        if kernel is None:
            from ipykernel.kernelbase import Kernel

            kernel = Kernel.instance()
        if create_comm is None:
            from comm import create_comm
        self._kernel = kernel
        self._create_comm = create_comm
        self._comm = None
        self._numbers = itertools.count(1)
        self._exchanges = {}
        self._others = kernel.comm_manager.comm_msg
        kernel.control_handlers["comm_msg"] = self._arrived

    def call(self, method, params):
        exchange = self._begin(method, params)
        try:
            return exchange.answer()
        except BaseException:
            exchange.cancel()
            raise
        finally:
            exchange.close()

    def open(self, name, limit=None):
        exchange = self._begin("read", {"name": name} if limit is None else {"name": name, "limit": limit})
        try:
            return ArrivingRows(name, exchange, exchange.answer())
        except BaseException:
            exchange.cancel()
            raise

    def publish(self, name, reader, language, table=None):
        exchange = self._begin("write", {"name": name, "language": language})
        try:
            exchange.answer()
            sink = _Sink(exchange)
            with pa.ipc.new_stream(pa.PythonFile(sink, "w"), reader.schema) as writer:
                for batch in arrow_files.sliced(reader):
                    writer.write_batch(batch)
            sink.finish()
            return exchange.answer()
        except BaseException:
            exchange.cancel()
            raise
        finally:
            exchange.close()

    def _begin(self, method, params):
        if self._comm is None:
            self._comm = self._create_comm(target_name=target, data={})
        exchange = _Exchange(self, str(next(self._numbers)))
        self._exchanges[exchange.id] = exchange
        exchange.send({"method": method, "params": params})
        return exchange

    def _arrived(self, stream, ident, message):
        """Called in the control thread."""
        content = message["content"]
        if self._comm is None or content.get("comm_id") != self._comm.comm_id:
            return self._others(stream, ident, message)
        data = content.get("data") or {}
        exchange = self._exchanges.get(data.get("id"))
        if exchange is not None:
            exchange.arrived(data, message.get("buffers") or [])
        return None


class _Exchange:
    """One question and what belongs to it, told apart by a number."""

    def __init__(self, road, number):
        self.id = number
        self._road = road
        self._incoming = queue.SimpleQueue()
        self._free = window
        self._over = False

    def send(self, data, buffers=None):
        self._road._comm.send({"id": self.id, **data}, buffers=buffers)

    def arrived(self, data, buffers):
        self._incoming.put((data, buffers))

    def answer(self):
        """Waits for the answer.

        Raises:
            CrossviewError: what the kernel of the notebook answered instead.
        """
        while True:
            data, _ = self._next()
            if "result" in data:
                return data["result"]

    def chunk(self):
        """The next piece of the rows: ``(part, is it the part's last, bytes)``; ``None`` after the last part."""
        data, buffers = self._next()
        if data.get("end"):
            self._over = True
            return None
        self.send({"ack": data["chunk"]})
        return data["part"], data["last"], memoryview(buffers[0]) if buffers else memoryview(b"")

    def give(self, number, piece):
        """Sends a piece, when the other side has room for it."""
        while self._free == 0:
            self._took(self._next()[0])
        self._free -= 1
        self.send({"chunk": number}, [piece])

    def close(self):
        self._road._exchanges.pop(self.id, None)

    def cancel(self):
        if not self._over:
            self._over = True
            self.send({"cancel": True})
        self.close()

    def _took(self, data):
        if "ack" in data:
            self._free += 1

    def _next(self):
        data, buffers = self._incoming.get()
        if "error" in data:
            self._over = True
            error = data["error"]
            raise CrossviewError(error["code"], error["message"], error.get("hint"), error.get("facts"))
        return data, buffers


class ArrivingRows:
    """Rows that come once, and only as fast as they are taken."""

    mapped = False

    def __init__(self, name, exchange, facts):
        self._name = name
        self._exchange = exchange
        self._parts = facts["parts"]
        self.rows = facts["rows"]
        self.bytes = facts["bytes"]

    def schema(self):
        try:
            with pa.ipc.open_stream(pa.PythonFile(_Source(self._exchange, 0), "r")) as reader:
                return reader.schema
        finally:
            self.close()

    def table(self):
        try:
            tables = []
            for part in range(self._parts):
                source = _Source(self._exchange, part)
                tables.append(pa.ipc.open_stream(source.whole()).read_all())
            return arrow_files.joined(tables)
        finally:
            self.close()

    def batches(self):
        try:
            for part in range(self._parts):
                source = _Source(self._exchange, part)
                with pa.ipc.open_stream(pa.PythonFile(source, "r")) as reader:
                    yield from reader
                source.drain()
        finally:
            self.close()

    def close(self):
        self._exchange.cancel()

    def __del__(self):
        # Rows that nobody has begun to take would wait for ever.
        try:
            self.close()
        except Exception:
            pass


class _Source(io.RawIOBase):
    """The bytes of one part, as a file that is read once from the front."""

    def __init__(self, exchange, part):
        self._exchange = exchange
        self._part = part
        self._rest = memoryview(b"")
        self._last = False

    def readable(self):
        return True

    def whole(self):
        """All bytes as one buffer, which Arrow uses in place."""
        pieces = []
        while (piece := self._piece()) is not None:
            pieces.append(piece)
        return pa.py_buffer(b"".join(pieces))

    def drain(self):
        while self._piece() is not None:
            pass

    def read(self, size=-1):
        pieces = []
        while size != 0:
            if not self._rest:
                piece = self._piece()
                if piece is None:
                    break
                self._rest = memoryview(piece)
            taken = self._rest if size < 0 else self._rest[:size]
            self._rest = self._rest[len(taken) :]
            if size > 0:
                size -= len(taken)
            pieces.append(taken)
        return b"".join(pieces)

    def _piece(self):
        if self._last:
            return None
        chunk = self._exchange.chunk()
        if chunk is None:
            self._last = True
            return None
        _, self._last, data = chunk
        return data


class _Sink(io.RawIOBase):
    """A file whose bytes go to the kernel of the notebook."""

    def __init__(self, exchange):
        self._exchange = exchange
        self._waiting = bytearray()
        self._count = 0

    def writable(self):
        return True

    def write(self, data):
        view = memoryview(data).cast("B")
        for start in range(0, len(view), chunk_bytes):
            self._waiting += view[start : start + chunk_bytes]
            while len(self._waiting) >= chunk_bytes:
                self._give(chunk_bytes)
        return len(view)

    def finish(self):
        if self._waiting:
            self._give(len(self._waiting))
        self._exchange.send({"end": True})

    def _give(self, size):
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._exchange.give(self._count, piece)
        self._count += 1
