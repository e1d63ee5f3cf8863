"""lakehouse: the lakehouses that the profile maps to folders."""

import os
import re
import sys

from crossview_session import session

from . import _help

__all__ = ["create", "delete", "get", "getWithProperties", "help", "list", "listTables", "loadTable"]
# ruff: noqa: N802, N803


class Lakehouse(dict):
    """A lakehouse; its keys are attributes too."""

    __getattr__ = dict.get


def _all():
    known = session().call("environment.get", {})
    found = dict(known["lakehouses"])
    return found, known


def _describe(name, folder, workspace):
    return Lakehouse(
        id=name, type="Lakehouse", displayName=name, description="", workspaceId=workspace,
        properties={"abfsPath": f"file:{folder}", "oneLakeFilesPath": f"file:{folder}/Files", "oneLakeTablesPath": f"file:{folder}/Tables"},
    )


def list(workspaceId="", maxResults=1000):  # noqa: A001
    """All lakehouses of the profile."""
    found, known = _all()
    return [_describe(name, folder, known["workspaceName"]) for name, folder in found.items()][:maxResults]


def get(name="", workspaceId=""):
    """One lakehouse by name; without a name the default one.

    Raises ValueError with the names there are.
    """
    found, known = _all()
    if not name and known["lakehouse"]:
        name = known["lakehouseName"]
    if name not in found:
        raise ValueError(f"There is no lakehouse {name or '(default)'}; there is: {', '.join(found) or 'none'}. Name it in crossview.json, or make it with lakehouse.create.")
    return _describe(name, found[name], known["workspaceName"])


def getWithProperties(name, workspaceId=""):
    """The same as ``get``."""
    return get(name, workspaceId)


def create(name, description="", definition=None, workspaceId=""):
    """Make a lakehouse: in the folder that the profile names, else in one of Crossview's own for this workspace.

    Raises ValueError in a profile that has no lakehouses.
    """
    found, known = _all()
    if name not in found and not known["ownLakehouses"]:
        raise ValueError(f"There is no place for a lakehouse {name}: lakehouses are folders of local profiles.")
    folder = found.get(name) or os.path.join(known["ownLakehouses"], re.sub(r"[^\w-]", "_", name))
    for part in ("Files", "Tables"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    return _describe(name, folder, known["workspaceName"])


def listTables(lakehouse="", workspaceId="", maxResults=1000):
    """The Delta tables of a lakehouse."""
    chosen = get(lakehouse)
    folder = os.path.join(_all()[0][chosen["displayName"]], "Tables")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    tables = [name for name in names if os.path.isdir(os.path.join(folder, name, "_delta_log"))]
    return [Lakehouse(name=name, type="Managed", format="delta", location=f"file:{folder}/{name}") for name in tables][:maxResults]


def loadTable(loadOption, table, lakehouse="", workspaceId=""):
    """Load files into a Delta table. ``loadOption``: relativePath, pathType, mode, recursive, formatOptions."""
    from pyspark.sql import SparkSession

    chosen = get(lakehouse)
    root = _all()[0][chosen["displayName"]]
    options = dict(loadOption.get("formatOptions") or {})
    kind = str(options.pop("format", "csv")).lower()
    spark = SparkSession.getActiveSession()
    if spark is None:
        raise RuntimeError("lakehouse.loadTable needs Spark: run it in a %%pyspark cell.")
    reader = spark.read.format(kind).options(**{key: str(value) for key, value in options.items()})
    if loadOption.get("recursive"):
        reader = reader.option("recursiveFileLookup", "true")
    frame = reader.load(f"file:{root}/{loadOption['relativePath']}")
    frame.write.format("delta").mode(str(loadOption.get("mode", "Overwrite")).lower()).save(f"file:{root}/Tables/{table}")
    return True


def delete(name, workspaceId=""):
    """Not here: a lakehouse is a folder of yours."""
    raise NotImplementedError("mssparkutils.lakehouse.delete is not supported by Crossview: remove the folder yourself.")


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "lakehouse")


__getattr__ = _help.missing("lakehouse", {"update", "getDefinition", "updateDefinition"}, "a lakehouse is a folder that crossview.json maps.")
