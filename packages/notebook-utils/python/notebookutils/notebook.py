"""notebook: run other notebooks, and end this one with a value."""

import json
import sys

from crossview_session import current_cell, session

from . import _help

__all__ = ["exit", "help", "run", "runMultiple", "validateDAG"]
# ruff: noqa: N802, N803


class NotebookExit(BaseException):
    """Ends the cell and the run. No ``Exception``, so that ``except Exception`` of a notebook does not hold it up."""


def exit(value=""):  # noqa: A001
    """End this notebook with a value: cells after this one are not run, and it is no failure."""
    session().call("notebook.exit", {"cell": current_cell(), "value": str(value)})
    raise NotebookExit(str(value))


def run(path, timeout_seconds=90, arguments=None, workspace="", **others):
    """Run a notebook of the workspace in a scope of its own and give the value it exits with.

    ``timeout_seconds`` counts for each cell. ``arguments`` set what its parameters cell sets. Temp views and tables are shared.
    """
    timeout = others.get("timeoutSeconds", timeout_seconds)
    given = {"path": path, "timeoutSeconds": timeout, "arguments": arguments or {}, "cell": current_cell()}
    if workspace:
        raise NotImplementedError("mssparkutils.notebook.run: other workspaces are not there; give a path of this one.")
    answer = session().call("notebook.run", given)
    sys.stdout.write(answer["output"])
    return answer["exitValue"]


def runMultiple(dag, config=None):
    """Run several notebooks, in parallel and in the order of their dependencies.

    ``dag`` is a list of paths or ``{"activities": [{"name", "path", "timeoutPerCellInSeconds", "args", "retry",
    "retryIntervalInSeconds", "dependencies"}], "timeoutInSeconds", "concurrency"}``. Gives for each name its ``exitVal`` and
    ``exception``; raises when one failed, after those that do not depend on it are done.
    """
    answer = session().call("notebook.runMultiple", {"dag": _plain(dag), "cell": current_cell()})
    sys.stdout.write(answer["output"])
    results = answer["results"]
    failed = {name: each["exception"] for name, each in results.items() if each["exception"]}
    if failed:
        raise RunMultipleFailed(results, failed)
    return results


def validateDAG(dag):
    """Whether ``runMultiple`` would take this DAG; raises with every problem when it would not."""
    return session().call("notebook.validateDAG", {"dag": _plain(dag)})["valid"]


class RunMultipleFailed(RuntimeError):
    """Some notebooks of ``runMultiple`` failed; ``result`` has the outcome of all."""

    def __init__(self, result, failed):
        lines = [f"{name}: {reason}" for name, reason in failed.items()]
        super().__init__(f"{len(failed)} of {len(result)} notebooks failed:\n" + "\n".join(lines))
        self.result = result


def _plain(dag):
    if isinstance(dag, str):
        dag = json.loads(dag)
    return json.loads(json.dumps(dag))


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "notebook")


__getattr__ = _help.missing(
    "notebook",
    {"create", "get", "update", "delete", "list", "updateDefinition", "getDefinition"},
    "notebooks are files here; use Git, Jupyter or Python's own functions for files.",
)
