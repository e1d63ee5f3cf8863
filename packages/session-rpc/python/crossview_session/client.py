"""A connection to the kernel of the session."""

import itertools
import queue
import socket
import threading

from . import frames
from .errors import CrossviewError, from_wire, to_wire


class _Answer:
    """A place where one call waits. ``Event.wait`` without a limit lets KeyboardInterrupt through."""

    __slots__ = ("done", "error", "result")

    def __init__(self):
        self.done = threading.Event()
        self.error = None
        self.result = None


class Session:
    """The kernel's methods, callable from any thread, also while a cell runs.

    A reader thread takes what arrives; methods registered here run in threads of their own; notifications are handed
    on one after the other, in the order they came.
    """

    def __init__(self, connection, role):
        self.role = role
        self.session_id = None
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._write_lock = threading.Lock()
        self._state_lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting = {}
        self._methods = {}
        self._listeners = {}
        self._notices = queue.SimpleQueue()
        self._close_listeners = []
        self._closed = False
        self._start(self._read, "crossview-session-reader")
        self._start(self._hand_on, "crossview-session-notices")

    @property
    def closed(self):
        return self._closed

    def call(self, method, params=None, timeout=None):
        """Calls a method of the kernel and gives its result.

        Raises:
            CrossviewError: with the kernel's own code; ``PEER_GONE`` when the session ended; ``TIMEOUT`` when no
                answer came within ``timeout`` seconds.
            KeyboardInterrupt: when the user pressed Stop; the kernel is told to give the call up.
        """
        answer = _Answer()
        number = next(self._numbers)
        with self._state_lock:
            if self._closed:
                raise self._gone(method)
            self._waiting[number] = answer
        try:
            self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}})
            if not answer.done.wait(timeout):
                self.notify("$/cancelRequest", {"id": number})
                raise CrossviewError("TIMEOUT", f"No answer to {method} within {timeout} s.", facts={"method": method})
        except KeyboardInterrupt:
            self.notify("$/cancelRequest", {"id": number})
            raise
        finally:
            with self._state_lock:
                self._waiting.pop(number, None)
        if answer.error is not None:
            raise self._gone(method) if answer.error is _GONE else from_wire(answer.error, method)
        return answer.result

    def notify(self, method, params=None):
        """Tells the kernel something; does nothing once the session ended."""
        try:
            self._send({"jsonrpc": "2.0", "method": method, "params": params or {}})
        except CrossviewError:
            pass

    def register(self, method, handler):
        """Offers ``handler(params)`` to the kernel under this name; the last one registered counts."""
        self._methods[method] = handler

    def on_notification(self, method, listener):
        """Calls ``listener(params)`` for each notification of this name."""
        self._listeners[method] = listener

    def on_close(self, listener):
        """Calls ``listener()`` once when the connection ends."""
        with self._state_lock:
            if not self._closed:
                self._close_listeners.append(listener)
                return
        listener()

    def close(self):
        """Ends the connection. May be called twice."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()
        self._end()

    def _start(self, target, name):
        threading.Thread(target=target, name=name, daemon=True).start()

    def _send(self, message):
        data = frames.encode(message)
        # An interrupt in the middle of a message would leave half of it on the wire, so that the connection is given up then.
        with self._write_lock:
            try:
                self._connection.sendall(data)
            except OSError:
                self.close()
                raise self._gone(message.get("method", "an answer")) from None
            except BaseException:
                self.close()
                raise

    def _read(self):
        try:
            while (message := frames.read(self._stream)) is not None:
                self._take(message)
        except (OSError, ValueError, frames.FrameError):
            pass
        finally:
            self.close()

    def _take(self, message):
        if "method" not in message:
            with self._state_lock:
                answer = self._waiting.pop(message.get("id"), None)
            if answer is not None:
                answer.result = message.get("result")
                answer.error = message.get("error")
                answer.done.set()
        elif "id" in message:
            self._start(lambda: self._answer(message), "crossview-session-method")
        else:
            self._notices.put(message)

    def _answer(self, message):
        reply = {"jsonrpc": "2.0", "id": message["id"]}
        method = message["method"]
        try:
            handler = self._methods.get(method)
            if handler is None:
                raise CrossviewError("METHOD_UNKNOWN", f"This process has no method {method}.", facts={"method": method})
            reply["result"] = handler(message.get("params") or {})
        except BaseException as error:  # whatever the handler raised, the kernel waits for an answer
            reply["error"] = to_wire(error)
        try:
            self._send(reply)
        except CrossviewError:
            pass
        except (TypeError, ValueError) as error:
            self._send({"jsonrpc": "2.0", "id": message["id"], "error": to_wire(error)})

    def _hand_on(self):
        while (message := self._notices.get()) is not None:
            listener = self._listeners.get(message["method"])
            if listener is not None:
                try:
                    listener(message.get("params") or {})
                except Exception:  # nobody waits for the answer to a notification
                    pass

    def _end(self):
        with self._state_lock:
            if self._closed:
                return
            self._closed = True
            waiting, self._waiting = self._waiting, {}
            listeners, self._close_listeners = self._close_listeners, []
        for answer in waiting.values():
            answer.error = _GONE
            answer.done.set()
        self._notices.put(None)
        for listener in listeners:
            listener()

    def _gone(self, method):
        return CrossviewError(
            "PEER_GONE",
            f"The session ended before it answered {method}.",
            "Restart the kernel.",
            {"method": method},
        )


_GONE = object()


def connect(host, port, token, role, timeout=10.0):
    """Joins a session.

    Raises:
        CrossviewError: ``SESSION_UNREACHABLE`` when nobody listens there, ``SESSION_REFUSED`` when the token is wrong.
    """
    try:
        connection = socket.create_connection((host, port), timeout)
    except OSError as error:
        raise CrossviewError(
            "SESSION_UNREACHABLE", f"The session at {host}:{port} cannot be reached: {error}.", facts={"host": host, "port": port}
        ) from None
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    session = Session(connection, role)
    try:
        session.session_id = session.call("session.hello", {"token": token, "role": role}, timeout)["sessionId"]
    except BaseException:
        session.close()
        raise
    return session
