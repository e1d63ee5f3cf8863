"""session: end or restart what runs the cells."""

import sys

from crossview_session import session as _session

from . import _help

__all__ = ["help", "restartPython", "stop"]
# ruff: noqa: N802


def stop(detach=True):
    """End Spark and Python of this session; the next cell starts them anew, without variables and temp views."""
    _session().call("session.stop", {"what": "all"})


def restartPython():
    """End this Python; the next cell starts a new one. Spark and its temp views stay."""
    _session().call("session.stop", {"what": "python"})


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "session")
