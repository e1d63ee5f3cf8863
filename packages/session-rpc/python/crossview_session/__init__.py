"""The Python side of a Crossview session: calls to the kernel that owns it, and calls from it.

    from crossview_session import session
    session().call("views.list", {})
"""

from .client import Session, connect
from .current import current_cell, session, set_current_cell
from .errors import CrossviewError

__all__ = ["CrossviewError", "Session", "connect", "current_cell", "session", "set_current_cell"]
