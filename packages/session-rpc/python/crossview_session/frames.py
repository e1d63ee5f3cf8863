"""Messages as ``Content-Length: N``, an empty line and N bytes of UTF-8 JSON."""

import json

LONGEST_HEADER = 1024


class FrameError(Exception):
    """Bytes that are no message; nothing after them can be read."""


def encode(message):
    """One message as bytes. Raises ``TypeError`` or ``ValueError`` for what JSON cannot carry, such as NaN."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def read(stream):
    """The next message of a buffered binary stream, or ``None`` at its end."""
    length = None
    while True:
        line = stream.readline(LONGEST_HEADER)
        if line == b"":
            return None
        if not line.endswith(b"\r\n"):
            raise FrameError("a header line without an end")
        if line == b"\r\n":
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if length is None or length < 0:
        raise FrameError("a header without Content-Length")
    body = stream.read(length)
    if len(body) < length:
        return None
    message = json.loads(body)
    if not isinstance(message, dict):
        raise FrameError("a message that is no object")
    return message
