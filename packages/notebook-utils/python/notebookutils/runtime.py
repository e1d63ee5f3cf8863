"""runtime: ``runtime.context`` says where this notebook runs."""

import sys

from crossview_session import session

from . import _help

__all__ = ["getCurrentNotebookName", "getCurrentWorkspaceName", "help"]
# ruff: noqa: N802


def _context():
    known = session().call("environment.get", {})
    lakehouse = known["lakehouse"]
    return {
        "currentNotebookName": known["notebookName"],
        "currentNotebookId": None,
        "currentWorkspaceName": known["workspaceName"],
        "currentWorkspaceId": None,
        "defaultLakehouseName": known["lakehouseName"] or None,
        "defaultLakehouseId": None,
        "defaultLakehouseWorkspaceName": known["workspaceName"] if lakehouse else None,
        "isForPipeline": False,
        "isForInteractive": True,
        "isReferenceRun": False,
        "referenceTreePath": None,
        "userName": known["userName"],
        "userId": known["userId"],
        "clusterId": known["clusterId"],
        "poolName": known["poolName"],
        "activityId": known["jobId"],
        "environmentId": None,
        "productType": "Crossview",
    }


def getCurrentNotebookName():
    """The name of this notebook, where the front end says it."""
    return _context()["currentNotebookName"]


def getCurrentWorkspaceName():
    """The name of the workspace's folder."""
    return _context()["currentWorkspaceName"]


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "runtime")


def __getattr__(name):
    if name == "context":
        return _context()
    raise AttributeError(f"module 'notebookutils.runtime' has no attribute {name!r}")
