"""env: who runs this notebook, and where."""

import sys

from crossview_session import session

from . import _help

__all__ = ["getClusterId", "getJobId", "getPoolName", "getUserId", "getUserName", "getWorkspaceName", "help"]
# ruff: noqa: N802


def _get(name):
    return session().call("environment.get", {})[name]


def getUserName():
    """The name of the user."""
    return _get("userName")


def getUserId():
    """An id of the user, the same each time."""
    return _get("userId")


def getJobId():
    """The id of this session."""
    return _get("jobId")


def getWorkspaceName():
    """The name of the workspace's folder."""
    return _get("workspaceName")


def getPoolName():
    """The name of the profile in force."""
    return _get("poolName")


def getClusterId():
    """The id of this session."""
    return _get("clusterId")


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "env")
