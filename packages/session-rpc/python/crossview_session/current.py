"""The session that this process was started for."""

import os
import threading

from .client import connect
from .errors import CrossviewError

_lock = threading.Lock()
_session = None
_cell = ""


def session():
    """The session named by the environment, connected on first use.

    ``CROSSVIEW_SESSION`` is ``host:port``, ``CROSSVIEW_SESSION_TOKEN`` the token, ``CROSSVIEW_SESSION_ROLE`` what this
    process is (``python`` unless given).

    Raises:
        CrossviewError: ``SESSION_MISSING`` outside of a Crossview notebook; what ``connect`` raises.
    """
    global _session
    with _lock:
        if _session is None or _session.closed:
            host, _, port = os.environ.get("CROSSVIEW_SESSION", "").rpartition(":")
            token = os.environ.get("CROSSVIEW_SESSION_TOKEN", "")
            if not host or not port.isdigit() or not token:
                raise CrossviewError(
                    "SESSION_MISSING",
                    "This Python process does not belong to a Crossview session.",
                    "Run the code in a cell of a Crossview notebook.",
                )
            _session = connect(host, int(port), token, os.environ.get("CROSSVIEW_SESSION_ROLE", "python"))
        return _session


def current_cell():
    """The id of the cell that runs in this process; empty outside of cells."""
    return _cell


def set_current_cell(cell):
    """Said by the kernel of this process before each cell."""
    global _cell
    _cell = cell


def _forget():
    """A forked child has no reader thread and must not write on its parent's connection."""
    global _lock, _session
    _lock = threading.Lock()
    _session = None


os.register_at_fork(after_in_child=_forget)
